// A guest buys with JavaScript switched off; staff take the order to the end. On both hosts, in a real browser.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser } from "./support/browser.mjs";
import { HOSTS } from "./support/server.mjs";

const guest = {
  email: "ada.fenn@example.org",
  name: "Ada Fenn",
  line1: "3 Quay Cottages",
  city: "Woodbridge",
  postcode: "ip12 1bx",
};

for (const host of HOSTS) {
  describe(`a purchase without JavaScript on ${host.name}`, () => {
    let shop, browser, page, staff;

    before(async () => {
      shop = await host.start();
      browser = await launchBrowser();
      page = await (await browser.newContext({ javaScriptEnabled: false, baseURL: shop.url })).newPage();
      staff = await (await browser.newContext({ javaScriptEnabled: false, baseURL: shop.url })).newPage();
    });

    after(async () => {
      await browser?.close();
      await shop?.stop();
    });

    test("browsing sets no cookie and finds the product through the categories", async () => {
      await page.goto("/");
      await page.getByRole("main").getByRole("link", { name: /^Clothing/ }).first().click();
      assert.match(page.url(), /\/category\/clothing\/$/);
      await page.getByRole("main").getByRole("link", { name: /^Knitwear/ }).first().click();
      await page.getByRole("main").getByRole("link", { name: /Fisherman's Jumper/ }).first().click();
      assert.match(page.url(), /\/product\/fishermans-jumper\/$/);
      assert.deepEqual(await page.context().cookies(), []);
    });

    test("the variant and the quantity are chosen and changed", async () => {
      const form = page.locator('form[action^="/cart/add/"]');
      await form.locator('[name="sku"]').nth(1).check({ force: true });
      const chosen = await form.locator('[name="sku"]').nth(1).getAttribute("value");
      await form.getByLabel(/quantity/i).fill("1");
      await form.getByRole("button", { name: /add/i }).click();
      assert.match(page.url(), /\/cart\//);
      assert.match(await page.getByRole("main").innerText(), /Fisherman's Jumper/);

      const line = page.locator('form[action^="/cart/change/"]').first();
      assert.equal(await line.locator('[name="sku"]').getAttribute("value"), chosen);
      await line.getByLabel(/quantity/i).fill("2");
      await line.getByRole("button", { name: /update/i }).click();
      assert.equal(await page.locator('form[action^="/cart/change/"] [name="quantity"]').first().inputValue(), "2");
    });

    test("a mistake keeps what was typed and says what to do", async () => {
      await page.goto("/checkout/");
      await page.getByLabel(/e-?mail/i).fill("ada at example");
      await page.getByLabel(/full name|^name/i).fill(guest.name);
      await page.locator("#line1").fill(guest.line1);
      await page.locator("#city").fill(guest.city);
      await page.locator("#postcode").fill("nowhere");
      const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: /place/i }).click()]);
      assert.equal(answer.status(), 422);
      assert.equal(await page.locator("#line1").inputValue(), guest.line1);
      assert.equal(await page.locator("#email").getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#postcode").getAttribute("aria-invalid"), "true");
    });

    test("the guest checks out and sees the order", async () => {
      for (const [field, value] of Object.entries(guest)) await page.locator(`#${field}`).fill(value);
      await page.getByRole("radio", { name: /standard delivery/i }).check({ force: true });
      await page.getByRole("radio", { name: /bank transfer/i }).check({ force: true });
      await page.getByRole("button", { name: /place/i }).click();
      assert.match(page.url(), /\/order\/[^/]{20,}\//);
      const text = await page.getByRole("main").innerText();
      assert.match(text, /Ada Fenn/);
      assert.match(text, /IP12 1BX/);
      assert.match(text, /[0-9A-Z]{4}-[0-9A-Z]{4}/);
      assert.match(text, /00-00-00/, "the bank details are shown while the transfer is awaited");
      shop.orderUrl = page.url();
      shop.number = text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
      await page.goto("/cart/");
      assert.equal(await page.locator('form[action^="/cart/change/"]').count(), 0, "the cart is empty again");
    });

    test("staff sign in, mark the order paid and shipped", async () => {
      await staff.goto("/admin/");
      assert.match(staff.url(), /\/admin\/login\//);
      await staff.getByLabel(/e-?mail/i).fill(shop.staff.email);
      await staff.getByLabel(/password/i).fill(shop.staff.password);
      await staff.getByRole("button", { name: /sign in/i }).click();
      await staff.getByRole("link", { name: shop.number }).first().click();
      await staff.getByLabel(/receipt|reference/i).fill("BACS 2026-11-23/17");
      await staff.getByRole("button", { name: /paid|received/i }).click();
      await staff.getByLabel(/carrier/i).fill("Royal Mail");
      await staff.getByLabel(/tracking/i).fill("RM123456789GB");
      await staff.getByRole("button", { name: /shipped|sent/i }).click();
      assert.match(await staff.getByRole("main").innerText(), /RM123456789GB/);
    });

    test("the guest sees that the parcel is on its way", async () => {
      await page.goto(shop.orderUrl);
      const text = await page.getByRole("main").innerText();
      assert.match(text, /RM123456789GB/);
      assert.doesNotMatch(text, /00-00-00/, "nobody is asked to pay twice");
    });

    test("a stranger's guess at an order finds nothing", async () => {
      const answer = await page.goto("/order/00000000000000000000000000/");
      assert.equal(answer.status(), 404);
    });
  });
}
