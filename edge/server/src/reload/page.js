// Keeps an open page in step with the files it was made of: loads it anew after a build, exchanges style sheets in
// place, and shows what keeps a build from being made. Served in development only.
(() => {
  "use strict";

  /** Which pages this one is of, and whether it answers a form: to load such a page anew would send the form again. */
  const { pages, sent } = document.currentScript.dataset;
  const KEPT = "ipswich-dev-scroll";
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));

  // The position is kept by hand: browsers do so too, but not all of them for pages that have become longer.
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.href === location.href) {
    const back = () => scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    back();
    addEventListener("load", back, { once: true });
  }

  const loadAnew = () => {
    sessionStorage.setItem(KEPT, JSON.stringify({ href: location.href, x: scrollX, y: scrollY }));
    location.reload();
  };

  /** `/assets/site.1a2b3c4d.css` without what changes with its bytes. */
  const nameOf = (address) => address.replace(/\.[^./]+(\.css)$/, "$1");

  /** Puts new style sheets beside old ones; the old ones go when the new ones are there, so that nothing flashes. */
  const restyle = (addresses) => {
    for (const old of document.querySelectorAll("link[rel=stylesheet]")) {
      const address = old.getAttribute("href");
      const next = addresses.find((one) => nameOf(one) === nameOf(address));
      if (!next || next === address || old.dataset.outdated) continue;
      old.dataset.outdated = "true";
      const sheet = old.cloneNode();
      delete sheet.dataset.outdated;
      sheet.href = next;
      sheet.addEventListener("load", () => old.remove(), { once: true });
      sheet.addEventListener("error", () => { sheet.remove(); delete old.dataset.outdated; }, { once: true });
      old.after(sheet);
    }
  };

  const make = (name, className, ...content) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };

  /** The line of the file, with what is meant marked. Columns count characters, from 1. */
  const excerpt = ({ line, column, width, excerpt }) => {
    const characters = [...excerpt];
    const start = Math.min(column - 1, characters.length);
    const text = (from, to) => characters.slice(from, to).join("");
    return make(
      "pre",
      "excerpt",
      make("span", "number", String(line)),
      make("code", "", text(0, start), make("mark", "", text(start, start + width)), text(start + width)),
    );
  };

  const item = (mistake) => {
    const entry = make("li", "");
    if (mistake.file) {
      entry.append(make("p", "place", mistake.file, make("span", "", `:${mistake.line}:${mistake.column}`)));
    }
    entry.append(make("p", "message", mistake.message));
    if (mistake.excerpt) entry.append(excerpt(mistake));
    if (mistake.help) entry.append(make("p", "help", mistake.help));
    return entry;
  };

  // The overlay has a tree of its own, so that neither it nor the page changes how the other looks.
  const host = make("ipswich-dev", "");
  const tree = host.attachShadow({ mode: "open" });
  const sheet = make("link", "");
  sheet.rel = "stylesheet";
  sheet.href = "/__dev/overlay.css";
  const title = make("h2", "");
  const list = make("ol", "");
  const hide = make("button", "hide", "Hide", make("kbd", "", "Esc"));
  const foot = make("p", "foot", "The page behind this is the last one that was right. This goes when the mistakes are mended.");
  const dialog = make("dialog", "", make("div", "head", title, hide), list, foot);
  const reopen = make("button", "reopen");
  title.id = "title";
  hide.type = reopen.type = "button";
  // The list can be scrolled, so the keyboard must reach it.
  list.tabIndex = 0;
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "title");
  tree.append(sheet, dialog, reopen);
  hide.addEventListener("click", () => dialog.close());
  reopen.addEventListener("click", () => open());
  dialog.addEventListener("close", () => { reopen.hidden = false; });

  const open = () => {
    reopen.hidden = true;
    if (!dialog.open) dialog.showModal();
  };

  const show = (mistakes) => {
    if (mistakes.length === 0) {
      dialog.close();
      host.remove();
      return;
    }
    title.textContent = mistakes.length === 1 ? "One mistake to mend" : `${mistakes.length} mistakes to mend`;
    reopen.textContent = title.textContent;
    list.replaceChildren(...mistakes.map(item));
    if (host.isConnected) return open();
    document.body.append(host);
    // Without its style sheet the overlay would be a flash of bare text.
    if (sheet.sheet) open();
    else sheet.addEventListener("load", open, { once: true });
  };

  /** Brings the page to a state of the server; `false` if it is about to be loaded anew. */
  const follow = (state) => {
    if (state.pages !== pages && sent === undefined) {
      loadAnew();
      return false;
    }
    restyle(state.styles);
    show(state.mistakes);
    return true;
  };

  // A page that nobody sees asks nothing: browsers open only a few connections to one server, and hidden pages would
  // use them up.
  let asking = new AbortController();
  const seen = () => document.visibilityState === "visible";
  const isSeen = () => new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => seen() && resolve());
  });
  document.addEventListener("visibilitychange", () => seen() || asking.abort());

  (async () => {
    let version = "";
    for (;;) {
      if (!seen()) await isSeen();
      asking = new AbortController();
      try {
        const answer = await fetch(`/__dev/wait?seen=${version}`, { cache: "no-store", signal: asking.signal });
        const state = await answer.json();
        if (state.version !== version && !follow(state)) return;
        version = state.version;
      } catch {
        // The server is away, or the page is; both may come back.
        if (seen()) await pause();
      }
    }
  })();
})();
