//! A whole build: the steps, each a value handed to the next.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ipswich_catalog::published::ShopRecord;
use ipswich_theme::Theme;
use rayon::prelude::*;

use crate::assets::{self, Assets};
use crate::catalog::{self, Catalog, Drafts};
use crate::content::product::Product;
use crate::content::settings::{Settings, check_base_url};
use crate::content::{self, Context, Parsed};
use crate::day::Day;
use crate::names::Names;
use crate::output::{self, CopiedFile, OutputFile};
use crate::pages::{self, PagePlan};
use crate::pictures::PictureFiles;
use crate::problem::{Problem, did_you_mean};
use crate::since::Since;
use crate::source::{self, BinaryFile, ContentFiles, TextFile, ThemeFiles, ThemeSearch};
use crate::views::Views;
use crate::{budget, feeds, links, lists, messages, pictures, plain, publish, redirects, render, since};

/// What to build, and where to.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The project: the folder that holds `content/` and `themes/`.
    pub root: PathBuf,
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
        BuildOptions { root, out, base_url, today, drafts: false, since, allow_vanished: false }
    }
}

/// What a build made.
#[derive(Clone, Debug, Default)]
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
    pub written: usize,
    /// Files of earlier builds that were removed.
    pub removed: usize,
    /// The release: a hash over everything published.
    pub release: String,
    /// What comes near a limit of the hosting plan.
    pub warnings: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
    /// How long each step took, in order.
    pub steps: Vec<(Step, Duration)>,
}

/// A step of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading content and theme.
    Read,
    /// Parsing and checking them.
    Check,
    /// Rendering the pages and making the records.
    Render,
    /// Writing what changed.
    Write,
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
    let mut clock = StepClock::new(progress);
    let (made, mut report) = make(options, &mut clock)?;
    clock.begin(Step::Write);
    let written = output::write(&options.out, &made.files, &made.copied)?;
    (report.written, report.removed) = (written.changed, written.removed);
    clock.finish(&mut report);
    Ok(report)
}

/// Does everything but writing.
pub fn check(options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
    let mut clock = StepClock::new(&|_| ());
    let (_, mut report) = make(options, &mut clock)?;
    clock.finish(&mut report);
    Ok(report)
}

/// The checked catalog of a project, without its theme and pages.
pub(crate) fn catalog_of(options: &BuildOptions) -> Result<Catalog, BuildFailure> {
    let mut problems = Vec::new();
    let files = source::read_content(&options.root, &mut problems)?;
    let settings = read_settings(&files, options, &mut problems);
    match parse(&files, settings, options, &mut problems)? {
        Some(catalog) if problems.is_empty() => Ok(catalog),
        _ => Err(content_failure(problems)),
    }
}

/// Measures the steps.
struct StepClock<'p> {
    progress: &'p dyn Fn(Step),
    start: Instant,
    begun: Option<(Step, Instant)>,
    steps: Vec<(Step, Duration)>,
}

impl<'p> StepClock<'p> {
    fn new(progress: &'p dyn Fn(Step)) -> StepClock<'p> {
        StepClock { progress, start: Instant::now(), begun: None, steps: Vec::new() }
    }

    fn begin(&mut self, step: Step) {
        self.steps.extend(self.begun.take().map(|(step, since)| (step, since.elapsed())));
        (self.progress)(step);
        self.begun = Some((step, Instant::now()));
    }

    fn finish(mut self, report: &mut BuildReport) {
        self.steps.extend(self.begun.take().map(|(step, since)| (step, since.elapsed())));
        report.steps = self.steps;
        report.elapsed = self.start.elapsed();
    }
}

/// What is to be written.
struct Made {
    files: Vec<OutputFile>,
    /// Pictures, which lie in the cache and are never in memory together.
    copied: Vec<CopiedFile>,
}

/// Makes all files of the output but pictures in memory.
fn make(options: &BuildOptions, clock: &mut StepClock<'_>) -> Result<(Made, BuildReport), BuildFailure> {
    if let Some(Err(message)) = options.base_url.as_deref().map(check_base_url) {
        return Err(BuildFailure::Io(anyhow::anyhow!("--base-url: {message}")));
    }
    let mut problems = Vec::new();
    clock.begin(Step::Read);
    let files = source::read_content(&options.root, &mut problems)?;
    let settings = read_settings(&files, options, &mut problems);
    let (theme, static_files) = read_theme(&files, settings.as_ref(), options, &mut problems)?;
    clock.begin(Step::Check);
    let assets = assets::prepare(static_files, &mut problems);
    if let Some(settings) = &settings {
        problems.extend(messages::check(&theme, &[settings.shop.language]));
    }
    let shop = settings.as_ref().map(|settings| settings.shop.clone());
    let catalog = parse(&files, settings, options, &mut problems)?;
    if let Some(catalog) = &catalog {
        problems.extend(since::check(options, &files, catalog)?);
    }
    let has_blog = !files.posts.is_empty();
    clock.begin(Step::Render);
    match catalog {
        Some(catalog) if problems.is_empty() => make_files(&catalog, &theme, assets),
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

fn read_settings(
    files: &ContentFiles,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> Option<Settings> {
    let Some(file) = &files.settings else {
        let help =
            "add it; the settings of the shop are its name, address, currency, taxes and delivery methods";
        problems.push(Problem::of_file("content/shop.toml", "the file is missing", help));
        return None;
    };
    let Parsed { mut value, problems: found } = content::settings::parse(file);
    problems.extend(found);
    if let (Some(settings), Some(url)) = (&mut value, &options.base_url) {
        settings.shop.base_url.clone_from(url);
    }
    value
}

fn read_theme(
    files: &ContentFiles,
    settings: Option<&Settings>,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<(ThemeFiles, Vec<BinaryFile>)> {
    let (Some(file), Some(settings)) = (&files.settings, settings) else {
        return Ok(Default::default());
    };
    if settings.theme.is_empty() {
        return Ok(Default::default());
    }
    match source::read_theme(&options.root, &settings.theme, problems)? {
        ThemeSearch::Found(theme, files) => Ok((theme, files)),
        ThemeSearch::NotFound(known) => {
            let help = did_you_mean(&settings.theme, known.iter().map(String::as_str), || {
                format!("themes/ has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })
            });
            let message = format!("there is no theme {:?}", settings.theme);
            problems.push(file.problem(settings.theme_span.clone(), message, help));
            Ok(Default::default())
        }
    }
}

/// Parses all files and checks them against each other. Without settings nothing else can be read rightly.
fn parse(
    files: &ContentFiles,
    settings: Option<Settings>,
    options: &BuildOptions,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<Option<Catalog>> {
    let names = Names::new(files, problems);
    let pictures = pictures::inspect(&options.root, &files.images, problems)?;
    let Some(settings) = settings else { return Ok(None) };
    let context = Context {
        settings: &settings.shop,
        settings_are_whole: settings.is_whole,
        today: options.today,
        names: &names,
        pictures: &pictures,
    };
    let mut drafts = Drafts {
        products: parse_all(&files.products, problems, |file| content::product::parse(file, &context)),
        categories: parse_all(&files.categories, problems, |file| content::category::parse(file, &context)),
        pages: parse_all(&files.pages, problems, |file| content::page::parse(file, &context)),
        collections: parse_all(&files.collections, problems, |file| {
            content::collection::parse(file, &context)
        }),
        posts: parse_all(&files.posts, problems, |file| content::post::parse(file, &context)),
        words: HashSet::new(),
        home: None,
    };
    match &files.home {
        Some(file) => {
            let parsed = content::home::parse(file, &context);
            problems.extend(parsed.problems);
            drafts.home = parsed.value;
        }
        None => {
            let help = "add it, with title, description, [hero], [featured] and [story]";
            problems.push(Problem::of_file("content/home.md", "the file is missing", help));
        }
    }
    if options.drafts {
        drafts.products.iter_mut().flatten().for_each(Product::reveal);
        drafts.posts.iter_mut().flatten().for_each(|post| post.hidden = None);
    }
    catalog::check_skus(files, &drafts, problems);
    drafts.words = lists::check(files, &drafts, problems).into_iter().collect();
    let moved = redirects::collect(files, &names, &drafts, &settings, problems);
    links::check(files, &names, &drafts, &moved.targets, problems);
    Ok(Catalog::assemble(settings, drafts, moved.redirects, &names, options.today, pictures))
}

fn parse_all<T: Send>(
    files: &[TextFile],
    problems: &mut Vec<Problem>,
    parse: impl Fn(&TextFile) -> Parsed<T> + Send + Sync,
) -> Vec<Option<T>> {
    let parsed: Vec<Parsed<T>> = files.par_iter().map(parse).collect();
    let mut values = Vec::with_capacity(parsed.len());
    for one in parsed {
        problems.extend(one.problems);
        values.push(one.value);
    }
    values
}

/// Finds templates that are missing or do not compile.
fn check_templates(files: &ThemeFiles, theme: &Theme, has_blog: bool) -> Vec<Problem> {
    if files.folder.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let blog: &[&str] = if has_blog { &pages::BLOG_TEMPLATES } else { &[] };
    for name in pages::TEMPLATES.iter().chain(blog) {
        if !files.templates.iter().any(|file| file.name == *name) {
            let path = format!("{}/templates/{name}", files.folder);
            problems.push(Problem::of_file(path, "the theme lacks this template", "add the file"));
        }
    }
    let errors = theme.check(files.templates.iter().map(|file| file.name.as_str()));
    problems.extend(errors.iter().map(|error| render::template_problem(files, error, "")));
    problems
}

fn theme_of(files: &ThemeFiles, record: &ShopRecord) -> Theme {
    Theme::new(messages::templates(files, record.settings.language), record)
}

/// Renders everything that is published.
fn make_files(
    catalog: &Catalog,
    theme_files: &ThemeFiles,
    assets: Assets,
) -> Result<(Made, BuildReport), BuildFailure> {
    let sku_files = publish::sku_files(catalog)?;
    let mut record = publish::shop_record(catalog, assets.addresses, publish::shards(&sku_files));
    // Pages do not name their release: it would change every page with every change of one.
    let theme = theme_of(theme_files, &record);
    let problems = check_templates(theme_files, &theme, !catalog.posts.is_empty());
    if !problems.is_empty() {
        return Err(content_failure(problems));
    }
    let plans = pages::plan(catalog);
    let views = Views::new(catalog);
    let mut files = render::render(&plans, &views, &theme, theme_files).map_err(content_failure)?;
    files.extend([plain::sitemap(catalog, &plans), plain::robots(catalog), plain::headers()]);
    files.extend(feeds::files(catalog));
    files.extend(redirects::file(&catalog.redirects));
    files.push(publish::templates_file(theme_files, catalog.settings.shop.language)?);
    files.extend(sku_files);
    let published = |address: &str| address.trim_start_matches('/').to_owned();
    files.extend(
        assets.files.into_iter().map(|(address, bytes)| OutputFile { path: published(&address), bytes }),
    );
    let mut copied: Vec<CopiedFile> = Vec::new();
    for id in catalog.used_pictures() {
        let picture = catalog.picture(id);
        match &picture.files {
            PictureFiles::None => {}
            PictureFiles::Drawing(bytes) => {
                files.push(OutputFile { path: published(&picture.src), bytes: bytes.clone() });
            }
            PictureFiles::Encoded(encoded) => copied.extend_from_slice(encoded),
        }
    }
    copied.sort_by(|a, b| a.path.cmp(&b.path));
    copied.dedup_by(|a, b| a.path == b.path);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    record.release = plain::release_name(&files, &copied, &publish::shop_file(&record)?);
    files.push(publish::shop_file(&record)?);
    files.push(plain::release_file(&record.release, catalog, &files, &copied)?);
    let made = Made { files, copied };
    let mut report = report(catalog, &plans, &made, &record);
    let (problems, warnings) = budget::check(&made.files, made.copied.len(), &catalog.settings.budget);
    if !problems.is_empty() {
        return Err(content_failure(problems));
    }
    report.warnings = warnings;
    Ok((made, report))
}

fn report(catalog: &Catalog, plans: &[PagePlan], made: &Made, record: &ShopRecord) -> BuildReport {
    let in_memory = made.files.iter().map(|file| file.bytes.len() as u64);
    let on_disk = made.copied.iter().map(|file| file.length);
    BuildReport {
        products: catalog.products().len(),
        skus: record.skus as usize,
        categories: catalog.categories().count(),
        pages: plans.len(),
        files: made.files.len() + made.copied.len(),
        bytes: in_memory.chain(on_disk).sum(),
        release: record.release.clone(),
        ..BuildReport::default()
    }
}
