// Every kind of page in a real browser: nothing is refused by the content security policy, nothing comes from
// elsewhere, nothing is missing, nothing overflows a phone, and axe finds nothing against WCAG 2.2 AA.
// Screenshots are left in tests/out/ for people to look at.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { launchBrowser } from "./support/browser.mjs";
import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

const OUT = new URL("../out/", import.meta.url).pathname;
const WIDTHS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

const PAGES = {
  home: "/",
  category: "/category/clothing/",
  "category-2": "/category/clothing/page/2/",
  product: "/product/fishermans-jumper/",
  "product-simple": "/product/copper-watering-can/",
  content: "/delivery/",
  "not-found": "/nowhere/",
  search: "/search/?q=wool&colour=moss",
  "search-nothing": "/search/?q=helicopter",
  "cart-empty": "/cart/",
  login: "/accounts/login/",
  register: "/accounts/register/",
  "admin-login": "/admin/login/",
};

// The edge host is the one that counts; the native host serves the same bytes.
const host = HOSTS.find((host) => host.name === "edge") ?? HOSTS[0];

describe(`pages on ${host.name}`, () => {
  let shop, browser;
  before(async () => {
    shop = await host.start();
    browser = await launchBrowser();
    await mkdir(OUT, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await shop?.stop();
  });

  async function look(context, name, path, expectedStatus) {
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => {
      // Chromium logs the status of the document itself; the test asserts that one.
      const own = message.text().startsWith("Failed to load resource") && message.location().url === page.url();
      if (message.type() === "error" && !own) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(shop.url) && !request.url().startsWith("data:")) complaints.push(`foreign request ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && response.url() !== page.url() && !response.request().isNavigationRequest()) {
        complaints.push(`${response.status()} ${response.url()}`);
      }
    });
    const answer = await page.goto(path, { waitUntil: "load" });
    assert.equal(answer.status(), expectedStatus, path);
    const headers = answer.headers();
    assert.match(headers["content-security-policy"] ?? "", /default-src 'none'/, `${path} has a content security policy`);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) complaints.push(`${overflow} px wider than the window`);
    await page.evaluate(async () => {
      for (const image of document.images) image.loading = "eager";
      await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    });
    await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
    return { page, complaints };
  }

  async function findings(page) {
    const result = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }

  for (const [size, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`static pages and forms, ${size}, ${colorScheme}`, async () => {
        const context = await browser.newContext({ viewport, baseURL: shop.url, colorScheme });
        const problems = {};
        for (const [name, path] of Object.entries(PAGES)) {
          const { page, complaints } = await look(context, `${name}-${size}-${colorScheme}`, path, name === "not-found" ? 404 : 200);
          const all = [...complaints, ...(await findings(page))];
          if (all.length) problems[path] = all;
          await page.close();
        }
        assert.deepEqual(problems, {});
        await context.close();
      });
    }

    test(`cart, checkout, order and staff pages, ${size}`, async () => {
      const context = await browser.newContext({ viewport, baseURL: shop.url });
      const problems = {};
      const inspect = async (name, path) => {
        const { page, complaints } = await look(context, `${name}-${size}`, path, 200);
        const all = [...complaints, ...(await findings(page))];
        if (all.length) problems[name] = all;
        return page;
      };
      const product = await inspect("product", "/product/stoneware-mug/");
      await product.getByRole("button", { name: /add/i }).first().click();
      const basket = await inspect("cart", "/cart/");
      assert.match(await basket.getByRole("banner").innerText(), /1/, "the badge counts one piece");
      const checkout = await inspect("checkout", "/checkout/");
      await checkout.getByRole("button", { name: /place/i }).click();
      await checkout.screenshot({ path: `${OUT}checkout-mistakes-${size}.png`, fullPage: true });
      const mistakes = await findings(checkout);
      if (mistakes.length) problems["checkout with mistakes"] = mistakes;
      const fields = { email: "ada.fenn@example.org", name: "Ada Fenn", line1: "3 Quay Cottages", city: "Woodbridge", postcode: "IP12 1BX" };
      for (const [field, value] of Object.entries(fields)) await checkout.locator(`#${field}`).fill(value);
      await checkout.locator('[name="delivery"]').first().check({ force: true });
      await checkout.locator('[name="payment"]').first().check({ force: true });
      await checkout.getByRole("button", { name: /place/i }).click();
      await inspect("order", new URL(checkout.url()).pathname);
      const admin = await context.newPage();
      await admin.goto("/admin/login/");
      await admin.getByLabel(/e-?mail/i).fill(shop.staff.email);
      await admin.getByLabel(/password/i).fill(shop.staff.password);
      await admin.getByRole("button", { name: /sign in/i }).click();
      const orders = await inspect("admin-orders", "/admin/");
      await inspect("admin-order", await orders.locator('a[href^="/admin/orders/"]').first().getAttribute("href"));
      await inspect("admin-stock", "/admin/stock/");
      assert.deepEqual(problems, {});
      await context.close();
    });
  }

  test("an account is made, keeps its orders and ends at sign-out", async () => {
    const context = await browser.newContext({ viewport: WIDTHS.desktop, baseURL: shop.url });
    const page = await context.newPage();
    await page.goto("/accounts/register/");
    await page.locator("#name").fill("Ben Orford");
    await page.locator("#email").fill("ben.orford@example.org");
    await page.locator("#password").fill("seven herring gulls");
    await page.getByRole("button", { name: /create|register/i }).click();
    assert.match(page.url(), /\/(accounts|orders)\//);
    const visitor = page.context();
    assert.ok((await visitor.cookies()).some((cookie) => cookie.name.endsWith("sid") && cookie.httpOnly));
    await page.goto("/product/stoneware-mug/");
    await page.getByRole("button", { name: /add/i }).first().click();
    await page.goto("/checkout/");
    for (const [field, value] of Object.entries({ name: "Ben Orford", line1: "1 Quay", city: "Orford", postcode: "IP12 2NU" })) {
      await page.locator(`#${field}`).fill(value);
    }
    await page.locator('[name="delivery"]').first().check({ force: true });
    await page.locator('[name="payment"]').first().check({ force: true });
    await page.getByRole("button", { name: /place/i }).click();
    assert.match(page.url(), /\/order\//);
    await page.goto("/orders/");
    assert.match(await page.getByRole("main").innerText(), /[0-9A-Z]{4}-[0-9A-Z]{4}/);
    await page.screenshot({ path: `${OUT}orders-desktop.png`, fullPage: true });
    await page.locator('form[action^="/accounts/logout/"] button').first().click();
    await page.goto("/orders/");
    assert.match(page.url(), /\/accounts\/login\//);
    await context.close();
  });

  test("what the page says it costs is what the shop charges", async () => {
    const visitor = new Visitor(shop.url);
    const page = (await visitor.get("/product/copper-watering-can/")).text;
    const [, shown] = page.match(/"price":"(\d+\.\d\d)"/);
    await visitor.add("HG-WCAN", 1);
    const cart = (await visitor.get("/cart/")).text;
    assert.ok(cart.includes(`£${shown}`), `the cart shows £${shown}`);
  });
});
