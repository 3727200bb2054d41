// Small comforts for pages that work without them: cart count, gallery, price of the chosen variant.
(() => {
  "use strict";

  // The cookie `shop_state` reads like "c3.s1": three pieces in the cart, signed in. No cookie means neither.
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("shop_state="));
  const state = new Map(
    (cookie ? cookie.slice("shop_state=".length) : "").split(".").map((part) => [part[0], Number(part.slice(1)) || 0]),
  );
  const pieces = state.get("c") || 0;
  const count = document.querySelector("[data-cart-count]");
  if (count && pieces > 0) {
    count.textContent = pieces > 99 ? "99+" : String(pieces);
    const unit = document.querySelector("[data-cart-unit]");
    const form = new Intl.PluralRules(document.documentElement.lang).select(pieces);
    if (unit) unit.textContent = unit.dataset[form] ?? unit.dataset.other;
  }
  if (state.get("s") === 1) {
    const account = document.querySelector("[data-account]");
    account?.setAttribute("aria-label", account.dataset.account);
    account?.classList.add("is-signed-in");
  }

  // Mistakes first: whoever sent a form is taken to what is wrong with it.
  document.querySelector("[data-focus]")?.focus();

  // The thumbnails are links to the pictures; here they move the strip without moving the page.
  const gallery = document.querySelector("[data-gallery]");
  const strip = gallery?.querySelector(".gallery-strip");
  const thumbs = gallery ? [...gallery.querySelectorAll(".thumbs a")] : [];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const mark = (index) => thumbs.forEach((thumb, at) => {
    if (at === index) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  });
  const show = (index) => {
    const picture = strip?.children[index];
    if (!picture) return;
    strip.scrollTo({ left: picture.offsetLeft, behavior: calm.matches ? "auto" : "smooth" });
    mark(index);
  };
  thumbs.forEach((thumb, index) => thumb.addEventListener("click", (event) => {
    event.preventDefault();
    show(index);
  }));
  mark(0);
  let waiting = 0;
  strip?.addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => mark(Math.round(strip.scrollLeft / strip.clientWidth)), 120);
  }, { passive: true });

  // What there is of the chosen variant, as of some seconds ago. The shop decides, so nothing is switched off here.
  const stock = document.querySelector("[data-stock]");
  const notify = document.querySelector("[data-notify]");
  const live = new Map();
  const tell = () => {
    const inputs = document.querySelector(".buy-form")?.elements.sku;
    const sku = inputs?.value ?? "";
    const { state, available } = live.get(sku) ?? {};
    if (!stock || !state) return;
    stock.textContent = stock.dataset[state === "low" ? `low-${available}` : state] ?? "";
    stock.dataset.state = state;
    if (!notify) return;
    notify.hidden = state !== "out";
    notify.elements.sku.value = sku;
  };
  if (stock) {
    const skus = [...document.querySelectorAll(".buy-form [name=sku]")].slice(0, 50).map((input) => ["sku", input.value]);
    fetch(`/api/v1/stock?${new URLSearchParams(skus)}`, { credentials: "omit" })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then((found) => {
        for (const [sku, one] of Object.entries(found)) live.set(sku, one);
        tell();
      })
      .catch(() => {});
  }

  // A chosen variant shows its price and its picture. A page that comes back from history may have one already.
  const form = document.querySelector(".buy-form");
  const choose = (input) => {
    const price = document.querySelector(".buy-price [data-price]");
    if (price && input.dataset.amount) {
      price.textContent = input.dataset.amount;
      document.querySelector(".buy-price .price-from")?.remove();
    }
    if (input.dataset.image) show(Number(input.dataset.image));
  };
  form?.addEventListener("change", (event) => {
    if (event.target.name !== "sku") return;
    choose(event.target);
    tell();
  });
  const chosen = form?.querySelector("input[name=sku]:checked");
  if (chosen && !chosen.defaultChecked) choose(chosen);

  // The menu closes with Escape and when the focus leaves it.
  const menu = document.querySelector("details.menu");
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  menu?.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
})();
