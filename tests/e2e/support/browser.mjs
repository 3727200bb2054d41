// Headless Chromium from the system, which speaks to nobody but the page.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A fresh browser; the variable CHROMIUM names the program, otherwise the path is searched. */
export function launchBrowser() {
  return chromium.launch({ executablePath: executable(), args: FLAGS });
}

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) throw new Error("there is no Chromium; `cargo verify` installs one on Debian");
  return found;
}
