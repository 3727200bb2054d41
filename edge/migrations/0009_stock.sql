-- Goods that are sold before they are there, goods that are made to order, and who wants to know when goods are back.
-- Code of the release before sells what is there and nothing else, whatever these tables say.

-- What may be promised beyond what is there. `promised` are pieces of orders that have not left, `aside` those of them
-- that are in the house by now, so `promised - aside` is owed. The checks are why no more is promised than allowed, and
-- why nothing leaves that has not come.
CREATE TABLE backorder(
  sku TEXT PRIMARY KEY REFERENCES stock(sku),
  allowed INTEGER NOT NULL CHECK(allowed >= 0),
  promised INTEGER NOT NULL DEFAULT 0,
  aside INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT set_aside CHECK(aside BETWEEN 0 AND promised),
  CONSTRAINT overpromise CHECK(promised - aside <= allowed)
) STRICT, WITHOUT ROWID;

-- An order promises pieces, they are shipped or dropped with it, and deliveries fill what is owed.
CREATE TABLE backorder_ledger(
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL REFERENCES backorder(sku),
  kind TEXT NOT NULL CHECK(kind IN ('promise', 'fill', 'ship', 'drop')),
  ref TEXT NOT NULL,
  d_promised INTEGER NOT NULL,
  d_aside INTEGER NOT NULL,
  at INTEGER NOT NULL,
  slot TEXT NOT NULL GENERATED ALWAYS AS (iif(kind IN ('ship', 'drop'), 'settle', kind)) STORED,
  CONSTRAINT backorder_once UNIQUE(ref, sku, slot)
) STRICT;
CREATE INDEX backorder_ledger_sku ON backorder_ledger(sku);
CREATE TRIGGER backorder_apply AFTER INSERT ON backorder_ledger BEGIN UPDATE backorder SET promised = promised + NEW.d_promised, aside = aside + NEW.d_aside WHERE sku = NEW.sku; END;
-- Pieces that are set aside leave the stock that is for sale, and come back to it when their order is dropped.
CREATE TRIGGER backorder_stock AFTER INSERT ON backorder_ledger WHEN NEW.kind IN ('fill', 'drop') AND NEW.d_aside <> 0 BEGIN INSERT INTO stock_ledger(sku, kind, ref, d_on_hand, d_reserved, reason, at) VALUES(NEW.sku, 'adjust', 'backorder:' || NEW.id, -NEW.d_aside, 0, 'backorder', NEW.at); END;
CREATE TRIGGER backorder_no_update BEFORE UPDATE ON backorder_ledger BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER backorder_no_delete BEFORE DELETE ON backorder_ledger BEGIN SELECT RAISE(ABORT, 'append_only'); END;
-- These follow the state of an order whoever changes it.
CREATE TRIGGER backorder_ship AFTER UPDATE OF state ON orders WHEN OLD.state = 'paid' AND NEW.state = 'fulfilled' BEGIN INSERT INTO backorder_ledger(sku, kind, ref, d_promised, d_aside, at) SELECT sku, 'ship', ref, -d_promised, -d_promised, unixepoch() FROM backorder_ledger WHERE ref = NEW.id AND kind = 'promise'; END;
CREATE TRIGGER backorder_drop AFTER UPDATE OF state ON orders WHEN OLD.state IN ('pending', 'paid') AND NEW.state IN ('expired', 'cancelled', 'refunded') BEGIN INSERT INTO backorder_ledger(sku, kind, ref, d_promised, d_aside, at) SELECT p.sku, 'drop', p.ref, -p.d_promised, -max(0, b.aside - (b.promised - p.d_promised)), unixepoch() FROM backorder_ledger p JOIN backorder b ON b.sku = p.sku WHERE p.ref = NEW.id AND p.kind = 'promise'; END;

-- How a line was sold, and in how many days it was to be ready.
ALTER TABLE order_line ADD COLUMN policy TEXT NOT NULL DEFAULT 'deny' CHECK(policy IN ('deny', 'backorder', 'made-to-order'));
ALTER TABLE order_line ADD COLUMN lead_days INTEGER NOT NULL DEFAULT 0 CHECK(lead_days >= 0);

-- Who wants to know when goods are back. The id stops the notice for whoever has it, and the row goes when the mail went.
CREATE TABLE stock_notice(
  id TEXT PRIMARY KEY,
  sku TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  language TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  queued_at INTEGER,
  CONSTRAINT asked_once UNIQUE(sku, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_notice_waiting ON stock_notice(sku, created_at) WHERE queued_at IS NULL;
CREATE INDEX stock_notice_age ON stock_notice(created_at);

-- Goods that somebody waits for and that became available. The work of the clock takes them from here.
CREATE TABLE stock_back(sku TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER stock_is_back AFTER UPDATE OF on_hand, reserved ON stock WHEN OLD.on_hand <= OLD.reserved AND NEW.on_hand > NEW.reserved AND EXISTS(SELECT 1 FROM stock_notice WHERE sku = NEW.sku AND queued_at IS NULL) AND NOT EXISTS(SELECT 1 FROM stock_back WHERE sku = NEW.sku) BEGIN INSERT INTO stock_back(sku) VALUES(NEW.sku); END;
