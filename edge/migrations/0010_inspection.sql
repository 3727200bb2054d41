-- The nightly look at the books, and the prices that were ever sold at. The release before knows neither table; what it
-- writes is archived by the trigger.

-- A row a day: who looks, what was found, and whether the operator was told. `findings` is a JSON array.
CREATE TABLE inspection(
  day INTEGER PRIMARY KEY,
  lease_until INTEGER NOT NULL,
  findings TEXT CHECK(findings IS NULL OR json_valid(findings)),
  finished_at INTEGER,
  told_at INTEGER,
  CONSTRAINT looked CHECK((findings IS NULL) = (finished_at IS NULL)),
  CONSTRAINT told CHECK(told_at IS NULL OR finished_at IS NOT NULL)
) STRICT;
CREATE TRIGGER inspection_frozen BEFORE UPDATE OF findings, finished_at ON inspection WHEN OLD.finished_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'frozen'); END;

-- A release has one price for a SKU: the one it first sold it at. An order that says another was not priced by it.
CREATE TABLE price_archive(
  release TEXT NOT NULL,
  sku TEXT NOT NULL,
  currency TEXT NOT NULL,
  unit INTEGER NOT NULL CHECK(unit BETWEEN 0 AND 99999999),
  PRIMARY KEY(release, sku, currency)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO price_archive(release, sku, currency, unit) SELECT o.catalog, l.sku, o.currency, l.unit FROM orders o JOIN order_line l ON l.order_id = o.id ORDER BY o.created_at;
CREATE TRIGGER price_first AFTER INSERT ON order_line BEGIN INSERT INTO price_archive(release, sku, currency, unit) SELECT o.catalog, NEW.sku, o.currency, NEW.unit FROM orders o WHERE o.id = NEW.order_id AND NOT EXISTS(SELECT 1 FROM price_archive p WHERE p.release = o.catalog AND p.sku = NEW.sku AND p.currency = o.currency); END;
CREATE TRIGGER price_archive_no_update BEFORE UPDATE ON price_archive BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER price_archive_no_delete BEFORE DELETE ON price_archive BEGIN SELECT RAISE(ABORT, 'append_only'); END;
