//! The ports under the simulator's control: each call waits for its turn, and some of them fail.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use ipswich_server::Sqlite;
use ipswich_shop::ports::{Db, DbError, Mail, MailError, Mailer, Param, PortFuture, Rows, Statement};

use super::guards::{Breaking, MustGuard};
use super::rng::{Rng, Trace};

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The connection breaks before the call ran.
    LoseRequest,
    /// The call runs, then the connection breaks.
    LoseAnswer,
    /// The call does not run and fails for a reason nobody knows.
    Refuse,
    /// The call runs, and still it says that it failed.
    RunAndRefuse,
    /// There is too much to do.
    Overload,
    /// The call does not run and never answers: the one who asked is gone at some time.
    Hang,
    /// The call runs and never answers.
    RunAndHang,
}

impl Fault {
    /// All ways to fail.
    pub const ALL: [Fault; 7] = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::Refuse,
        Fault::RunAndRefuse,
        Fault::Overload,
        Fault::Hang,
        Fault::RunAndHang,
    ];

    fn runs(self) -> bool {
        matches!(self, Fault::LoseAnswer | Fault::RunAndRefuse | Fault::RunAndHang)
    }
}

/// Which calls fail.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Faults {
    None,
    /// So many of a thousand.
    Some(u64),
    /// The one after so many others.
    At(u64, Fault),
}

/// What all ports of one episode share.
pub(crate) struct Port(Mutex<State>);

struct State {
    rng: Rng,
    trace: Trace,
    faults: Faults,
    /// The request that is being polled.
    current: u64,
    hung: BTreeSet<u64>,
    faulted: BTreeSet<u64>,
    calls: u64,
    failed: u64,
    wrote: bool,
    seen: BTreeSet<&'static str>,
    musts: BTreeSet<MustGuard>,
}

impl Port {
    pub(crate) fn new(seed: u64, faults: Faults) -> Arc<Port> {
        Arc::new(Port(Mutex::new(State {
            rng: Rng::new(seed),
            trace: Trace::default(),
            faults,
            current: 0,
            hung: BTreeSet::new(),
            faulted: BTreeSet::new(),
            calls: 0,
            failed: 0,
            wrote: false,
            seen: BTreeSet::new(),
            musts: BTreeSet::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws from the one source of chance.
    pub(crate) fn draw<T>(&self, with: impl FnOnce(&mut Rng) -> T) -> T {
        with(&mut self.state().rng)
    }

    /// Notes something that happened.
    pub(crate) fn note(&self, what: &str) {
        self.state().trace.add(what.as_bytes());
    }

    pub(crate) fn trace(&self) -> u64 {
        self.state().trace.0
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Calls so far, and how many of them failed on purpose.
    pub(crate) fn calls(&self) -> (u64, u64) {
        let state = self.state();
        (state.calls, state.failed)
    }

    /// Whether something was written since the last time this was asked.
    pub(crate) fn take_wrote(&self) -> bool {
        std::mem::take(&mut self.state().wrote)
    }

    /// Every text that went to the database.
    pub(crate) fn seen(&self) -> BTreeSet<&'static str> {
        self.state().seen.clone()
    }

    /// Every guard statement that went to the database, with the statement before it.
    pub(crate) fn musts(&self) -> BTreeSet<MustGuard> {
        self.state().musts.clone()
    }

    pub(crate) fn enter(&self, request: u64) -> u64 {
        std::mem::replace(&mut self.state().current, request)
    }

    pub(crate) fn is_hung(&self, request: u64) -> bool {
        self.state().hung.contains(&request)
    }

    pub(crate) fn was_faulted(&self, request: u64) -> bool {
        self.state().faulted.contains(&request)
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut state = self.state();
        let call = state.calls;
        state.calls += 1;
        let fault = match state.faults {
            Faults::None => None,
            Faults::Some(per_mille) => {
                let fails = state.rng.chance(per_mille);
                fails.then(|| Fault::ALL[state.rng.below(Fault::ALL.len())])
            }
            Faults::At(after, fault) => (call == after).then_some(fault),
        };
        if fault.is_some() {
            state.failed += 1;
            let current = state.current;
            state.faulted.insert(current);
        }
        fault
    }

    fn hang(&self) {
        let mut state = self.state();
        let current = state.current;
        state.hung.insert(current);
    }
}

/// Gives everybody else a turn.
pub(crate) fn turn() -> impl Future<Output = ()> + Send {
    let mut waited = false;
    poll_fn(move |_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending })
}

/// The database of an episode.
pub(crate) struct SimDb {
    pub(crate) sqlite: Sqlite,
    pub(crate) port: Arc<Port>,
    pub(crate) breaking: Option<Breaking>,
}

impl SimDb {
    fn run(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DbError> {
        let statements = self.look_at(statements);
        let result = self.sqlite.run(&statements);
        let mut state = self.port.state();
        state.wrote |= result.is_ok() && statements.iter().any(|statement| !is_read(statement.sql));
        for statement in &statements {
            state.trace.add(statement.sql.as_bytes());
            for param in &statement.params {
                match param {
                    Param::Null => state.trace.add(b"null"),
                    Param::Int(number) => state.trace.add(&number.to_le_bytes()),
                    Param::Text(text) => state.trace.add(text.as_bytes()),
                }
            }
        }
        state.trace.add(format!("{result:?}").as_bytes());
        result
    }

    /// Remembers the texts, and takes out a guard that this run does without.
    fn look_at(&self, mut statements: Vec<Statement>) -> Vec<Statement> {
        let mut state = self.port.state();
        let mut before = "";
        for statement in &mut statements {
            let sql = statement.sql;
            state.seen.insert(sql);
            if let Some(must) = MustGuard::of(before, sql) {
                if self.breaking.as_ref().is_some_and(|breaking| breaking.takes_out(&must)) {
                    *statement = Statement { sql: "select 1 where 0", params: vec![] };
                }
                state.musts.insert(must);
            }
            before = sql;
        }
        statements
    }
}

/// Whether a statement only reads.
pub(crate) fn is_read(sql: &str) -> bool {
    sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

impl Db for SimDb {
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            turn().await;
            let fault = self.port.next_fault();
            let result = match fault {
                Some(fault) if !fault.runs() => Ok(vec![]),
                _ => self.run(statements),
            };
            turn().await;
            match fault {
                None => result,
                Some(Fault::LoseRequest | Fault::LoseAnswer) => {
                    Err(DbError::Transient("Network connection lost".to_owned()))
                }
                Some(Fault::Refuse) => Err(DbError::Other("internal error; reference = 7".to_owned())),
                Some(Fault::RunAndRefuse) => {
                    result.and_then(|_| Err(DbError::Other("internal error; reference = 8".to_owned())))
                }
                Some(Fault::Overload) => Err(DbError::Overloaded("D1 DB is overloaded".to_owned())),
                Some(Fault::Hang | Fault::RunAndHang) => {
                    self.port.hang();
                    std::future::pending().await
                }
            }
        })
    }
}

/// The mail of an episode.
pub(crate) struct SimMails {
    pub(crate) port: Arc<Port>,
    pub(crate) delivered: Mutex<Vec<Mail>>,
}

impl SimMails {
    pub(crate) fn all(&self) -> Vec<Mail> {
        self.delivered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Mailer for SimMails {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            turn().await;
            let fault = self.port.next_fault();
            if fault.is_none_or(Fault::runs) {
                self.port.note(&mail.dedupe);
                self.delivered.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
            }
            match fault {
                None => Ok(()),
                Some(Fault::Hang | Fault::RunAndHang) => {
                    self.port.hang();
                    std::future::pending().await
                }
                Some(_) => Err(MailError("the mail server hung up".to_owned())),
            }
        })
    }
}
