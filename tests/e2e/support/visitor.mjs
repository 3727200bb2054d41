// A visitor without a browser: keeps cookies, follows the forms of the pages, sends what a browser would send.

import assert from "node:assert/strict";

export class Visitor {
  #cookies = new Map();

  /** A visitor of the shop at `url`; `email` is what she types at the checkout. */
  constructor(url, email = "visitor@example.org") {
    this.url = url;
    this.email = email;
  }

  /** One request with the visitor's cookies; redirects are not followed. */
  async request(method, path, form, headers = {}) {
    const answer = await fetch(new URL(path, this.url), {
      method,
      redirect: "manual",
      body: form && new URLSearchParams(form),
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(method === "POST" && { "sec-fetch-site": "same-origin", origin: new URL(this.url).origin }),
        ...headers,
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value === "" || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return { status: answer.status, location: answer.headers.get("location"), headers: answer.headers, text: await answer.text() };
  }

  get(path) {
    return this.request("GET", path);
  }

  post(path, form) {
    return this.request("POST", path, form);
  }

  /** Puts a SKU into the cart. */
  add(sku, quantity) {
    return this.post("/cart/add/", { sku, quantity: String(quantity) });
  }

  /** The hidden inputs of the checkout form. */
  async openCheckout() {
    const page = await this.get("/checkout/");
    assert.equal(page.status, 200, page.text.slice(0, 2000));
    // The header has a form of its own, with the language among its fields.
    const form = page.text.match(/<form[^>]*action="\/checkout\/[^]*?<\/form>/)[0];
    return Object.fromEntries(inputs(form).filter((input) => input.type === "hidden").map((input) => [input.name, input.value]));
  }

  /** Posts the checkout with the hidden inputs of the form and good answers everywhere else. */
  placeOrder(hidden, changes = {}) {
    return this.post("/checkout/", {
      ...hidden,
      email: this.email,
      name: "Ada Fenn",
      line1: "3 Quay Cottages",
      line2: "",
      city: "Woodbridge",
      postcode: "IP12 1BX",
      country: "GB",
      phone: "",
      note: "",
      delivery: "collection",
      payment: "on_collection",
      ...changes,
    });
  }

  async signInAsStaff({ email, password }) {
    const answer = await this.post("/admin/login/", { email, password, next: "/admin/" });
    assert.equal(answer.status, 303, answer.text);
  }

  /** Corrects the stock of a SKU to what was counted. */
  async setStock(sku, counted) {
    const [onHand] = (await this.stockOf(sku)).split(" ");
    const answer = await this.post("/admin/stock/", { sku, counted: String(counted), expected: onHand, reason: "counted for a test" });
    assert.equal(answer.status, 303, answer.text);
  }

  /** On hand, reserved and available, as the staff page shows them. */
  async stockOf(sku) {
    const page = await this.get(`/admin/stock/?q=${sku}`);
    const row = page.text.split("<tr").find((part) => part.includes(`>${sku}</td>`));
    assert.ok(row, `no row for ${sku}`);
    return ["In the house", "Held", "To sell"]
      .map((label) => row.match(new RegExp(`data-label="${label}"[^>]*>(?:<[^>]*>)?(-?\\d+)`))[1])
      .join(" ");
  }
}

/** Name, type and value of each input in a page, with character references resolved. */
function inputs(html) {
  const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "";
  const text = (value) => value.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
  return [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => ({
    name: attribute(tag, "name"),
    type: attribute(tag, "type"),
    value: text(attribute(tag, "value")),
  }));
}
