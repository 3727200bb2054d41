// Fifty shoppers want five pieces at the same moment: five orders, forty-five polite refusals, no error.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

const SKU = "HG-WCAN";

for (const host of HOSTS) {
  describe(`a rush on ${host.name}`, () => {
    let shop;
    before(async () => (shop = await host.start()));
    after(async () => shop?.stop());

    test("50 parallel checkouts for 5 pieces give exactly 5 orders", async () => {
      const staff = new Visitor(shop.url);
      await staff.signInAsStaff(shop.staff);
      await staff.setStock(SKU, 5);

      const shoppers = Array.from({ length: 50 }, (_, i) => new Visitor(shop.url, `rush${i}@example.org`));
      const carts = await Promise.all(shoppers.map((shopper) => shopper.add(SKU, 1)));
      assert.deepEqual([...new Set(carts.map((answer) => answer.status))], [303]);
      const forms = await Promise.all(shoppers.map((shopper) => shopper.openCheckout()));

      const answers = await Promise.all(shoppers.map((shopper, i) => shopper.placeOrder(forms[i])));
      const byStatus = Object.groupBy(answers, (answer) => answer.status);
      assert.deepEqual(Object.keys(byStatus).sort(), ["303", "409"]);
      assert.equal(byStatus[303].length, 5);
      assert.equal(new Set(byStatus[303].map((answer) => answer.location)).size, 5);

      assert.equal(await staff.stockOf(SKU), "5 5 0", "on hand 5, reserved 5, available 0");
    });
  });
}
