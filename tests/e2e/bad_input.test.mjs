// What nobody should send: every answer is a page with a way on, never a 500, and nothing changes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

const SKU = "HG-WCAN";
const BAD_QUANTITIES = ["-5", "0", "1.5", "1e9", "abc", "", "99999999999999999999", "1000", "٣", "1; DROP TABLE stock"];

for (const host of HOSTS) {
  describe(`bad input on ${host.name}`, () => {
    let shop;
    before(async () => (shop = await host.start()));
    after(async () => shop?.stop());

    const refused = (answer, what) => {
      assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
      assert.match(answer.text, /<h1/, what);
      assert.match(answer.text, /<a [^>]*href="\//, `${what}: a way on`);
      assert.doesNotMatch(answer.text, /D1_ERROR|SQLITE|rusqlite|panicked|\.rs:/i, what);
    };

    test("quantities that are none change nothing", async () => {
      for (const quantity of BAD_QUANTITIES) {
        const visitor = new Visitor(shop.url);
        refused(await visitor.post("/cart/add/", { sku: SKU, quantity }), `add ${quantity}`);
        await visitor.add(SKU, 2);
        refused(await visitor.post("/cart/change/", { sku: SKU, quantity }), `change ${quantity}`);
        assert.match((await visitor.get("/cart/")).text, /value="2"/, quantity);
      }
    });

    test("unknown, odd and sold-out SKUs are refused", async () => {
      const staff = new Visitor(shop.url);
      await staff.signInAsStaff(shop.staff);
      await staff.setStock("HG-TROWEL", 0);
      const visitor = new Visitor(shop.url);
      for (const sku of ["NOT-A-SKU", "", "'; DROP TABLE stock; --", "<script>", "A".repeat(5000), "HG-TROWEL"]) {
        refused(await visitor.post("/cart/add/", { sku, quantity: "1" }), sku);
      }
      assert.equal((await visitor.get("/checkout/")).status, 303, "the cart is still empty");
    });

    test("forms from elsewhere are refused", async () => {
      const visitor = new Visitor(shop.url);
      const form = { sku: SKU, quantity: "1" };
      for (const headers of [
        { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
        { "sec-fetch-site": "same-site", origin: "https://sub.evil.example" },
      ]) {
        const answer = await visitor.request("POST", "/cart/add/", form, headers);
        assert.equal(answer.status, 403);
      }
    });

    test("broken cookies are an empty cart", async () => {
      const visitor = new Visitor(shop.url);
      for (const value of ["", "v1.x", "%00", "v1." + "A".repeat(3000), "\u00e9", "v1..:::~~~"]) {
        const cookie = ["cart", "__Host-cart", "sid", "__Host-sid"].map((name) => `${name}=${encodeURI(value)}`).join("; ");
        const answer = await visitor.request("GET", "/cart/", undefined, { cookie });
        assert.equal(answer.status, 200, value);
      }
    });

    test("addresses that lead nowhere say so", async () => {
      const visitor = new Visitor(shop.url);
      for (const path of ["/nowhere/", "/product/nothing/", "/order/x/", "/cart/nothing/", "/_shop/shop.json", "/_shop/sku/0.json", "/_headers", "/.dev.vars", "/%00/", "/admin/nothing/"]) {
        const answer = await visitor.get(path);
        assert.ok([303, 400, 404].includes(answer.status), `${path}: ${answer.status}`);
        assert.doesNotMatch(answer.text, /"templates"|"opening_stock"/, path);
      }
    });

    test("a form that is too large is refused", async () => {
      const answer = await new Visitor(shop.url).post("/cart/add/", { sku: "X".repeat(200_000), quantity: "1" });
      assert.equal(answer.status, 413);
    });
  });
}
