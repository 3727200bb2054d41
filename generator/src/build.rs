//! A whole build: the steps, each a value handed to the next.

mod checking;
mod inputs;
mod making;
mod reading;
mod report;
mod workspace;

use std::path::{Path, PathBuf};

pub use self::report::{BuildReport, Step};
pub use self::workspace::Workspace;

use self::checking::parse;
use self::making::{Parts, check_templates, theme_of};
use self::reading::{read_content, read_settings, read_theme};
use self::report::StepClock;
use self::workspace::Products;
use crate::assets;
use crate::catalog::Catalog;
use crate::content::settings::check_base_url;
use crate::day::Day;
use crate::memory::{Entry, Memory};
use crate::output::Output;
use crate::pages::{self, PagePlan};
use crate::problem::{Problem, WrongUse};
use crate::since::Since;
use crate::source::{Texts, ThemeFiles};
use crate::{messages, publish, since};

/// What to build, and where to.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The project: the folder that holds `content/` and `themes/`.
    pub root: PathBuf,
    /// The folder with the content, if it is not `content/` in the project. Then `shop.toml` and the home page may be
    /// missing; defaults stand in for them.
    pub content: Option<PathBuf>,
    /// The folder for the output, `dist` in the project if not given.
    pub out: PathBuf,
    /// The public address, if it is not that of `content/shop.toml`: local servers and staging.
    pub base_url: Option<String>,
    /// The day of the build: what is published from or until a day is shown or not by it.
    pub today: Day,
    /// Whether drafts, and what is for other days, are built too, with a badge that says so: for editors.
    pub drafts: bool,
    /// What pages and prices are compared with.
    pub since: Since,
    /// Whether pages of that release may vanish.
    pub allow_vanished: bool,
}

impl BuildOptions {
    /// A build of the project at `root` into its `dist`, on the day `today`, as visitors see it.
    pub fn new(root: impl Into<PathBuf>, today: Day) -> BuildOptions {
        let root = root.into();
        let out = root.join("dist");
        let (since, base_url) = (Since::default(), None);
        let content = None;
        BuildOptions { root, content, out, base_url, today, drafts: false, since, allow_vanished: false }
    }

    /// The folder with the content.
    pub(crate) fn content_folder(&self) -> PathBuf {
        self.content.clone().unwrap_or_else(|| self.root.join("content"))
    }
}

/// Why there is no new output. The last good output is left as it was.
#[derive(Debug)]
pub enum BuildFailure {
    /// Mistakes in content or theme, sorted by file, line and column.
    Content(Vec<Problem>),
    /// A file could not be read or written.
    Io(anyhow::Error),
}

impl From<anyhow::Error> for BuildFailure {
    fn from(error: anyhow::Error) -> BuildFailure {
        BuildFailure::Io(error)
    }
}

/// Builds the site. Reports every mistake of the content at once.
pub fn build(options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
    build_with_progress(options, &|_| ())
}

/// Builds the site and says which step begins.
pub fn build_with_progress(
    options: &BuildOptions,
    progress: &dyn Fn(Step),
) -> Result<BuildReport, BuildFailure> {
    Workspace::default().build_with_progress(options, progress)
}

/// Does everything but writing.
pub fn check(options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
    let mut clock = StepClock::new(&|_| ());
    clock.begin(Step::Read);
    let (mut report, _) = make(&mut Workspace::default(), options, None, &Memory::default(), &mut clock)?;
    clock.finish(&mut report);
    Ok(report)
}

/// The checked catalog of a project, without its theme and pages.
pub(crate) fn catalog_of(options: &BuildOptions) -> Result<Catalog, BuildFailure> {
    let mut problems = Vec::new();
    let files = read_content(options, &mut Texts::default(), &mut problems)?;
    let settings = read_settings(&files, options, &mut problems);
    let theme = ThemeFiles::default();
    match parse(&files, &theme, settings, options, &mut Products::default(), None, &mut problems)? {
        Some(editions) if problems.is_empty() => Ok(editions.own),
        _ => Err(content_failure(problems)),
    }
}

/// Makes all files of the output; writes nothing without `out`.
fn make(
    workspace: &mut Workspace,
    options: &BuildOptions,
    out: Option<&Path>,
    memory: &Memory,
    clock: &mut StepClock<'_>,
) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
    if let Some(Err(message)) = options.base_url.as_deref().map(check_base_url) {
        return Err(BuildFailure::Io(WrongUse(format!("--base-url: {message}")).into()));
    }
    let mut problems = Vec::new();
    let files = read_content(options, &mut workspace.texts, &mut problems)?;
    let settings = read_settings(&files, options, &mut problems);
    let (theme, static_files) = read_theme(&files, settings.as_ref(), options, &mut problems)?;
    clock.begin(Step::Check);
    let assets = assets::prepare(static_files, &mut problems);
    if let Some(settings) = &settings {
        problems.extend(messages::check(&theme, &settings.locales()));
    }
    let shop = settings.as_ref().map(|settings| settings.shop.clone());
    let inputs = inputs::of_pages(options, &files);
    let base = inputs::base(&theme, &assets.addresses);
    let editions = parse(&files, &theme, settings, options, &mut workspace.products, base, &mut problems)?;
    if let Some(editions) = &editions {
        let urls: Vec<PagePlan> = editions.all().flat_map(pages::plan).collect();
        problems.extend(since::check(options, &files, &editions.own, &urls)?);
    }
    let has_blog = !files.posts.is_empty();
    // The texts are in the catalog now.
    drop(files);
    match editions {
        Some(editions) if problems.is_empty() => {
            let inputs = inputs.as_deref();
            let pages_only = workspace.pages_only;
            let hurried = &workspace.hurried;
            let parts =
                Parts { editions: &editions, theme: &theme, assets: &assets, inputs, pages_only, hurried };
            match out {
                Some(out) => parts.make(Output::open(out, memory)?, clock),
                None => parts.make(Output::nowhere(memory), clock),
            }
        }
        _ => {
            // The pages cannot be rendered, but templates that are wrong for themselves can be found.
            if let Some(shop) = shop {
                let record = publish::empty_record(shop, assets.addresses);
                problems.extend(check_templates(&theme, &theme_of(&theme, &record), has_blog));
            }
            Err(content_failure(problems))
        }
    }
}

fn content_failure(mut problems: Vec<Problem>) -> BuildFailure {
    problems.sort();
    problems.dedup();
    BuildFailure::Content(problems)
}
