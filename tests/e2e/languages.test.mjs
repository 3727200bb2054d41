// A visitor who reads German: pages, search and cart are in German, on both hosts.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

for (const host of HOSTS) {
  describe(`a shop in two languages on ${host.name}`, () => {
    let shop;
    before(async () => (shop = await host.start()));
    after(async () => shop?.stop());

    test("the search finds what German pages call their goods, slips included", async () => {
      const found = await new Visitor(shop.url).get("/search/?lang=de&q=fischerpulover");
      assert.equal(found.status, 200);
      assert.match(found.text, /<html lang="de-DE">/);
      assert.match(found.text, /href="\/de\/product\/fishermans-jumper\/"/);
      const english = await new Visitor(shop.url).get("/search/?q=fishermans+jumpr");
      assert.match(english.text, /<html lang="en-GB">/);
      assert.match(english.text, /href="\/product\/fishermans-jumper\/"/);
    });

    test("the language is kept from the first page of the shop on", async () => {
      const visitor = new Visitor(shop.url);
      const added = await visitor.post("/cart/add/?lang=de", { sku: "HG-WCAN", quantity: "1" });
      assert.equal(added.status, 303);
      assert.match((await visitor.get("/cart/")).text, /<h1>Ihr Warenkorb<\/h1>/);
      assert.match((await visitor.get("/cart/?lang=en")).text, /<h1>Your cart<\/h1>/);
      assert.match((await visitor.get("/cart/")).text, /<h1>Your cart<\/h1>/);
    });

    test("a language that the shop does not speak is its own", async () => {
      const page = await new Visitor(shop.url).get("/cart/?lang=../xx");
      assert.equal(page.status, 200);
      assert.match(page.text, /<html lang="en-GB">/);
    });
  });
}
