//! [`ShopTest`]: a whole shop in memory, driven through its router as a browser would.
//!
//! SQLite is real, the theme is the real one; clock, randomness, mail and the catalog are the test's own.

mod browser;
mod catalog;
mod doubles;

use std::sync::Arc;

use axum::Router;
use ipswich_server::Sqlite;
use ipswich_shop::invariants::INVARIANTS;
use ipswich_shop::ports::{Db, Mail, Param, Statement};
use ipswich_shop::{App, Config, Ports, StaffRole, TickReport, create_staff};

pub use browser::{Browser, Form, Page, contact};
pub use catalog::{Catalog, product};
pub use doubles::{Fault, FaultyDb, Lines, Mails, SeededEntropy, TestClock};

/// The staff account of every test shop.
pub const STAFF: (&str, &str) = ("ada@shop.example", "locks and tides 1843");

/// When tests begin, in Unix seconds: 23 November 2026, noon.
pub const NOON: i64 = 1_795_435_200;

/// One day in seconds.
pub const DAY: i64 = 86_400;

/// A shop of its own for one test. Call [`ShopTest::finish`] at the end; it checks what must be true of the database.
pub struct ShopTest {
    /// The app, for its work of the clock.
    pub app: App,
    /// The clock, to be moved by hand.
    pub clock: Arc<TestClock>,
    /// The database, which can be told to fail.
    pub db: Arc<FaultyDb>,
    /// What was mailed.
    pub mails: Arc<Mails>,
    /// What was logged.
    pub log: Arc<Lines>,
    /// The published files, which can be changed.
    pub published: Arc<Catalog>,
    router: Router,
    finished: bool,
}

impl ShopTest {
    /// A shop with the usual goods: see [`Catalog::usual`].
    pub async fn new() -> ShopTest {
        ShopTest::with(Catalog::usual(), Config::for_testing()).await
    }

    /// A shop with these goods and settings.
    pub async fn with(catalog: Catalog, config: Config) -> ShopTest {
        let sqlite = Sqlite::in_memory().expect("SQLite in memory");
        sqlite.migrate().expect("migrations");
        let (clock, db, mails) =
            (Arc::new(TestClock::at(NOON)), Arc::new(FaultyDb::over(sqlite)), Arc::default());
        let (log, published) = (Arc::<Lines>::default(), Arc::new(catalog));
        let ports = Ports {
            db: Arc::clone(&db) as _,
            published: Arc::clone(&published) as _,
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SeededEntropy::default()),
            mailer: Arc::clone(&mails) as _,
            log: Arc::clone(&log) as _,
        };
        let app = App::new(ports, config);
        create_staff(&app, STAFF.0, "Ada Lovelace", STAFF.1, StaffRole::Staff).await.expect("staff");
        ShopTest { router: app.router(), app, clock, db, mails, log, published, finished: false }
    }

    /// A browser that has never been here.
    pub fn guest(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser with a signed-in customer.
    pub async fn customer(&self, email: &str) -> Browser {
        let mut browser = self.guest();
        let page = browser.register("Grace Hopper", email, "nanoseconds of wire").await;
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }

    /// A browser with a signed-in staff member.
    pub async fn staff(&self) -> Browser {
        let mut browser = self.guest();
        let page = browser.post("/admin/login/", &[("email", STAFF.0), ("password", STAFF.1)]).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/admin/"), "{}", page.body);
        browser
    }

    /// Lets the clock of the shop do its work.
    pub async fn tick(&self) -> TickReport {
        self.app.tick().await
    }

    /// The mails so far, after handing over those that are due.
    pub async fn sent(&self) -> Vec<Mail> {
        self.app.flush_outbox().await;
        self.mails.all()
    }

    /// One number out of the database.
    #[track_caller]
    pub fn number(&self, sql: &'static str) -> impl Future<Output = i64> + use<'_> {
        let caller = std::panic::Location::caller();
        async move {
            let rows = self.rows(sql, vec![]).await;
            let first = rows.first().and_then(|row| row.as_object()?.values().next()?.as_i64());
            first.unwrap_or_else(|| panic!("{caller}: no number from {sql}: {rows:?}"))
        }
    }

    /// On hand and reserved pieces of a SKU; nothing if nobody has asked for it yet.
    pub async fn stock(&self, sku: &str) -> Option<(i64, i64)> {
        let sql = "select on_hand, reserved from stock where sku = ?1";
        let rows = self.rows(sql, vec![Param::from(sku)]).await;
        let row = rows.first()?;
        Some((row["on_hand"].as_i64()?, row["reserved"].as_i64()?))
    }

    /// Runs a statement around the shop.
    pub async fn rows(&self, sql: &'static str, params: Vec<Param>) -> Vec<serde_json::Value> {
        let answers = self.db.inner().batch(vec![Statement { sql, params }]).await.expect(sql);
        answers.into_iter().flat_map(|rows| rows.0).collect()
    }

    /// Checks every invariant after the clock has had its turn.
    pub async fn finish(self) {
        self.finish_except(&[]).await;
    }

    /// The same without the invariants that this test breaks on purpose.
    pub async fn finish_except(mut self, except: &[&str]) {
        self.finished = true;
        self.tick().await;
        for invariant in INVARIANTS.iter().filter(|invariant| !except.contains(&invariant.name)) {
            let params =
                if invariant.sql.contains("?1") { vec![Param::from(self.clock.get())] } else { vec![] };
            let rows = self.rows(invariant.sql, params).await;
            assert!(rows.is_empty(), "{}: {} is broken by {rows:?}", invariant.name, invariant.rule);
        }
        let integrity = self.rows("pragma integrity_check", vec![]).await;
        assert_eq!(integrity, [serde_json::json!({ "integrity_check": "ok" })]);
    }
}

impl Drop for ShopTest {
    fn drop(&mut self) {
        assert!(self.finished || std::thread::panicking(), "a test ended without ShopTest::finish");
    }
}
