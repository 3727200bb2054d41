//! The world of one episode: a database, a host over it that can be killed, the people's memory, and who is waiting.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::Router;
use ipswich_catalog::Sku;
use ipswich_catalog::promotion::{Effect, Promotion};
use ipswich_catalog::published::SkuRecord;
use ipswich_catalog::tax::BasisPoints;
use ipswich_server::{MIGRATIONS, Sqlite};
use ipswich_shop::ports::{Param, Statement};
use ipswich_shop::{App, Config, Ports, StaffRole, create_staff};

use super::guards::Breaking;
use super::model::{COUPON, Model, PROMOTION_FROM, PriceList};
use super::port::{Faults, Port, SimDb, SimMails};
use crate::shop::{Browser, Catalog, Lines, NOON, Page, STAFF, SeededEntropy, TestClock, product};

/// What somebody does, until the end.
pub(crate) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Customers with an account. All passwords are that of [`STAFF`].
pub(crate) const CUSTOMERS: [&str; 2] = ["grace@example.com", "hedy@example.com"];

/// What is sold: SKU, pence, tax class, grams, opening stock. Few pieces of the first, so that people race for them.
pub(crate) const GOODS: [(&str, i64, &str, u64, u32); 6] = [
    ("MUG", 1200, "standard", 400, 4),
    ("BOOK", 3000, "zero", 300, 6),
    ("JUMPER-S", 8900, "standard", 850, 3),
    ("LOGS", 900, "reduced", 21_000, 8),
    ("CATALOGUE", 0, "zero", 200, 40),
    ("SOLD-OUT", 4500, "standard", 90, 0),
];

/// An episode's world.
pub(crate) struct World {
    pub(crate) port: Arc<Port>,
    pub(crate) sqlite: Sqlite,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) mails: Arc<SimMails>,
    pub(crate) model: RefCell<Model>,
    /// The staff's browser, with its cookies.
    pub(crate) staff: RefCell<Option<Browser>>,
    pub(crate) customers: RefCell<[Option<Browser>; CUSTOMERS.len()]>,
    /// Tasks that somebody began.
    pub(crate) begun: RefCell<Vec<Task>>,
    catalog: Arc<Catalog>,
    ports: Ports,
    log: Arc<Lines>,
    host: RefCell<(App, Router)>,
    /// Goes up when the host is killed: what it was doing ends there.
    life: Cell<u64>,
    requests: Cell<u64>,
}

/// What a browser asks for.
pub(crate) enum Ask<'a> {
    Get(&'a str),
    Post(&'a str, &'a [(&'a str, &'a str)]),
}

impl World {
    /// An empty shop, all of whose chance comes from `seed`.
    pub(crate) fn new(seed: u64, faults: Faults, breaking: Option<&Breaking>) -> Rc<World> {
        let port = Port::new(seed, faults);
        let sqlite = Sqlite::in_memory().expect("SQLite in memory");
        for (name, sql) in MIGRATIONS {
            let sql = breaking.map_or_else(|| sql.to_owned(), |breaking| breaking.edit(name, sql));
            sqlite.script(&sql).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        add_accounts(&sqlite);
        let catalog = Arc::new(catalog());
        let (clock, log) = (Arc::new(TestClock::at(NOON)), Arc::<Lines>::default());
        let mails = Arc::new(SimMails { port: Arc::clone(&port), delivered: Default::default() });
        let db = SimDb { sqlite: sqlite.clone(), port: Arc::clone(&port), breaking: breaking.cloned() };
        let ports = Ports {
            db: Arc::new(db),
            published: Arc::clone(&catalog) as _,
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SeededEntropy::of(seed)),
            mailer: Arc::clone(&mails) as _,
            log: Arc::clone(&log) as _,
        };
        let app = App::new(ports.clone(), Config::for_testing());
        let router = app.router();
        let first = PriceList { release: "test-release".to_owned(), goods: prices(0) };
        let model = Model { releases: vec![first], ..Model::default() };
        Rc::new(World {
            port,
            sqlite,
            clock,
            mails,
            model: RefCell::new(model),
            staff: RefCell::default(),
            customers: RefCell::default(),
            begun: RefCell::default(),
            catalog,
            ports,
            log,
            host: RefCell::new((app, router)),
            life: Cell::new(0),
            requests: Cell::new(1),
        })
    }

    pub(crate) fn chance(&self, per_mille: u64) -> bool {
        self.port.draw(|rng| rng.chance(per_mille))
    }

    pub(crate) fn within(&self, low: i64, high: i64) -> i64 {
        self.port.draw(|rng| rng.within(low, high))
    }

    pub(crate) fn choose<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.port.draw(|rng| rng.below(of.len()))) }
    }

    /// Notes what must not be.
    pub(crate) fn fail(&self, what: String) {
        self.model.borrow_mut().fail(what);
    }

    pub(crate) fn app(&self) -> App {
        self.host.borrow().0.clone()
    }

    /// A browser that has never been here.
    pub(crate) fn guest(&self) -> Browser {
        Browser::new(self.host.borrow().1.clone())
    }

    /// Lets somebody begin something of their own.
    pub(crate) fn begin(&self, task: impl Future<Output = ()> + 'static) {
        self.begun.borrow_mut().push(Box::pin(task));
    }

    /// Kills the host and starts another on the same database.
    pub(crate) fn restart(&self) {
        self.life.set(self.life.get() + 1);
        let app = App::new(self.ports.clone(), Config::for_testing());
        let router = app.router();
        *self.host.borrow_mut() = (app, router);
    }

    /// Publishes a release with other prices, as a deployment does it: the old host is gone.
    pub(crate) fn release(&self, dearer: i64) {
        self.catalog.publish(goods(dearer));
        let mut model = self.model.borrow_mut();
        let release = format!("test-release-{}", model.releases.len() + 1);
        model.releases.push(PriceList { release, goods: prices(dearer) });
        drop(model);
        self.restart();
    }

    /// Waits for work of the host, as long as it lives: `None` if it never answers.
    pub(crate) async fn alive<T>(self: &Rc<World>, work: impl Future<Output = T>) -> (Option<T>, u64) {
        let id = self.requests.get();
        self.requests.set(id + 1);
        let answer = Alive { work: Box::pin(work), id, life: self.life.get(), world: Rc::clone(self) }.await;
        (answer, id)
    }

    /// Sends a request; `None` if there is no answer. An answer that no shop may give is a violation.
    pub(crate) async fn go(self: &Rc<World>, browser: &mut Browser, ask: Ask<'_>) -> Option<Page> {
        browser.follow(&self.host.borrow().1);
        let name = match &ask {
            Ask::Get(path) | Ask::Post(path, _) => (*path).to_owned(),
        };
        let work = async {
            match ask {
                Ask::Get(path) => browser.get(path).await,
                Ask::Post(path, fields) => browser.post(path, fields).await,
            }
        };
        let (page, id) = self.alive(work).await;
        let page = page?;
        self.port.note(&format!("{name} {} {}", page.status, page.location));
        let intended = page.status == 503 && self.port.was_faulted(id);
        if page.status >= 500 && !intended {
            let cause = self.log.all().pop().unwrap_or_default();
            self.fail(format!("M2 answer {} to {name}: {cause}", page.status));
        }
        // The host sends mails after the answer; now and then it does not get to it.
        if page.flushes && self.chance(800) {
            let (app, world) = (self.app(), Rc::clone(self));
            self.begin(async move {
                world.alive(app.flush_outbox()).await;
            });
        }
        Some(page)
    }

    /// Rows out of the database, around the shop.
    pub(crate) fn rows(&self, sql: &'static str, params: Vec<Param>) -> Vec<serde_json::Value> {
        let answers =
            self.sqlite.run(&[Statement { sql, params }]).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        answers.into_iter().flat_map(|rows| rows.0).collect()
    }
}

/// Work of a host that may die.
struct Alive<F> {
    work: Pin<Box<F>>,
    id: u64,
    life: u64,
    world: Rc<World>,
}

impl<T, F: Future<Output = T>> Future for Alive<F> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if self.world.life.get() != self.life {
            return Poll::Ready(None);
        }
        let before = self.world.port.enter(self.id);
        let polled = self.work.as_mut().poll(context);
        self.world.port.enter(before);
        match polled {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if self.world.port.is_hung(self.id) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn goods(dearer: i64) -> Vec<(Sku, SkuRecord)> {
    let price = |pence: i64| if pence == 0 { 0 } else { pence + dearer };
    GOODS
        .into_iter()
        .map(|(sku, pence, tax, grams, stock)| product(sku, sku, price(pence), tax, grams, stock))
        .collect()
}

fn prices(dearer: i64) -> BTreeMap<String, i64> {
    goods(dearer).into_iter().map(|(sku, record)| (sku.to_string(), record.unit.minor())).collect()
}

/// A catalog whose orders expire after a day, with a promotion.
fn catalog() -> Catalog {
    let tenth = Promotion {
        id: "tenth".to_owned(),
        title: "A tenth off".to_owned(),
        effect: Effect::Percent(BasisPoints::new(1000).expect("a rate")),
        everything: true,
        minimum: ipswich_catalog::Amount::from_minor(PROMOTION_FROM).expect("an amount"),
        from: None,
        until: None,
        combinable: false,
    };
    Catalog::selling(goods(0), |settings| {
        settings.offline.term_days = 1;
        settings.promotions = vec![tenth];
    })
}

/// Puts staff, customers and a coupon into the database. Hashing a password takes long, so all have the same one.
fn add_accounts(sqlite: &Sqlite) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(hash_password);
    let mut batch = vec![Statement::new(
        "insert into staff(id, email, email_key, name, password, role, created_at) values('staff-1', ?1, ?1, 'Ada', ?2, 'staff', 0)",
        [STAFF.0.into(), hash.as_str().into()],
    )];
    for email in CUSTOMERS {
        batch.push(Statement::new(
            "insert into customer(id, email, email_key, name, password, created_at) values(?1, ?1, ?1, 'Grace', ?2, 0)",
            [email.into(), hash.as_str().into()],
        ));
    }
    batch.push(Statement::new(
        "insert into coupon(code, max_uses, title, kind, value, per_customer, with_promotions) values(?1, 4, 'Tide', 'amount', ?2, 2, 1)",
        [COUPON.0.into(), COUPON.1.into()],
    ));
    sqlite.run(&batch).expect("accounts");
}

/// The hash as the shop makes it.
fn hash_password() -> String {
    let port = Port::new(0, Faults::None);
    let sqlite = Sqlite::in_memory().expect("SQLite in memory");
    sqlite.migrate().expect("migrations");
    let ports = Ports {
        db: Arc::new(SimDb { sqlite: sqlite.clone(), port: Arc::clone(&port), breaking: None }),
        published: Arc::new(Catalog::usual()),
        clock: Arc::new(TestClock::at(NOON)),
        entropy: Arc::new(SeededEntropy::default()),
        mailer: Arc::new(SimMails { port, delivered: Default::default() }),
        log: Arc::<Lines>::default(),
    };
    let app = App::new(ports, Config::for_testing());
    let mut work = std::pin::pin!(create_staff(&app, STAFF.0, "Ada", STAFF.1, StaffRole::Staff));
    let mut context = Context::from_waker(std::task::Waker::noop());
    while work.as_mut().poll(&mut context).is_pending() {}
    let rows = sqlite.run(&[Statement::new("select password from staff", [])]).expect("the account");
    rows[0].0[0]["password"].as_str().expect("a hash").to_owned()
}
