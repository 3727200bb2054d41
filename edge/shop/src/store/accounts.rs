//! Customers, staff and their sessions.

use crate::ports::Statement;

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Customer,
    Staff,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Customer => "customer",
            Kind::Staff => "staff",
        }
    }

    /// Seconds without a request after which the session is over: 14 days, 30 minutes.
    pub(crate) fn idle_seconds(self) -> i64 {
        match self {
            Kind::Customer => 14 * 86_400,
            Kind::Staff => 30 * 60,
        }
    }

    /// Seconds after which it is over in any case: 90 days, 12 hours.
    pub(crate) fn absolute_seconds(self) -> i64 {
        match self {
            Kind::Customer => 90 * 86_400,
            Kind::Staff => 12 * 3_600,
        }
    }

    /// How exactly we know when it was last used, in seconds; each write costs.
    fn grain_seconds(self) -> i64 {
        match self {
            Kind::Customer => 86_400,
            Kind::Staff => 60,
        }
    }
}

/// Somebody signed in: a customer or a staff member.
#[derive(Debug)]
pub(crate) struct PersonRow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
}
crate::ports::from_row!(PersonRow { id, email, name;  });

/// What signing in compares.
#[derive(Debug)]
pub(crate) struct SecretRow {
    pub(crate) id: String,
    pub(crate) password: String,
}
crate::ports::from_row!(SecretRow { id, password;  });

/// Notes that a session is in use, if that is worth a write and the session is still good.
pub(crate) fn touch_session(kind: Kind, token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "update session set seen_at = ?2
         where token_hash = ?1 and kind = ?3 and seen_at < ?4 and seen_at >= ?5 and expires_at > ?2",
        [
            token_hash.into(),
            now.into(),
            kind.as_str().into(),
            now.saturating_sub(kind.grain_seconds()).into(),
            now.saturating_sub(kind.idle_seconds()).into(),
        ],
    )
}

/// The customer of a good session.
pub(crate) fn session_customer(token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select c.id, c.email, c.name from session s join customer c on c.id = s.subject
         where s.token_hash = ?1 and s.kind = 'customer' and s.seen_at >= ?2 and s.expires_at > ?3",
        [token_hash.into(), now.saturating_sub(Kind::Customer.idle_seconds()).into(), now.into()],
    )
}

/// The staff member of a good session.
pub(crate) fn session_staff(token_hash: &str, now: i64) -> Statement {
    Statement::new(
        "select p.id, p.email, p.name from session s join staff p on p.id = s.subject
         where s.token_hash = ?1 and s.kind = 'staff' and s.seen_at >= ?2 and s.expires_at > ?3 and p.active = 1",
        [token_hash.into(), now.saturating_sub(Kind::Staff.idle_seconds()).into(), now.into()],
    )
}

/// Opens a session. If the answer to a first try was lost, the session is there already: nobody else has its token.
pub(crate) fn open_session(kind: Kind, token_hash: &str, subject: &str, now: i64) -> Statement {
    Statement::new(
        "insert into session(token_hash, kind, subject, created_at, seen_at, expires_at) values(?1, ?2, ?3, ?4, ?4, ?5)
         on conflict(token_hash) do nothing",
        [
            token_hash.into(),
            kind.as_str().into(),
            subject.into(),
            now.into(),
            now.saturating_add(kind.absolute_seconds()).into(),
        ],
    )
}

/// Ends a session.
pub(crate) fn close_session(token_hash: &str) -> Statement {
    Statement::new("delete from session where token_hash = ?1", [token_hash.into()])
}

/// Removes sessions that are over.
pub(crate) fn purge_sessions(now: i64) -> Statement {
    Statement::new("delete from session where expires_at <= ?1", [now.into()])
}

/// What signing in as a customer compares.
pub(crate) fn customer_secret(email_key: &str) -> Statement {
    Statement::new("select id, password from customer where email_key = ?1", [email_key.into()])
}

/// What signing in as staff compares.
pub(crate) fn staff_secret(email_key: &str) -> Statement {
    Statement::new("select id, password from staff where email_key = ?1 and active = 1", [email_key.into()])
}

/// A new account.
pub(crate) struct NewPerson<'a> {
    pub(crate) id: &'a str,
    pub(crate) email: &'a str,
    pub(crate) email_key: &'a str,
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
}

/// Adds a customer; a known address is refused by the schema.
pub(crate) fn insert_customer(person: &NewPerson<'_>, now: i64) -> Statement {
    Statement::new(
        "insert into customer(id, email, email_key, name, password, created_at) values(?1, ?2, ?3, ?4, ?5, ?6)",
        [
            person.id.into(),
            person.email.into(),
            person.email_key.into(),
            person.name.into(),
            person.password.into(),
            now.into(),
        ],
    )
}

/// Adds a staff member; a known address is refused by the schema.
pub(crate) fn insert_staff(person: &NewPerson<'_>, role: &str, now: i64) -> Statement {
    Statement::new(
        "insert into staff(id, email, email_key, name, password, role, created_at) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            person.id.into(),
            person.email.into(),
            person.email_key.into(),
            person.name.into(),
            person.password.into(),
            role.into(),
            now.into(),
        ],
    )
}

/// Whether there is a customer with this id: tells a batch that was sent twice from a known address.
pub(crate) fn customer_exists(id: &str) -> Statement {
    Statement::new("select id from customer where id = ?1", [id.into()])
}
