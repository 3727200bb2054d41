-- How often signing in was tried, by account, so that guessing passwords ends soon. `account` is a keyed hash of the
-- kind of account and its address, whether there is such an account or not. Signing in removes the row.
CREATE TABLE sign_in(
  account TEXT PRIMARY KEY,
  tries INTEGER NOT NULL CHECK(tries > 0),
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_until ON sign_in(until);
