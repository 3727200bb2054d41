-- Money without a card and the outbox, for people: reminders, money that fits no order, messages that were given up.
-- The release before writes none of the new columns, and the defaults are right for it.

-- When to remind of a payment, and nothing once that is done.
ALTER TABLE orders ADD COLUMN remind_at INTEGER;
CREATE INDEX orders_remind ON orders(remind_at) WHERE state = 'pending' AND remind_at IS NOT NULL;

-- Why the last try failed, when the message was put in, and when somebody decided that it need not go out.
ALTER TABLE outbox ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN given_up_at INTEGER;
CREATE INDEX outbox_dead ON outbox(id) WHERE state = 'dead' AND given_up_at IS NULL;

-- Money that settles no order goes back by hand where no payment provider does it. One return for each.
CREATE INDEX payment_stray ON payment(at) WHERE kind = 'stray';
CREATE INDEX payment_stray_order ON payment(order_id) WHERE kind = 'stray';
CREATE TABLE stray_return(
  provider TEXT NOT NULL,
  ref TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  staff TEXT NOT NULL REFERENCES staff(id),
  at INTEGER NOT NULL,
  PRIMARY KEY(provider, ref),
  FOREIGN KEY(provider, ref) REFERENCES payment(provider, ref)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER stray_return_stray BEFORE INSERT ON stray_return WHEN NOT EXISTS(SELECT 1 FROM payment WHERE provider = NEW.provider AND ref = NEW.ref AND kind = 'stray') BEGIN SELECT RAISE(ABORT, 'bad_transition'); END;
CREATE TRIGGER stray_return_no_update BEFORE UPDATE ON stray_return BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER stray_return_no_delete BEFORE DELETE ON stray_return BEGIN SELECT RAISE(ABORT, 'append_only'); END;
