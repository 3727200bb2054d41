-- The language an order was placed in, so that its mails are written in it. Empty is the own language of the shop.
ALTER TABLE orders ADD COLUMN language TEXT NOT NULL DEFAULT '';
