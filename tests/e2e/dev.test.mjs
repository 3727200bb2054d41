// `ipswich dev` in a real browser: what a page does while its files are being edited. Screenshots of the overlay are
// left in tests/out/.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { launchBrowser } from "./support/browser.mjs";
import { startDev } from "./support/server.mjs";

const OUT = new URL("../out/", import.meta.url).pathname;
const MUG = "content/products/stoneware-mug.md";
const STYLES = "themes/ipswich/static/css/site.css";

describe("a page while its files are edited", () => {
  let shop, browser;
  before(async () => {
    shop = await startDev();
    browser = await launchBrowser();
    await mkdir(OUT, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await shop?.stop();
  });

  /** Changes a file of the project; the function that undoes it comes back. What a test leaves is undone after it. */
  async function edit(path, from, to) {
    const file = join(shop.project, path);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(from), `${path} says ${from}`);
    await writeFile(file, text.replace(from, () => to));
    const undo = () => edits.delete(undo) && writeFile(file, text);
    edits.add(undo);
    return undo;
  }
  const edits = new Set();
  afterEach(async () => {
    for (const undo of edits) await undo();
  });

  /** A page, the number of times it was loaded, and whatever its console complains about. */
  async function open(path, options = {}) {
    const context = await browser.newContext({ baseURL: shop.url, viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const seen = { loads: 0, complaints: [] };
    page.on("load", () => (seen.loads += 1));
    page.on("pageerror", (error) => seen.complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
    await page.goto(path);
    return { page, seen, close: () => context.close() };
  }

  test("shows each save and stays where it was", async () => {
    const { page, seen, close } = await open("/product/stoneware-mug/");
    await page.evaluate(() => scrollTo(0, 600));
    const undo = await edit(MUG, "summary = \"", "summary = \"Fresh from the kiln. ");
    await page.getByText("Fresh from the kiln.").first().waitFor();
    await page.waitForFunction(() => scrollY > 0);
    assert.equal(await page.evaluate(() => scrollY), 600);
    await undo();
    await page.getByText("Fresh from the kiln.").first().waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => scrollY), 600);
    assert.deepEqual(seen, { loads: 3, complaints: [] });
    await close();
  });

  test("exchanges styles without loading anew", async () => {
    const { page, seen, close } = await open("/product/stoneware-mug/");
    await page.evaluate(() => scrollTo(0, 300));
    const undo = await edit(STYLES, "letter-spacing: -.012em", "letter-spacing: 7px");
    await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).letterSpacing === "7px");
    await undo();
    await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).letterSpacing !== "7px");
    assert.equal(await page.evaluate(() => scrollY), 300);
    assert.equal(await page.locator("link[rel=stylesheet]").count(), 1);
    assert.deepEqual(seen, { loads: 1, complaints: [] });
    await close();
  });

  test("tells every mistake over the page, and takes it back when it is mended", async () => {
    const { page, seen, close } = await open("/product/stoneware-mug/");
    const mend = [await edit(MUG, "title =", "titel ="), await edit("content/home.md", "title =", "tilte =")];
    const overlay = page.getByRole("alertdialog", { name: "2 mistakes to mend" });
    await overlay.waitFor();
    const text = await overlay.innerText();
    assert.match(text, /content\/products\/stoneware-mug\.md:2:1/);
    assert.match(text, /titel = "Stoneware Mug"/);
    assert.match(text, /did you mean "title"\?/);
    assert.match(text, /content\/home\.md:2:1/);
    assert.equal(await overlay.locator("mark").first().innerText(), "tilte");

    // Whoever comes now sees it too, above the last good page.
    for (const [name, viewport] of Object.entries({ desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } })) {
      for (const colorScheme of ["light", "dark"]) {
        const other = await open("/category/clothing/", { viewport, colorScheme });
        await other.page.getByRole("alertdialog").waitFor();
        // axe brings styles of its own, of which the console complains.
        assert.deepEqual(other.seen.complaints, []);
        const { violations } = await new AxeBuilder({ page: other.page }).include("ipswich-dev").analyze();
        assert.deepEqual(violations.map((violation) => violation.id), []);
        await other.page.screenshot({ path: `${OUT}dev-mistakes-${name}-${colorScheme}.png` });
        await other.page.keyboard.press("Escape");
        await other.page.getByRole("button", { name: "2 mistakes to mend" }).waitFor();
        await other.page.screenshot({ path: `${OUT}dev-hidden-${name}-${colorScheme}.png` });
        await other.close();
      }
    }

    await page.keyboard.press("Escape");
    await overlay.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "2 mistakes to mend" }).click();
    await overlay.waitFor();
    await mend[0]();
    await page.getByRole("alertdialog").getByText("stoneware-mug.md").waitFor({ state: "hidden" });
    await mend[1]();
    await page.locator("ipswich-dev").waitFor({ state: "detached" });
    assert.deepEqual(seen, { loads: 1, complaints: [] });
    await close();
  });

  test("tells what is wrong with a template", async () => {
    const { page, close } = await open("/");
    const mend = await edit("themes/ipswich/templates/product.html", "{% if page.brand %}", "{% iff page.brand %}");
    const overlay = page.getByRole("alertdialog");
    await overlay.getByText(/themes\/ipswich\/templates\/product\.html:\d+:1/).waitFor();
    assert.match(await overlay.innerText(), /\{% iff page\.brand %\}/);
    await mend();
    await overlay.waitFor({ state: "hidden" });
    await close();
  });

  test("shows drafts and says that they are drafts", async () => {
    const { page, close } = await open("/category/home-garden/kitchen/");
    const undo = await edit("content/products/enamel-teapot.md", "sku =", "draft = true\nsku =");
    const card = page.locator(".card", { hasText: "Teapot" });
    await card.getByText("Draft").waitFor();
    await card.getByRole("link").first().click();
    await page.locator(".buy").getByText("Draft").waitFor();
    await undo();
    await page.locator(".buy").getByText("Draft").waitFor({ state: "detached" });
    await close();
  });

  test("does not send a form again", async () => {
    const { page, seen, close } = await open("/accounts/login/");
    await page.locator("#email").fill("nobody@example.org");
    await page.locator("#password").fill("not a password of ours");
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.locator("[data-focus], [role=alert], .notice").first().waitFor();
    const loads = seen.loads;
    await edit(MUG, "summary = \"", "summary = \"Fresh from the kiln. ");
    await edit("content/home.md", "title =", "tilte =");
    // What is shown here was told after the new page.
    await page.getByRole("alertdialog").waitFor();
    assert.equal(seen.loads, loads);
    await close();
  });
});
