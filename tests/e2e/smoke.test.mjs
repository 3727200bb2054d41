// Does each host stand up and hand requests to the right side: static files, the shop, nobody?

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

const SKU = "HG-WCAN";

for (const host of HOSTS) {
  describe(`the ${host.name} host`, () => {
    let shop, visitor;
    before(async () => {
      shop = await host.start();
      visitor = new Visitor(shop.url);
    });
    after(async () => shop?.stop());

    test("says that it is well", async () => {
      for (const path of ["/health/", "/ready/"]) {
        const answer = await visitor.get(path);
        assert.equal(answer.status, 200, path);
        assert.match(answer.headers.get("content-type"), /^application\/json/);
        assert.equal(typeof JSON.parse(answer.text), "object");
      }
    });

    test("serves pages that browsers keep, with the headers that protect them", async () => {
      const page = await visitor.get("/");
      assert.equal(page.status, 200);
      assert.match(page.headers.get("content-type"), /^text\/html/);
      assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
      assert.equal(page.headers.get("set-cookie"), null);
      const again = await visitor.request("GET", "/", undefined, { "if-none-match": page.headers.get("etag") });
      assert.equal(again.status, 304);
      const other = await visitor.get("/category/clothing");
      assert.deepEqual([other.status, new URL(other.location, shop.url).pathname], [307, "/category/clothing/"]);
      const missing = await visitor.get("/nowhere/");
      assert.equal(missing.status, 404);
      assert.match(missing.text, /<a [^>]*href="\//);
    });

    test("keeps hashed files for a year", async () => {
      const [, sheet] = (await visitor.get("/")).text.match(/<link[^>]+href="(\/assets\/[^"]+\.css)"/);
      const answer = await visitor.get(sheet);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get("cache-control"), /max-age=31536000, immutable/);
    });

    test("refuses to change a page", async () => {
      assert.equal((await visitor.post("/category/clothing/", { a: "b" })).status, 405);
    });

    test("hides what is not for visitors", async () => {
      for (const path of ["/_shop/shop.json", "/_shop/", "/_headers", "/.dev.vars", "/.git/config"]) {
        assert.equal((await visitor.get(path)).status, 404, path);
      }
    });

    test("lets a shopper put something into the cart", async () => {
      const answer = await visitor.add(SKU, 1);
      assert.equal(answer.status, 303, answer.text.slice(0, 500));
      const cart = await visitor.get("/cart/");
      assert.equal(cart.status, 200);
      assert.match(cart.text, new RegExp(SKU));
      assert.equal(cart.headers.get("cache-control"), "no-store");
    });
  });
}
