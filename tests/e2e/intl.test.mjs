// Money, dates, rates and counted words are written as Intl writes them, for every locale and currency that ships.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const IPSWICH = process.env.IPSWICH ?? join(ROOT, "target/debug/ipswich");

/** What our tables write; the program is compiled beside the command line. */
const ours = JSON.parse(execFileSync(join(dirname(IPSWICH), "intl"), { encoding: "utf8" }));

for (const { locale, amounts, moments, rates, plurals } of ours) {
  test(`${locale} is written as Intl writes it`, () => {
    for (const [currency, decimal, written] of amounts) {
      // The text of the number, not a float: Intl rounds nothing then.
      const expected = new Intl.NumberFormat(locale, { style: "currency", currency }).format(decimal);
      assert.equal(written, expected, `${decimal} ${currency}`);
    }
    const date = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    const moment = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
    for (const [[year, month, day, hour, minute], writtenDate, writtenMoment] of moments) {
      const at = Date.UTC(year, month - 1, day, hour, minute);
      assert.equal(writtenDate, date.format(at));
      assert.equal(writtenMoment, moment.format(at));
    }
    const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
    for (const [points, written] of rates) assert.equal(written, percent.format(points / 10_000));
    const rules = new Intl.PluralRules(locale);
    plurals.forEach((form, count) => assert.equal(form, rules.select(count), `${count}`));
  });
}

test("every locale and currency is compared", () => {
  assert.ok(ours.length >= 11);
  for (const { amounts } of ours) assert.ok(new Set(amounts.map(([currency]) => currency)).size >= 8);
});
