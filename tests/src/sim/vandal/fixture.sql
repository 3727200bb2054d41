-- O-PAID is paid and partly refunded, O-OPEN is pending, O-DEAD is cancelled.
insert into stock(sku, on_hand) values ('MUG', 0), ('BOOK', 0);
insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) values ('MUG', 'receive', 'opening', 10, 0, 1), ('BOOK', 'receive', 'opening', 10, 0, 1);
insert into orders(id, number, idem_key, req_hash, cart_id, method, offline, currency, subtotal, discount, shipping, tax, total, tax_included, pieces, shipping_id, shipping_title, collection, catalog, expires_at, created_at) values
  ('O-PAID', 'N1', 'K1', 'H', 'C1', 'offline', 'transfer', 'GBP', 2000, 100, 300, 0, 2200, 200, 2, 's', 'S', 0, 'r1', 1795435200, 1795435200),
  ('O-OPEN', 'N2', 'K2', 'H', 'C2', 'offline', 'transfer', 'GBP', 1000, 0, 300, 0, 1300, 100, 1, 's', 'S', 0, 'r1', 1795435200, 1795435200),
  ('O-DEAD', 'N3', 'K3', 'H', 'C3', 'offline', 'transfer', 'GBP', 1000, 0, 300, 0, 1300, 100, 1, 's', 'S', 0, 'r1', 1795435200, 1795435200);
insert into order_contact values ('O-PAID', 'a@b.c', 'A', '', '', '', '', 'GB', '', ''), ('O-OPEN', 'a@b.c', 'A', '', '', '', '', 'GB', '', ''), ('O-DEAD', 'a@b.c', 'A', '', '', '', '', 'GB', '', '');
insert into order_line(order_id, n, sku, title, options, qty, unit, tax_class, tax_bp, tax, discount, weight) values
  ('O-PAID', 0, 'MUG', 'Mug', '', 1, 1000, 't', 2000, 100, 50, 1), ('O-PAID', 1, 'BOOK', 'Book', '', 1, 1000, 't', 2000, 100, 50, 1),
  ('O-OPEN', 0, 'MUG', 'Mug', '', 1, 1000, 't', 2000, 100, 0, 1), ('O-DEAD', 0, 'MUG', 'Mug', '', 1, 1000, 't', 2000, 100, 0, 1);
insert into order_tax values ('O-PAID', 0, 'VAT', 2000, 2200, 200), ('O-OPEN', 0, 'VAT', 2000, 1300, 100), ('O-DEAD', 0, 'VAT', 2000, 1300, 100);
insert into order_promotion(order_id, n, promotion, title, discount, coupon) values ('O-PAID', 0, 'p', 'P', 100, ''), ('O-PAID', 1, 'HARVEST', 'T', 0, 'HARVEST'), ('O-OPEN', 0, 'LAST', 'L', 0, 'LAST'), ('O-DEAD', 0, 'HARVEST', 'T', 0, 'HARVEST');
insert into order_promotion_line values ('O-PAID', 0, 0, 50), ('O-PAID', 0, 1, 50);
insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) values ('MUG', 'reserve', 'O-PAID', 0, 1, 1), ('BOOK', 'reserve', 'O-PAID', 0, 1, 1), ('MUG', 'reserve', 'O-OPEN', 0, 1, 1), ('MUG', 'reserve', 'O-DEAD', 0, 1, 1);
insert into coupon(code, max_uses, ends_at) values ('HARVEST', 2, null), ('LAST', 1, null), ('OVER', 5, 10), ('SPENT', 0, null);
insert into coupon_use(code, order_id, customer) values ('HARVEST', 'O-PAID', 'a'), ('LAST', 'O-OPEN', 'a'), ('HARVEST', 'O-DEAD', 'b');
insert into payment values ('offline', 'R1', 'capture', 'O-PAID', 2200, 'GBP', 1);
update orders set state = 'paid', captured = total where id = 'O-PAID';
update orders set state = 'cancelled' where id = 'O-DEAD';
insert into stock_ledger(sku, kind, ref, d_on_hand, d_reserved, at) values ('MUG', 'claim', 'O-PAID', -1, -1, 1), ('BOOK', 'claim', 'O-PAID', -1, -1, 1), ('MUG', 'release', 'O-DEAD', 0, -1, 1);
update coupon_use set state = 'used' where order_id = 'O-PAID';
update coupon_use set state = 'released' where order_id = 'O-DEAD';
insert into order_event(order_id, kind, actor, at) values ('O-PAID', 'placed', 'customer', 1), ('O-PAID', 'paid', 'shop', 1), ('O-OPEN', 'placed', 'customer', 1), ('O-DEAD', 'placed', 'customer', 1), ('O-DEAD', 'cancelled', 'shop', 1);
insert into refund(id, order_id, amount, provider_ref, state, at) values ('F1', 'O-PAID', 500, 're_1', 'requested', 1), ('F2', 'O-PAID', 100, 're_2', 'requested', 1);
update refund set state = 'failed' where id = 'F2';
insert into outbox(dedupe, kind, payload, due_at) values ('mail:paid:O-PAID', 'mail', '{}', 1);
insert into inbox values ('stripe', 'evt_1', 'x', 'y', 'applied', 1);
insert into shipment(order_id, carrier, tracking, at) values ('O-PAID', '', '', 1);
insert into audit(staff, action, subject, detail, at) values ('staff-1', 'a', 'b', 'c', 1);
insert into session values ('T1', 'customer', 'grace@example.com', 1, 1, 2);
insert into customer_cart(customer, cart_id, lines, updated_at) values ('grace@example.com', 'C9', '[]', 1);
