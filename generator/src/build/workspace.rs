//! What one process keeps between builds of a project, so that a save costs what it changes and no more.
//!
//! A build in a fresh process and one in a process that built before run the same steps. The latter finds texts that
//! it need not read again, products that it need not parse again, and knows the output without looking at it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::build::report::StepClock;
use crate::build::{BuildFailure, BuildOptions, BuildReport, Step, inputs, make};
use crate::content::product::Product;
use crate::memory::{Key, Memory};
use crate::source::Texts;

/// What is kept. One that was just made is empty, which is what a process with a single build uses.
#[derive(Debug, Default)]
pub struct Workspace {
    /// The texts as they were read.
    pub(super) texts: Texts,
    /// The products as they were parsed.
    pub(super) products: Products,
    /// What the last build wrote, and where to.
    output: Option<(PathBuf, Memory)>,
    /// Whether what no page shows may be that of an earlier build.
    pub(super) pages_only: bool,
    /// Whether the build at hand put a page in its place before all was made.
    pub(super) hurried: AtomicBool,
}

/// Parsed products, each with the text it was parsed from.
#[derive(Debug, Default)]
pub(super) struct Products {
    /// Whether there will be more builds, so that keeping is worth its memory.
    pub(super) keeps: bool,
    /// What parsing looks at beside the text of the product; see [`inputs::world`].
    pub(super) world: Option<Key>,
    pub(super) parsed: Vec<Option<(Arc<String>, Arc<Product>)>>,
}

impl Workspace {
    /// A workspace for many builds of one project, as while somebody writes. Nobody else may write to the output.
    pub fn new() -> Workspace {
        let products = Products { keeps: true, ..Products::default() };
        Workspace {
            products,
            texts: Texts::kept(),
            output: None,
            pages_only: false,
            hurried: AtomicBool::new(false),
        }
    }

    /// Builds the site. Reports every mistake of the content at once.
    ///
    /// # Errors
    ///
    /// If the content has mistakes, or a file cannot be read or written. Then the output is as it was.
    pub fn build(&mut self, options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
        self.build_with_progress(options, &|_| ())
    }

    /// Builds the site but leaves what is made from all products and no page shows as this workspace made it before:
    /// the search index, the site map, the feed for merchants and the list of files. They take longer than everything
    /// else after a save. [`Workspace::build`] makes them afterwards.
    ///
    /// # Errors
    ///
    /// As [`Workspace::build`].
    pub fn build_pages(&mut self, options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
        self.pages_only = true;
        let outcome = self.build(options);
        self.pages_only = false;
        outcome
    }

    /// Builds the site and says which step begins.
    ///
    /// # Errors
    ///
    /// As [`Workspace::build`].
    pub fn build_with_progress(
        &mut self,
        options: &BuildOptions,
        progress: &dyn Fn(Step),
    ) -> Result<BuildReport, BuildFailure> {
        let mut clock = StepClock::new(progress);
        clock.begin(Step::Read);
        let known = self.output.take().filter(|(out, _)| *out == options.out).map(|(_, memory)| memory);
        let inputs = match known {
            // The files are looked at one by one.
            Some(_) => None,
            None => inputs::of(options),
        };
        let (is_first, keeps) = (known.is_none(), self.products.keeps);
        let memory = known.unwrap_or_else(|| Memory::load(&options.out));
        if let Some(mut report) = memory.unchanged(inputs.as_deref(), &options.out).filter(|_| !keeps) {
            clock.finish(&mut report);
            return Ok(report);
        }
        self.hurried.store(false, Ordering::Relaxed);
        match make(self, options, Some(&options.out), &memory, &mut clock) {
            Ok((mut report, entries)) => {
                // Later builds are not remembered on disk: what is, is trusted for files that have its times only.
                if is_first {
                    Memory::save(&options.out, inputs.as_deref(), &report, &entries)?;
                }
                if keeps {
                    self.output = Some((options.out.clone(), Memory::trusted(entries)));
                }
                clock.finish(&mut report);
                Ok(report)
            }
            Err(BuildFailure::Content(problems)) => {
                // Nothing was written, or not all; then the next build looks at the files one by one.
                if keeps && !is_first && !self.hurried.load(Ordering::Relaxed) {
                    self.output = Some((options.out.clone(), memory));
                }
                Err(BuildFailure::Content(problems))
            }
            // What is in the output now is not certain.
            Err(failure) => Err(failure),
        }
    }
}
