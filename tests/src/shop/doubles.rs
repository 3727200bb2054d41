//! Ports of a test: a clock that stands still, randomness that repeats, a database that fails when told to.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ipswich_server::Sqlite;
use ipswich_shop::ports::{
    Clock, Db, DbError, Entropy, EntropyError, Log, Mail, MailError, Mailer, PortFuture, Rows, Statement,
};

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock that shows this moment, in Unix seconds.
    pub fn at(now: i64) -> TestClock {
        TestClock(AtomicI64::new(now))
    }

    /// The moment it shows.
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves it forward.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        self.get()
    }
}

/// The same bytes in every run: SplitMix64 from zero.
#[derive(Debug, Default)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The bytes that follow from a seed.
    pub fn of(seed: u64) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn bytes(&self) -> Result<[u8; 32], EntropyError> {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            let mut z =
                self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes());
        }
        Ok(bytes)
    }
}

/// What the database does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It does not answer at all.
    Down,
    /// It has too much to do.
    Overloaded,
    /// The connection breaks before this batch ran; the next one works.
    LoseRequest,
    /// The batch runs, and then the connection breaks; the next one works.
    LoseAnswer,
}

/// A database that fails when told to.
pub struct FaultyDb {
    inner: Sqlite,
    fault: Mutex<(Fault, u32)>,
    batches: AtomicU32,
}

impl FaultyDb {
    /// The database that works so far.
    pub fn over(inner: Sqlite) -> FaultyDb {
        FaultyDb { inner, fault: Mutex::new((Fault::None, 0)), batches: AtomicU32::new(0) }
    }

    /// The database itself.
    pub fn inner(&self) -> &Sqlite {
        &self.inner
    }

    /// What goes wrong from now on.
    pub fn fail(&self, fault: Fault) {
        self.fail_after(0, fault);
    }

    /// What goes wrong after so many more batches.
    pub fn fail_after(&self, batches: u32, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = (fault, batches);
    }

    /// How many batches were sent so far.
    pub fn batches(&self) -> u32 {
        self.batches.load(Ordering::SeqCst)
    }

    fn next_fault(&self) -> Fault {
        let mut planned = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let (fault, after) = *planned;
        if after > 0 {
            planned.1 -= 1;
            return Fault::None;
        }
        if matches!(fault, Fault::LoseRequest | Fault::LoseAnswer) {
            planned.0 = Fault::None;
        }
        fault
    }
}

impl Db for FaultyDb {
    fn batch(&self, statements: Vec<Statement>) -> PortFuture<'_, Result<Vec<Rows>, DbError>> {
        self.batches.fetch_add(1, Ordering::SeqCst);
        let fault = self.next_fault();
        let lost = || DbError::from_message("D1_ERROR: Network connection lost.");
        Box::pin(async move {
            match fault {
                Fault::None => self.inner.batch(statements).await,
                Fault::Down => Err(DbError::from_message("D1_ERROR: secret of /var/lib: disk is gone")),
                Fault::Overloaded => {
                    Err(DbError::from_message("D1 DB is overloaded. Too many requests queued."))
                }
                Fault::LoseRequest => Err(lost()),
                Fault::LoseAnswer => self.inner.batch(statements).await.and_then(|_| Err(lost())),
            }
        })
    }
}

/// A mailer that collects, or refuses.
#[derive(Debug, Default)]
pub struct Mails {
    sent: Mutex<Vec<Mail>>,
    refusing: Mutex<bool>,
}

impl Mails {
    /// Every mail so far.
    pub fn all(&self) -> Vec<Mail> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether mails are refused from now on.
    pub fn refuse(&self, refusing: bool) {
        *self.refusing.lock().unwrap_or_else(PoisonError::into_inner) = refusing;
    }
}

impl Mailer for Mails {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            if *self.refusing.lock().unwrap_or_else(PoisonError::into_inner) {
                return Err(MailError("the mail server is not there".to_owned()));
            }
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
            Ok(())
        })
    }
}

/// A log that can be read.
#[derive(Debug, Default)]
pub struct Lines(Mutex<Vec<String>>);

impl Lines {
    /// Every line so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Log for Lines {
    fn line(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}
