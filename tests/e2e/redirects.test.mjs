// More old addresses than the host takes: the first 2,000 are the host's, the others are the shop's, and an address that
// leads nowhere still gets its page. In workerd this needs `not_found_handling = "none"`, which the generator demands.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HOSTS, buildSite } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

// Sorted, /old/… comes before /older/….
const OLD = Array.from({ length: 2000 }, (_, n) => `/old/${n}.html`);
const OLDER = Array.from({ length: 1500 }, (_, n) => `/older/${n}.html`);
const SETTINGS = [...OLD, ...OLDER].map((from) => `\n[[redirects]]\nfrom = "${from}"\nto = "/about/"\n`).join("");

for (const host of HOSTS) {
  describe(`old addresses on the ${host.name} host`, () => {
    let built, shop, visitor;
    before(async () => {
      built = await buildSite(SETTINGS);
      shop = await host.start({ site: built.site, notFound: "none" });
      visitor = new Visitor(shop.url);
    });
    after(async () => {
      await shop?.stop();
      await built?.remove();
    });

    // A browser that opens an address says so, and some hosts answer it differently.
    const open = (path) => visitor.request("GET", path, undefined, { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" });

    test("lead on, whoever answers them", async () => {
      for (const path of [OLD[0], OLD.at(-1), OLDER[0], OLDER[700], OLDER.at(-1)]) {
        const answer = await open(path);
        assert.deepEqual([answer.status, new URL(answer.location, shop.url).pathname], [301, "/about/"], path);
      }
      const answer = await open(`${OLDER[1]}?from=mail`);
      assert.equal(new URL(answer.location, shop.url).search, "?from=mail");
      assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
    });

    test("that never were get the page that says so", async () => {
      const page = await open("/older/nowhere.html");
      assert.equal(page.status, 404);
      assert.match(page.headers.get("content-type"), /^text\/html/);
      assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
      assert.match(page.text, /<h1/);
      assert.equal(page.headers.get("set-cookie"), null);
    });

    test("leave pages and shop as they are", async () => {
      assert.equal((await open("/about/")).status, 200);
      assert.equal((await open("/cart/")).status, 200);
      assert.equal((await visitor.post("/about/", { a: "b" })).status, 405);
      assert.equal((await open("/_shop/redirects.json")).status, 404);
    });
  });
}
