//! A whole build: the steps, each a value handed to the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ipswich_catalog::published::ShopRecord;
use ipswich_theme::Theme;
use rayon::prelude::*;

use crate::assets::{self, Assets};
use crate::catalog::{self, Catalog, Drafts};
use crate::content::settings::{Settings, check_base_url};
use crate::content::{self, Context, Parsed};
use crate::memory::{self, Entry, Memory};
use crate::names::Names;
use crate::output::{Output, OutputFile};
use crate::pages::{self, PagePlan};
use crate::problem::{Problem, did_you_mean};
use crate::source::{self, BinaryFile, ContentFiles, TextFile, ThemeFiles, ThemeSearch};
use crate::views::Views;
use crate::{links, pictures, plain, publish, render};

/// What to build, and where to.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The project: the folder that holds `content/` and `themes/`.
    pub root: PathBuf,
    /// The folder with the content, if it is not `content/` in the project. Then the settings of the shop and the home
    /// page may be missing; defaults stand in for them.
    pub content: Option<PathBuf>,
    /// The folder for the output, `dist` in the project if not given.
    pub out: PathBuf,
    /// The public address, if it is not that of `content/shop.toml`: local servers and staging.
    pub base_url: Option<String>,
}

impl BuildOptions {
    fn content_folder(&self) -> PathBuf {
        self.content.clone().unwrap_or_else(|| self.root.join("content"))
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
    /// Rendering the pages that changed, making the records, and writing both beside the output.
    Render,
    /// Putting what changed in its place.
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
    clock.begin(Step::Read);
    let inputs = inputs(options);
    let memory = Memory::load(&options.out);
    if let Some(mut report) = memory.unchanged(inputs.as_deref(), &options.out) {
        clock.finish(&mut report);
        return Ok(report);
    }
    let (mut report, entries) = make(options, Some(&options.out), &memory, &mut clock)?;
    Memory::save(&options.out, inputs.as_deref(), &report, &entries)?;
    clock.finish(&mut report);
    Ok(report)
}

/// Does everything but writing.
pub fn check(options: &BuildOptions) -> Result<BuildReport, BuildFailure> {
    let mut clock = StepClock::new(&|_| ());
    clock.begin(Step::Read);
    let (mut report, _) = make(options, None, &Memory::default(), &mut clock)?;
    clock.finish(&mut report);
    Ok(report)
}

/// Stands for everything that a build depends on. The day is a part, because content can be due on one.
fn inputs(options: &BuildOptions) -> Option<String> {
    let day =
        chrono::DateTime::from_timestamp(i64::try_from(unix_seconds()?).ok()?, 0)?.date_naive().to_string();
    let folders = [options.content_folder(), options.root.join("themes")];
    memory::inputs(&folders, &[&day, options.base_url.as_deref().unwrap_or("")])
}

fn unix_seconds() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
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

/// Makes all files of the output; writes nothing without `out`.
fn make(
    options: &BuildOptions,
    out: Option<&Path>,
    memory: &Memory,
    clock: &mut StepClock<'_>,
) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
    if let Some(Err(message)) = options.base_url.as_deref().map(check_base_url) {
        return Err(BuildFailure::Io(anyhow::anyhow!("--base-url: {message}")));
    }
    let mut problems = Vec::new();
    let mut files = source::read_content(&options.content_folder(), &mut problems)?;
    if options.content.is_some() {
        files.fill_up();
    }
    let settings = read_settings(&files, options, &mut problems);
    let (theme, static_files) = read_theme(&files, settings.as_ref(), options, &mut problems)?;
    clock.begin(Step::Check);
    let assets = assets::prepare(static_files, &mut problems);
    let shop = settings.as_ref().map(|settings| settings.shop.clone());
    let catalog = parse(&files, settings, &mut problems);
    let images = std::mem::take(&mut files.images);
    // The texts are in the catalog now.
    drop(files);
    match catalog {
        Some(catalog) if problems.is_empty() => {
            let parts = Parts { catalog: &catalog, theme: &theme, assets: &assets, images: &images };
            match out {
                Some(out) => parts.make(Output::open(out, memory)?, clock),
                None => parts.make(Output::nowhere(memory), clock),
            }
        }
        _ => {
            // The pages cannot be rendered, but templates that are wrong for themselves can be found.
            if let Some(shop) = shop {
                let record = publish::empty_record(shop, assets.addresses);
                problems.extend(check_templates(&theme, &theme_of(&theme, &record)));
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
fn parse(files: &ContentFiles, settings: Option<Settings>, problems: &mut Vec<Problem>) -> Option<Catalog> {
    let names = Names::new(files, problems);
    let pictures = pictures::inspect(&files.images, problems);
    let settings = settings?;
    let context = Context {
        settings: &settings.shop,
        settings_are_whole: settings.is_whole,
        names: &names,
        pictures: &pictures,
    };
    let mut drafts = Drafts {
        products: parse_all(&files.products, problems, |file| content::product::parse(file, &context)),
        categories: parse_all(&files.categories, problems, |file| content::category::parse(file, &context)),
        pages: parse_all(&files.pages, problems, |file| content::page::parse(file, &context)),
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
    catalog::check_skus(files, &drafts, problems);
    links::check(files, &names, &drafts, problems);
    Catalog::assemble(settings, drafts, &names, pictures)
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
fn check_templates(files: &ThemeFiles, theme: &Theme) -> Vec<Problem> {
    if files.folder.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for name in pages::TEMPLATES {
        if !files.templates.iter().any(|file| file.name == name) {
            let path = format!("{}/templates/{name}", files.folder);
            problems.push(Problem::of_file(path, "the theme lacks this template", "add the file"));
        }
    }
    let errors = theme.check(files.templates.iter().map(|file| file.name.as_str()));
    problems.extend(errors.iter().map(|error| render::template_problem(files, error, "")));
    problems
}

fn theme_of(files: &ThemeFiles, record: &ShopRecord) -> Theme {
    let templates = files.templates.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    Theme::new(templates, record)
}

/// Everything that is published, and how it looks.
struct Parts<'p> {
    catalog: &'p Catalog,
    theme: &'p ThemeFiles,
    assets: &'p Assets,
    images: &'p [BinaryFile],
}

impl Parts<'_> {
    /// Makes all files. After a mistake of a template the output is as it was.
    fn make(
        &self,
        output: Output<'_>,
        clock: &mut StepClock<'_>,
    ) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
        clock.begin(Step::Render);
        let made = self.render(&output);
        let (mut report, entries) = match made {
            Ok(made) => made,
            Err(failure) => {
                output.abandon()?;
                return Err(failure);
            }
        };
        clock.begin(Step::Write);
        let written = output.finish(&entries)?;
        (report.written, report.removed) = (written.changed, written.removed);
        Ok((report, entries))
    }

    fn render(&self, output: &Output<'_>) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
        let catalog = self.catalog;
        let sku_files = publish::sku_files(catalog)?;
        let mut record =
            publish::shop_record(catalog, self.assets.addresses.clone(), publish::shards(&sku_files));
        // Pages do not name their release: it would change every page with every change of one.
        let theme = theme_of(self.theme, &record);
        let problems = check_templates(self.theme, &theme);
        if !problems.is_empty() {
            return Err(content_failure(problems));
        }
        let plans = pages::plan(catalog);
        sku_files.into_par_iter().try_for_each(|file| output.put(file))?;
        let inputs = render::inputs_of_all(self.theme, &record);
        render::render(&plans, &Views::new(catalog), &theme, self.theme, output, inputs.as_ref())
            .map_err(sorted)?;
        for file in [plain::sitemap(catalog, &plans), plain::robots(catalog), plain::headers()] {
            output.put(file)?;
        }
        output.put(publish::templates_file(self.theme)?)?;
        self.put_files(output)?;
        let entries = output.entries();
        record.release = plain::release_name(&entries, &publish::shop_file(&record)?);
        output.put(publish::shop_file(&record)?)?;
        output.put(plain::release_file(&record.release, &output.entries())?)?;
        let entries = output.entries();
        Ok((report(catalog, &plans, &entries, &record), entries))
    }

    /// The files of the theme, and the pictures that something shows.
    fn put_files(&self, output: &Output<'_>) -> anyhow::Result<()> {
        let put = |address: &str, bytes: &[u8]| {
            output.put(OutputFile { path: address.trim_start_matches('/').to_owned(), bytes: bytes.to_vec() })
        };
        self.assets.files.iter().try_for_each(|(address, bytes)| put(address, bytes))?;
        // Two pictures with the same name and the same bytes are one file.
        let used = self.catalog.used_pictures();
        let by_address: BTreeMap<&str, usize> =
            used.into_iter().map(|id| (self.catalog.picture(id).src.as_str(), id.0)).collect();
        by_address.par_iter().try_for_each(|(address, index)| {
            self.images.get(*index).map_or(Ok(()), |image| put(address, &image.bytes))
        })
    }
}

fn sorted(failure: BuildFailure) -> BuildFailure {
    match failure {
        BuildFailure::Content(problems) => content_failure(problems),
        BuildFailure::Io(error) => BuildFailure::Io(error),
    }
}

fn report(catalog: &Catalog, plans: &[PagePlan], entries: &[Entry], record: &ShopRecord) -> BuildReport {
    BuildReport {
        products: catalog.products().len(),
        skus: record.skus as usize,
        categories: catalog.categories().count(),
        pages: plans.len(),
        files: entries.len(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        release: record.release.clone(),
        ..BuildReport::default()
    }
}
