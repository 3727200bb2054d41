//! What a build tells of itself: counts, and how long each step took.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// What a build made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BuildReport {
    /// Products.
    pub products: usize,
    /// SKUs.
    pub skus: usize,
    /// Categories.
    pub categories: usize,
    /// HTML pages.
    pub pages: usize,
    /// Files in the output.
    pub files: usize,
    /// Bytes in the output.
    pub bytes: u64,
    /// Files written because they are new or changed.
    #[serde(skip)]
    pub written: usize,
    /// Files of earlier builds that were removed.
    #[serde(skip)]
    pub removed: usize,
    /// The release: a hash over everything published.
    pub release: String,
    /// What comes near a limit of the hosting plan.
    pub warnings: Vec<String>,
    /// How long it took.
    #[serde(skip)]
    pub elapsed: Duration,
    /// How long each step took, in order.
    #[serde(skip)]
    pub steps: Vec<(Step, Duration)>,
}

/// A step of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading content and theme.
    Read,
    /// Parsing and checking them.
    Check,
    /// Rendering the pages that changed, making the records, and writing both beside the output.
    Render,
    /// Putting what changed in its place.
    Write,
}

/// Measures the steps.
pub(super) struct StepClock<'p> {
    progress: &'p dyn Fn(Step),
    start: Instant,
    begun: Option<(Step, Instant)>,
    steps: Vec<(Step, Duration)>,
}

impl<'p> StepClock<'p> {
    pub(super) fn new(progress: &'p dyn Fn(Step)) -> StepClock<'p> {
        StepClock { progress, start: Instant::now(), begun: None, steps: Vec::new() }
    }

    pub(super) fn begin(&mut self, step: Step) {
        self.steps.extend(self.begun.take().map(|(step, since)| (step, since.elapsed())));
        (self.progress)(step);
        self.begun = Some((step, Instant::now()));
    }

    pub(super) fn finish(mut self, report: &mut BuildReport) {
        self.steps.extend(self.begun.take().map(|(step, since)| (step, since.elapsed())));
        report.steps = self.steps;
        report.elapsed = self.start.elapsed();
    }
}
