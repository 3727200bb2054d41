// What pages tell programs against what they show to people: price, name, brand, pictures, delivery and returns of
// products, ways, posts and the shop itself; link previews; the twins of a product. And every picture of every page
// has its size.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { launchBrowser } from "./support/browser.mjs";
import { HOSTS } from "./support/server.mjs";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const host = HOSTS.find((host) => host.name === "native") ?? HOSTS[0];

/** The text of an element as it is read, without runs of spaces. */
const words = (text) => text.replace(/\s+/g, " ").trim();

describe(`what pages tell programs, on ${host.name}`, () => {
  let shop, browser, page;
  before(async () => {
    shop = await host.start();
    browser = await launchBrowser();
    page = await (await browser.newContext({ baseURL: shop.url })).newPage();
  });
  after(async () => {
    await browser?.close();
    await shop?.stop();
  });

  /** Opens a page; its structured data, by type, and its meta elements, by name. */
  async function open(path) {
    await page.goto(path);
    const { graph, meta } = await page.evaluate(() => ({
      graph: JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent)["@graph"],
      meta: Object.fromEntries(
        [...document.querySelectorAll("meta[content]")].map((one) => [one.getAttribute("property") ?? one.name, one.content]),
      ),
    }));
    const part = (type) => graph.find((part) => part["@type"] === type);
    const byId = (id) => graph.find((part) => part["@id"] === id);
    return { part, byId, meta };
  }

  async function products() {
    const names = (await readdir(`${DIST}product`)).filter((name) => name.endsWith(".html")).sort();
    return names.map((name) => `/product/${name.slice(0, -5)}/`);
  }

  test("products: what is offered is what is shown", async () => {
    for (const path of await products()) {
      const { part, byId, meta } = await open(path);
      const shown = await page.evaluate(() => {
        const text = (selector) => document.querySelector(selector)?.textContent ?? "";
        return {
          title: text("h1"),
          brand: text(".brand"),
          price: text(".buy-price [data-price]"),
          from: Boolean(document.querySelector(".buy-price .price-from")),
          variants: [...document.querySelectorAll("input[name=sku]")].map((one) => [one.value, one.dataset.amount]),
          images: [...document.querySelectorAll(".gallery-strip img")].map((one) => new URL(one.src).pathname),
          promises: text(".promises"),
          steps: [...document.querySelectorAll(".breadcrumbs a")].map((one) => [one.textContent, new URL(one.href).pathname]),
        };
      });
      const product = part("Product") ?? part("ProductGroup");
      assert.equal(product.name, words(shown.title), path);
      assert.equal(product.brand?.name ?? "", words(shown.brand), path);
      assert.deepEqual(product.image.map((one) => new URL(one).pathname), shown.images, path);
      const offered = (product.hasVariant ?? [product]).map((one) => [one.sku, `£${one.offers.price}`]);
      assert.ok(offered.every(([, price]) => /^£\d+\.\d\d$/.test(price)), path);
      const lowest = Math.min(...offered.map(([, price]) => Number(price.slice(1))));
      assert.equal(words(shown.price).replaceAll(",", ""), `£${lowest.toFixed(2)}`, path);
      assert.equal(shown.from, new Set(offered.map(([, price]) => price)).size > 1, path);
      const visible = shown.variants.map(([sku, amount]) => [sku, amount ?? words(shown.price)]);
      assert.deepEqual(Object.fromEntries(offered), Object.fromEntries(visible.map(([sku, price]) => [sku, price.replaceAll(",", "")])), path);

      for (const { offers } of product.hasVariant ?? [product]) {
        assert.equal(offers.priceCurrency, "GBP");
        // Stock is in no page, so nothing is claimed about it.
        assert.ok(!("availability" in offers), path);
        for (const reference of offers.shippingDetails ?? []) {
          const delivery = byId(reference["@id"]);
          assert.ok(shown.promises.includes(delivery.shippingLabel), `${path}: ${delivery.shippingLabel}`);
          const rate = delivery.shippingRate.value;
          assert.ok(shown.promises.includes(`£${rate}`) || (rate === "0.00" && /free from/.test(shown.promises)), `${path}: ${rate}`);
        }
        const returns = byId(offers.hasMerchantReturnPolicy["@id"]);
        assert.ok(shown.promises.includes(`${returns.merchantReturnDays} days to return`), path);
        assert.match(returns.returnFees, /shown|ReturnFeesCustomerResponsibility$/);
        assert.match(shown.promises, /You pay the postage/);
      }
      const way = part("BreadcrumbList").itemListElement.map((step) => [step.name, new URL(step.item).pathname]);
      assert.deepEqual(way, [...shown.steps.map(([name, url]) => [words(name), url]), [product.name, path]], path);

      assert.equal(meta["og:type"], "product", path);
      assert.equal(meta["product:price:amount"], lowest.toFixed(2), path);
      assert.equal(meta["product:price:currency"], "GBP", path);
      assert.equal(new URL(meta["og:url"]).pathname, path);
      assert.equal(meta["twitter:card"], meta["og:image"] ? "summary_large_image" : "summary", path);
      if (meta["og:image"]) {
        assert.doesNotMatch(meta["og:image"], /\.svg$/, "previews show no drawings");
        assert.ok(meta["og:image:width"] > 0 && meta["og:image:height"] > 0 && meta["og:image:alt"], path);
      }
    }
  });

  test("the shop, posts and pages say what they are", async () => {
    const home = await open("/");
    const store = home.part("OnlineStore");
    const footer = words(await page.locator(".footer").innerText());
    for (const text of [store.email, store.telephone, store.contactPoint.email]) assert.ok(footer.includes(text), text);
    assert.equal((await page.request.get(new URL(store.logo).pathname)).status(), 200);
    assert.equal(home.meta["og:type"], "website");
    const [post] = (await readdir(`${DIST}blog`)).filter((name) => name.endsWith(".html"));
    const { part, meta } = await open(`/blog/${post.slice(0, -5)}/`);
    const posting = part("BlogPosting");
    assert.equal(posting.headline, words(await page.locator("h1").innerText()));
    assert.equal(posting.datePublished, await page.locator("time").first().getAttribute("datetime"));
    assert.deepEqual([meta["og:type"], meta["article:published_time"]], ["article", posting.datePublished]);
  });

  test("twins say what the page says and are linked from it", async () => {
    const { part } = await open("/product/stoneware-mug/");
    const group = part("ProductGroup");
    const link = (type) => page.locator(`link[rel=alternate][type="${type}"]`).getAttribute("href");
    const data = await page.request.get(await link("application/json"));
    assert.match(data.headers()["content-type"], /^application\/json/);
    const twin = await data.json();
    assert.equal(twin.title, group.name);
    assert.deepEqual(twin.variants.map(({ sku, price }) => [sku, price.decimal]), group.hasVariant.map(({ sku, offers }) => [sku, offers.price]));
    assert.ok(twin.variants.every(({ price }) => price.currency === "GBP" && (price.minor / 100).toFixed(2) === price.decimal));
    const text = await page.request.get(await link("text/markdown"));
    assert.match(text.headers()["content-type"], /^text\/markdown; *charset=utf-8$/i);
    assert.equal(text.headers()["x-robots-tag"], "noindex");
    assert.ok((await text.text()).startsWith(`# ${group.name}\n`));
    const llms = await page.request.get("/llms.txt");
    assert.match(await llms.text(), /\/product\/stoneware-mug\.md\)/);
  });

  test("every picture of every page has its size, and the first of a page is not lazy", async () => {
    const wrong = [];
    for (const name of (await readdir(DIST, { recursive: true })).filter((name) => name.endsWith(".html"))) {
      const images = (await readFile(DIST + name, "utf8")).match(/<img\b[^>]*>/g) ?? [];
      wrong.push(...images.filter((tag) => !/ width="[1-9]\d*" height="[1-9]\d*"/.test(tag) || !/ alt="/.test(tag)).map((tag) => `${name}: ${tag}`));
      if (images[0]?.includes('loading="lazy"')) wrong.push(`${name}: the first picture is lazy`);
    }
    assert.deepEqual(wrong, []);
  });
});
