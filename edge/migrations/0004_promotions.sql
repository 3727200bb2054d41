-- What promotions took off an order, and off each of its lines. Code of the release before writes neither, and the
-- defaults are right for it.
ALTER TABLE order_line ADD COLUMN discount INTEGER NOT NULL DEFAULT 0 CHECK(discount BETWEEN 0 AND qty * unit);

-- `discount` is what a promotion took off the goods, and 0 for one that made the delivery free.
CREATE TABLE order_promotion(
  order_id TEXT NOT NULL REFERENCES orders(id),
  n INTEGER NOT NULL,
  promotion TEXT NOT NULL,
  title TEXT NOT NULL,
  discount INTEGER NOT NULL CHECK(discount >= 0),
  PRIMARY KEY(order_id, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER order_promotion_frozen BEFORE UPDATE ON order_promotion BEGIN SELECT RAISE(ABORT, 'frozen'); END;
