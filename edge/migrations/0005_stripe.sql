-- Card payments at Stripe, refunds by line, and money that came back on its own.

-- What was asked of Stripe to let an order be paid. `asked` has no answer yet, `open` is a session that can be paid as far
-- as we know, `void` was never made, `ended` is over because Stripe said so. An order has one that is alive at most.
CREATE TABLE stripe_session(
  order_id TEXT NOT NULL REFERENCES orders(id),
  n INTEGER NOT NULL CHECK(n BETWEEN 1 AND 9),
  session_id TEXT UNIQUE,
  state TEXT NOT NULL DEFAULT 'asked' CHECK(state IN ('asked', 'open', 'void', 'ended')),
  asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY(order_id, n),
  CHECK(state = 'ended' OR (session_id IS NULL) = (state IN ('asked', 'void')))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_live_session ON stripe_session(order_id) WHERE state IN ('asked', 'open');
CREATE TRIGGER session_over BEFORE UPDATE OF state ON stripe_session WHEN OLD.state IN ('void', 'ended') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;

-- Goods of a card order are not given back while its session may still be paid: our clock alone never does it.
CREATE TRIGGER session_first BEFORE UPDATE OF state ON orders WHEN NEW.state IN ('expired', 'cancelled') AND OLD.state = 'pending' AND EXISTS(SELECT 1 FROM stripe_session WHERE order_id = NEW.id AND state IN ('asked', 'open')) BEGIN SELECT RAISE(ABORT, 'session_live'); END;

-- Refunds: who gave what back and why. Code of the release before writes none.
ALTER TABLE refund ADD COLUMN provider TEXT NOT NULL DEFAULT 'offline';
ALTER TABLE refund ADD COLUMN staff TEXT REFERENCES staff(id);
ALTER TABLE refund ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN settled_at INTEGER;

-- Pieces that came back, or were only paid back. More than was sold never is.
CREATE TABLE refund_line(
  refund_id TEXT NOT NULL REFERENCES refund(id),
  order_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  qty INTEGER NOT NULL CHECK(qty > 0),
  amount INTEGER NOT NULL CHECK(amount >= 0),
  restock INTEGER NOT NULL CHECK(restock IN (0, 1)),
  PRIMARY KEY(refund_id, sku),
  FOREIGN KEY(order_id, sku) REFERENCES order_line(order_id, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_line_order ON refund_line(order_id, sku);
CREATE TRIGGER refund_line_over BEFORE INSERT ON refund_line WHEN NEW.qty + ifnull((SELECT sum(l.qty) FROM refund_line l JOIN refund r ON r.id = l.refund_id WHERE l.order_id = NEW.order_id AND l.sku = NEW.sku AND r.state <> 'failed'), 0) > (SELECT qty FROM order_line WHERE order_id = NEW.order_id AND sku = NEW.sku) BEGIN SELECT RAISE(ABORT, 'over_return'); END;
CREATE TRIGGER restock_over BEFORE INSERT ON refund_line WHEN NEW.restock = 1 AND NEW.qty + ifnull((SELECT sum(qty) FROM refund_line WHERE order_id = NEW.order_id AND sku = NEW.sku AND restock = 1), 0) > (SELECT qty FROM order_line WHERE order_id = NEW.order_id AND sku = NEW.sku) BEGIN SELECT RAISE(ABORT, 'over_restock'); END;
CREATE TRIGGER refund_line_frozen BEFORE UPDATE ON refund_line BEGIN SELECT RAISE(ABORT, 'frozen'); END;
CREATE TRIGGER refund_line_no_delete BEFORE DELETE ON refund_line BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A refund that was given as done may still fail at the bank of the customer. Then the order is what it was before.
INSERT INTO transition VALUES ('refunded', 'paid'), ('refunded', 'fulfilled');

-- When stray money went back, and by which refund of the provider.
ALTER TABLE payment ADD COLUMN returned_at INTEGER;
ALTER TABLE payment ADD COLUMN return_ref TEXT;
CREATE INDEX payment_order ON payment(order_id);
CREATE INDEX payment_newest ON payment(at);

-- A customer asked the bank to take a payment back.
CREATE TABLE dispute(
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders(id),
  payment TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK(amount >= 0),
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX dispute_order ON dispute(order_id);
CREATE TRIGGER dispute_closed BEFORE UPDATE ON dispute WHEN OLD.closed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;
