// A card payment on both hosts against the stand-in for Stripe, with signatures compared with Stripe's own library: what
// the stand-in signs is genuine to the library, and what the library signs is genuine to the shop.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import Stripe from "stripe";

import { HOSTS } from "./support/server.mjs";
import { Visitor } from "./support/visitor.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const IPSWICH = process.env.IPSWICH ?? join(ROOT, "target/debug/ipswich");

/** The stand-in, which is compiled beside the command line and ends with its standard input. */
async function startStripe() {
  const child = spawn(join(dirname(IPSWICH), "stripe"), { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) return { ...JSON.parse(line), stop: () => child.stdin.end() };
  throw new Error("the stand-in for Stripe did not start");
}

for (const host of HOSTS) {
  describe(`a card payment on ${host.name}`, () => {
    let stripe, shop;

    before(async () => {
      stripe = await startStripe();
      const variables = {
        IPSWICH_PAYMENTS: "offline,stripe",
        IPSWICH_STRIPE_URL: stripe.url,
        IPSWICH_STRIPE_KEY: stripe.key,
        IPSWICH_STRIPE_WEBHOOK_SECRET: stripe.secret,
      };
      shop = await host.start({ variables });
    });

    after(async () => {
      await shop?.stop();
      stripe?.stop();
    });

    test("is taken, paid and booked by a message that Stripe's library signs", async () => {
      const shopper = new Visitor(shop.url);
      assert.equal((await shopper.add("HG-WCAN", 1)).status, 303);
      const placed = await shopper.placeOrder(await shopper.openCheckout(), { payment: "card" });
      assert.match(placed.location, /^\/order\/[0-9a-z]{26}\/pay\/$/, placed.text);
      const toStripe = await shopper.get(placed.location);
      assert.match(toStripe.location ?? "", /^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_/, toStripe.text);
      const session = toStripe.location.split("/").at(-1);
      assert.ok((await (await fetch(`${stripe.url}/test/pay/${session}`, { method: "POST" })).json()).payment);

      const [delivery] = await (await fetch(`${stripe.url}/test/deliveries`)).json();
      const event = Stripe.webhooks.constructEvent(delivery.body, delivery.signature, stripe.secret);
      assert.equal(event.type, "checkout.session.completed");
      assert.throws(() => Stripe.webhooks.constructEvent(`${delivery.body} `, delivery.signature, stripe.secret));

      const send = (signature) =>
        fetch(`${shop.url}/webhooks/stripe`, { method: "POST", body: delivery.body, headers: { "stripe-signature": signature } });
      const sign = (changes) => Stripe.webhooks.generateTestHeaderString({ payload: delivery.body, secret: stripe.secret, ...changes });
      assert.equal((await send(sign({ secret: "whsec_guessed" }))).status, 400);
      assert.equal((await send(sign({ timestamp: Math.floor(Date.now() / 1000) - 400 }))).status, 400);
      assert.equal((await send(sign({}))).status, 200);
      assert.equal((await send(sign({}))).status, 200, "once more changes nothing");
      const page = await shopper.get(placed.location.replace("pay/", ""));
      assert.match(page.text, /<h2 id="state">Paid<\/h2>/);
    });
  });
}
