-- Coupons: what they take off, from which goods, when, for whom and how often. Their terms are written once, so that
-- a total that was worked out from them stays right, and only their end can be moved, to an earlier moment.
-- Code of the release before knows no coupons, so it neither writes nor reads any of this.
ALTER TABLE coupon ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE coupon ADD COLUMN kind TEXT NOT NULL DEFAULT 'percent' CHECK(kind IN ('percent', 'amount', 'free_delivery'));
-- Basis points of a part, minor units of an amount, and 0 for free delivery.
ALTER TABLE coupon ADD COLUMN value INTEGER NOT NULL DEFAULT 0 CHECK(value BETWEEN 0 AND 99999999 AND (kind <> 'percent' OR value <= 10000));
-- A JSON object of products, categories and brands, all empty for everything.
ALTER TABLE coupon ADD COLUMN scope TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(scope));
ALTER TABLE coupon ADD COLUMN minimum INTEGER NOT NULL DEFAULT 0 CHECK(minimum >= 0);
ALTER TABLE coupon ADD COLUMN starts_at INTEGER;
ALTER TABLE coupon ADD COLUMN ends_at INTEGER;
ALTER TABLE coupon ADD COLUMN per_customer INTEGER NOT NULL DEFAULT 1 CHECK(per_customer > 0);
ALTER TABLE coupon ADD COLUMN with_promotions INTEGER NOT NULL DEFAULT 0 CHECK(with_promotions IN (0, 1));
ALTER TABLE coupon ADD COLUMN with_coupons INTEGER NOT NULL DEFAULT 0 CHECK(with_coupons IN (0, 1));
ALTER TABLE coupon ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX coupon_newest ON coupon(created_at, code);
CREATE TRIGGER coupon_frozen BEFORE UPDATE OF code, max_uses, title, kind, value, scope, minimum, starts_at, per_customer, with_promotions, with_coupons, created_at ON coupon BEGIN SELECT RAISE(ABORT, 'frozen'); END;
CREATE TRIGGER coupon_ends_earlier BEFORE UPDATE OF ends_at ON coupon WHEN OLD.ends_at IS NOT NULL AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at) BEGIN SELECT RAISE(ABORT, 'frozen'); END;
CREATE TRIGGER coupon_no_delete BEFORE DELETE ON coupon BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A customer may use a coupon as often as it says. `customer` is a keyed hash of the e-mail address.
DROP INDEX coupon_once;
CREATE INDEX coupon_use_customer ON coupon_use(customer, code) WHERE state <> 'released';
CREATE TRIGGER coupon_per_customer BEFORE INSERT ON coupon_use WHEN (SELECT count(*) FROM coupon_use WHERE code = NEW.code AND customer = NEW.customer AND state <> 'released') >= (SELECT per_customer FROM coupon WHERE code = NEW.code) BEGIN SELECT RAISE(ABORT, 'coupon_per_customer'); END;
-- And only while it is valid, by the moment of the order.
CREATE TRIGGER coupon_window BEFORE INSERT ON coupon_use WHEN NOT EXISTS(SELECT 1 FROM coupon c JOIN orders o ON o.id = NEW.order_id WHERE c.code = NEW.code AND (c.starts_at IS NULL OR c.starts_at <= o.created_at) AND (c.ends_at IS NULL OR c.ends_at > o.created_at)) BEGIN SELECT RAISE(ABORT, 'coupon_window'); END;
-- A use is settled once.
CREATE TRIGGER coupon_use_settled BEFORE UPDATE OF state ON coupon_use WHEN OLD.state <> NEW.state AND OLD.state <> 'held' BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;
CREATE TRIGGER coupon_use_frozen BEFORE UPDATE OF code, order_id, customer ON coupon_use BEGIN SELECT RAISE(ABORT, 'frozen'); END;
CREATE TRIGGER coupon_use_no_delete BEFORE DELETE ON coupon_use BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The codes in the cart of a customer, a JSON array.
ALTER TABLE customer_cart ADD COLUMN coupons TEXT NOT NULL DEFAULT '[]' CHECK(json_valid(coupons));

-- Which of the promotions of an order was a coupon, and what each promotion took off each line.
ALTER TABLE order_promotion ADD COLUMN coupon TEXT NOT NULL DEFAULT '';
CREATE TABLE order_promotion_line(
  order_id TEXT NOT NULL,
  promotion INTEGER NOT NULL,
  line INTEGER NOT NULL,
  discount INTEGER NOT NULL CHECK(discount > 0),
  PRIMARY KEY(order_id, promotion, line),
  FOREIGN KEY(order_id, promotion) REFERENCES order_promotion(order_id, n),
  FOREIGN KEY(order_id, line) REFERENCES order_line(order_id, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER order_promotion_line_frozen BEFORE UPDATE ON order_promotion_line BEGIN SELECT RAISE(ABORT, 'frozen'); END;
