-- The tables of the shop: stock, orders, payments, accounts, staff, the outbox.
--
-- Rules of this folder: files are applied once, in order, and never edited after they shipped. Amounts are minor
-- units, moments are Unix seconds. The tool that applies migrations to D1 splits a file by looking at its text, so a
-- trigger is one line with its keywords in capitals and without a case distinction, and comments have no semicolons
-- and no quotes.

-- A guard writes no row when it holds and NULL when it does not, which aborts the batch.
CREATE TABLE must(state INTEGER NOT NULL DEFAULT 1, total INTEGER NOT NULL DEFAULT 1, counted INTEGER NOT NULL DEFAULT 1) STRICT;

-- Stock is what the ledger adds up to. The CHECK is why nothing is sold twice.
CREATE TABLE stock(
  sku TEXT PRIMARY KEY,
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT oversell CHECK(reserved >= 0 AND reserved <= on_hand)
) STRICT, WITHOUT ROWID;

-- `slot` makes release and claim exclude each other: a reservation is settled once.
CREATE TABLE stock_ledger(
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL REFERENCES stock(sku),
  kind TEXT NOT NULL CHECK(kind IN ('receive', 'adjust', 'reserve', 'release', 'claim', 'restock')),
  ref TEXT NOT NULL,
  d_on_hand INTEGER NOT NULL,
  d_reserved INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  slot TEXT NOT NULL GENERATED ALWAYS AS (iif(kind IN ('release', 'claim'), 'settle', kind)) STORED,
  CONSTRAINT once UNIQUE(ref, sku, slot)
) STRICT;
CREATE INDEX stock_ledger_sku ON stock_ledger(sku);
CREATE TRIGGER stock_apply AFTER INSERT ON stock_ledger BEGIN UPDATE stock SET on_hand = on_hand + NEW.d_on_hand, reserved = reserved + NEW.d_reserved WHERE sku = NEW.sku; END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON stock_ledger BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON stock_ledger BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Customers and staff. `email_key` is the address in small letters.
CREATE TABLE customer(
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff(
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('staff', 'admin')),
  active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Only the hash of a token is kept, so a copy of this table opens nothing.
CREATE TABLE session(
  token_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('customer', 'staff')),
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_subject ON session(kind, subject);
CREATE INDEX session_expires ON session(expires_at);

-- Carts of signed-in customers, guests carry theirs in a cookie. `lines` is a JSON array of sku and qty.
CREATE TABLE customer_cart(
  customer TEXT PRIMARY KEY REFERENCES customer(id),
  cart_id TEXT NOT NULL,
  lines TEXT NOT NULL CHECK(json_valid(lines)),
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Orders. `tax` is added on top (0 where prices include it), `tax_included` is contained in the total.
CREATE TABLE transition(a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY(a, b)) STRICT, WITHOUT ROWID;
INSERT INTO transition VALUES ('pending', 'paid'), ('pending', 'expired'), ('pending', 'cancelled'), ('paid', 'fulfilled'), ('paid', 'refunded'), ('fulfilled', 'refunded');
CREATE TABLE orders(
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  idem_key TEXT NOT NULL UNIQUE,
  req_hash TEXT NOT NULL,
  cart_id TEXT NOT NULL,
  customer TEXT REFERENCES customer(id),
  state TEXT NOT NULL DEFAULT 'pending' CHECK(state IN ('pending', 'paid', 'fulfilled', 'expired', 'cancelled', 'refunded')),
  method TEXT NOT NULL CHECK(method IN ('stripe', 'offline')),
  offline TEXT CHECK(offline IN ('transfer', 'on_collection')),
  currency TEXT NOT NULL CHECK(currency GLOB '[A-Z][A-Z][A-Z]'),
  subtotal INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  shipping INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  total INTEGER NOT NULL,
  tax_included INTEGER NOT NULL CHECK(tax_included BETWEEN 0 AND total),
  pieces INTEGER NOT NULL CHECK(pieces > 0),
  shipping_id TEXT NOT NULL,
  shipping_title TEXT NOT NULL,
  collection INTEGER NOT NULL CHECK(collection IN (0, 1)),
  captured INTEGER NOT NULL DEFAULT 0,
  refund_held INTEGER NOT NULL DEFAULT 0,
  catalog TEXT NOT NULL,
  session_id TEXT UNIQUE,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT how CHECK((method = 'offline') = (offline IS NOT NULL)),
  CONSTRAINT money CHECK(subtotal >= 0 AND discount BETWEEN 0 AND subtotal AND shipping >= 0 AND tax >= 0 AND total = subtotal - discount + shipping + tax AND total <= 99999999),
  CONSTRAINT overcapture CHECK(captured IN (0, total)),
  CONSTRAINT overrefund CHECK(refund_held BETWEEN 0 AND captured),
  CONSTRAINT paid_is_captured CHECK(total = 0 OR (state IN ('pending', 'expired', 'cancelled')) = (captured = 0))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_order_per_cart ON orders(cart_id) WHERE state NOT IN ('expired', 'cancelled');
CREATE INDEX orders_due ON orders(expires_at) WHERE state = 'pending';
CREATE INDEX orders_newest ON orders(created_at, id);
CREATE INDEX orders_by_state ON orders(state, created_at, id);
CREATE INDEX orders_by_customer ON orders(customer, created_at, id);
CREATE TRIGGER order_state BEFORE UPDATE OF state ON orders WHEN OLD.state <> NEW.state AND NOT EXISTS(SELECT 1 FROM transition WHERE a = OLD.state AND b = NEW.state) BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;
CREATE TRIGGER order_frozen BEFORE UPDATE OF number, subtotal, discount, shipping, tax, total, tax_included, currency, catalog, cart_id ON orders BEGIN SELECT RAISE(ABORT, 'frozen'); END;

-- A line keeps what was sold, as it was called and taxed then.
CREATE TABLE order_line(
  order_id TEXT NOT NULL REFERENCES orders(id),
  n INTEGER NOT NULL,
  sku TEXT NOT NULL,
  title TEXT NOT NULL,
  options TEXT NOT NULL,
  qty INTEGER NOT NULL CHECK(qty BETWEEN 1 AND 999),
  unit INTEGER NOT NULL CHECK(unit BETWEEN 0 AND 99999999),
  tax_class TEXT NOT NULL,
  tax_bp INTEGER NOT NULL CHECK(tax_bp BETWEEN 0 AND 10000),
  tax INTEGER NOT NULL DEFAULT 0 CHECK(tax BETWEEN 0 AND qty * unit),
  weight INTEGER NOT NULL CHECK(weight >= 0),
  PRIMARY KEY(order_id, n),
  UNIQUE(order_id, sku)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER order_line_frozen BEFORE UPDATE ON order_line BEGIN SELECT RAISE(ABORT, 'frozen'); END;

-- Tax contained in the total, by rate, delivery shared out over the goods.
CREATE TABLE order_tax(
  order_id TEXT NOT NULL REFERENCES orders(id),
  n INTEGER NOT NULL,
  title TEXT NOT NULL,
  bp INTEGER NOT NULL,
  gross INTEGER NOT NULL CHECK(gross >= 0),
  tax INTEGER NOT NULL CHECK(tax BETWEEN 0 AND gross),
  PRIMARY KEY(order_id, n)
) STRICT, WITHOUT ROWID;

-- Who ordered and where it goes: the only place with personal data of an order, so that erasing blanks one row.
CREATE TABLE order_contact(
  order_id TEXT PRIMARY KEY REFERENCES orders(id),
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  line1 TEXT NOT NULL,
  line2 TEXT NOT NULL,
  city TEXT NOT NULL,
  postcode TEXT NOT NULL,
  country TEXT NOT NULL,
  phone TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shipment(
  id INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders(id),
  carrier TEXT NOT NULL,
  tracking TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX shipment_order ON shipment(order_id);

-- What happened to an order, in order.
CREATE TABLE order_event(
  id INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders(id),
  kind TEXT NOT NULL CHECK(kind IN ('placed', 'paid', 'fulfilled', 'expired', 'cancelled', 'refunded')),
  actor TEXT NOT NULL CHECK(actor IN ('customer', 'staff', 'shop')),
  staff TEXT REFERENCES staff(id),
  detail TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  CHECK((actor = 'staff') = (staff IS NOT NULL))
) STRICT;
CREATE INDEX order_event_order ON order_event(order_id);
CREATE TRIGGER order_event_no_update BEFORE UPDATE ON order_event BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER order_event_no_delete BEFORE DELETE ON order_event BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Money. One capture for an order at most, whatever else arrives is `stray` and goes back.
CREATE TABLE payment(
  provider TEXT NOT NULL,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('capture', 'stray')),
  order_id TEXT REFERENCES orders(id),
  amount INTEGER NOT NULL CHECK(amount > 0),
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  CHECK(kind = 'stray' OR order_id IS NOT NULL),
  PRIMARY KEY(provider, ref)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_capture ON payment(order_id) WHERE kind = 'capture';
CREATE TABLE refund(
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders(id),
  amount INTEGER NOT NULL CHECK(amount > 0),
  provider_ref TEXT UNIQUE,
  state TEXT NOT NULL DEFAULT 'requested' CHECK(state IN ('requested', 'succeeded', 'failed')),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_order ON refund(order_id);
CREATE TRIGGER refund_hold AFTER INSERT ON refund BEGIN UPDATE orders SET refund_held = refund_held + NEW.amount WHERE id = NEW.order_id; END;
CREATE TRIGGER refund_unhold AFTER UPDATE OF state ON refund WHEN NEW.state = 'failed' AND OLD.state <> 'failed' BEGIN UPDATE orders SET refund_held = refund_held - NEW.amount WHERE id = NEW.order_id; END;
CREATE TRIGGER refund_dead BEFORE UPDATE ON refund WHEN OLD.state = 'failed' OR OLD.amount <> NEW.amount OR OLD.order_id <> NEW.order_id BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;

-- Coupons: a use is held with the order and counted in the same batch.
CREATE TABLE coupon(
  code TEXT PRIMARY KEY,
  max_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT coupon_spent CHECK(uses BETWEEN 0 AND max_uses)
) STRICT, WITHOUT ROWID;
CREATE TABLE coupon_use(
  code TEXT NOT NULL REFERENCES coupon(code),
  order_id TEXT NOT NULL REFERENCES orders(id),
  customer TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'held' CHECK(state IN ('held', 'used', 'released')),
  PRIMARY KEY(code, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_use_order ON coupon_use(order_id);
CREATE UNIQUE INDEX coupon_once ON coupon_use(code, customer) WHERE state <> 'released';
CREATE TRIGGER coupon_take AFTER INSERT ON coupon_use BEGIN UPDATE coupon SET uses = uses + 1 WHERE code = NEW.code; END;
CREATE TRIGGER coupon_free AFTER UPDATE OF state ON coupon_use WHEN NEW.state = 'released' AND OLD.state = 'held' BEGIN UPDATE coupon SET uses = uses - 1 WHERE code = NEW.code; END;

-- Messages from payment providers, each once.
CREATE TABLE inbox(
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK(outcome IN ('applied', 'ignored', 'stray')),
  at INTEGER NOT NULL,
  PRIMARY KEY(provider, event_id)
) STRICT, WITHOUT ROWID;

-- Calls to the outside that are due. The payload names things, it holds no personal data.
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY,
  dedupe TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new' CHECK(state IN ('new', 'done', 'dead'))
) STRICT;
CREATE INDEX outbox_due ON outbox(due_at) WHERE state = 'new';

-- What staff did. Nobody can change it afterwards.
CREATE TABLE audit(
  id INTEGER PRIMARY KEY,
  staff TEXT NOT NULL REFERENCES staff(id),
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append_only'); END;
