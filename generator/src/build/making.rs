//! The third step: pages are rendered, records are made, and each file goes to the output at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use ipswich_catalog::published::ShopRecord;
use ipswich_theme::Theme;
use rayon::prelude::*;

use crate::assets::Assets;
use crate::build::checking::Editions;
use crate::build::report::StepClock;
use crate::build::{BuildFailure, BuildReport, Step, content_failure};
use crate::catalog::Catalog;
use crate::memory::Entry;
use crate::names::ProductId;
use crate::output::{Keys, Output, OutputFile};
use crate::pages::{self, PagePlan};
use crate::pictures::PictureFiles;
use crate::problem::Problem;
use crate::publish::Shards;
use crate::source::ThemeFiles;
use crate::views::Views;
use crate::{budget, feeds, messages, plain, publish, redirects, render, search, sitemap, twins, views};

/// Finds templates that are missing or do not compile.
pub(super) fn check_templates(files: &ThemeFiles, theme: &Theme, has_blog: bool) -> Vec<Problem> {
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

/// The theme with what a record says about the site.
pub(super) fn theme_of(files: &ThemeFiles, record: &ShopRecord) -> Theme {
    Theme::new(messages::templates(files, record.settings.language), record)
}

/// How many pages are made before everything else at most.
const HURRIED_MAX: usize = 50;

/// Everything that is published, and how it looks.
pub(super) struct Parts<'p> {
    pub(super) editions: &'p Editions,
    pub(super) theme: &'p ThemeFiles,
    pub(super) assets: &'p Assets,
    /// Stands for what all pages depend on beside theme and shop record; none if that is not known.
    pub(super) inputs: Option<&'p str>,
    /// Whether a page went to the output before all was made.
    pub(super) hurried: &'p AtomicBool,
    /// Whether what no page shows may be that of an earlier build of this process.
    pub(super) pages_only: bool,
}

impl Parts<'_> {
    /// Makes all files. After a mistake of a template the output is as it was.
    pub(super) fn make(
        &self,
        output: Output<'_>,
        clock: &mut StepClock<'_>,
    ) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
        clock.begin(Step::Render);
        if self.pages_only {
            self.editions.all().try_for_each(|catalog| self.hurry(catalog, &output))?;
        }
        let (mut report, entries) = match self.render(&output) {
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

    /// Puts the pages of the few products that were saved in their places before everything else is made, because
    /// somebody waits for them. What is wrong with them is told when they are made again.
    fn hurry(&self, catalog: &Catalog, output: &Output<'_>) -> anyhow::Result<()> {
        let known = |id: ProductId| {
            let path = PagePlan::of_product(catalog, id).file();
            Some((id, output.is_as_before(&path, views::product_quick_key(catalog, id))?))
        };
        let known: Vec<(ProductId, bool)> =
            (0..catalog.products().len()).into_par_iter().map(ProductId).filter_map(known).collect();
        let saved: Vec<ProductId> =
            known.iter().filter(|(_, is_as_before)| !is_as_before).map(|(id, _)| *id).collect();
        // If no page is as it was, something else than products was saved.
        if saved.is_empty() || saved.len() == known.len() || saved.len() > HURRIED_MAX {
            return Ok(());
        }
        // How many shards there are is on no page.
        let record = publish::shop_record(catalog, self.assets.addresses.clone(), 0);
        let theme = theme_of(self.theme, &record);
        let views = Views::new(catalog, self.assets);
        if let Ok(files) = render::products(&saved, &views, &theme) {
            self.hurried.store(true, Ordering::Relaxed);
            files.iter().try_for_each(|file| output.hurry(file))?;
        }
        Ok(())
    }

    fn render(&self, output: &Output<'_>) -> Result<(BuildReport, Vec<Entry>), BuildFailure> {
        let own = &self.editions.own;
        let plans: Vec<Vec<PagePlan>> = self.editions.all().map(pages::plan).collect();
        // Much of what is no page is made by one thread; the others render meanwhile.
        let (records, files) =
            rayon::join(|| self.pages_and_records(output, &plans), || self.put_files(output, &plans));
        let mut records = records?;
        files?;
        let keys: Vec<Option<&str>> = self.editions.all().map(|catalog| catalog.edition.key()).collect();
        let shop_files = |records: &[ShopRecord]| -> anyhow::Result<Vec<OutputFile>> {
            records.iter().zip(&keys).map(|(record, key)| publish::shop_file(record, *key)).collect()
        };
        let entries = output.entries();
        let release = plain::release_name(&entries, &shop_files(&records)?);
        records.iter_mut().for_each(|record| record.release.clone_from(&release));
        shop_files(&records)?.into_iter().try_for_each(|file| output.put(file))?;
        let entries = output.and_newer(entries);
        if !(self.pages_only && output.keep_all(plain::RELEASE_PATH)) {
            output.put(plain::release_file(&release, own, &entries)?)?;
        }
        let entries = output.and_newer(entries);
        let (problems, warnings) = budget::check(&entries, &own.settings.budget);
        if !problems.is_empty() {
            return Err(content_failure(problems));
        }
        let pages = plans.iter().map(Vec::len).sum();
        Ok((BuildReport { warnings, ..report(own, pages, &entries, &release) }, entries))
    }

    /// Puts the records of goods, and renders the pages in all languages.
    fn pages_and_records(
        &self,
        output: &Output<'_>,
        plans: &[Vec<PagePlan>],
    ) -> Result<Vec<ShopRecord>, BuildFailure> {
        let shards = Shards::of(&self.editions.own, &self.editions.others)?;
        shards.put(output)?;
        let render = |(catalog, plans): (&Catalog, &Vec<PagePlan>)| {
            let record = publish::shop_record(catalog, self.assets.addresses.clone(), shards.count());
            self.pages(catalog, &record, plans, output)?;
            Ok(record)
        };
        self.editions.all().zip(plans).map(render).collect()
    }

    /// Renders the pages in one language.
    fn pages(
        &self,
        catalog: &Catalog,
        record: &ShopRecord,
        plans: &[PagePlan],
        output: &Output<'_>,
    ) -> Result<(), BuildFailure> {
        let templates = messages::templates(self.theme, record.settings.language);
        let inputs = self.inputs.and_then(|inputs| render::inputs_of_all(inputs, &templates, record));
        // Pages do not name their release: it would change every page with every change of one.
        let theme = Theme::new(templates, record);
        let problems = check_templates(self.theme, &theme, !catalog.posts.is_empty());
        if !problems.is_empty() {
            return Err(content_failure(problems));
        }
        render::render(plans, &Views::new(catalog, self.assets), &theme, self.theme, output, inputs.as_ref())
            .map_err(sorted)
    }

    /// Everything that is neither a page nor a record of goods.
    fn put_files(&self, output: &Output<'_>, plans: &[Vec<PagePlan>]) -> anyhow::Result<()> {
        let catalog = &self.editions.own;
        let mut files = vec![plain::robots(catalog), plain::headers(), twins::llms(catalog)];
        if !(self.pages_only && output.keep_all(sitemap::PREFIX)) {
            files.extend(sitemap::files(catalog, plans));
        }
        files.extend(redirects::files(&catalog.redirects)?);
        if !(self.pages_only && output.keep_all(search::FOLDER)) {
            for catalog in self.editions.all() {
                files.extend(search::files(catalog)?);
            }
        }
        for catalog in self.editions.all() {
            files.extend(feeds::files(catalog));
            files.push(publish::templates_file(self.theme, &catalog.edition)?);
        }
        files.into_iter().try_for_each(|file| output.put(file))?;
        if !(self.pages_only && output.keep_all(feeds::MERCHANT_PREFIX)) {
            self.editions.all().try_for_each(|catalog| feeds::put_merchant(catalog, output))?;
        }
        let put = |address: &str, bytes: &[u8]| {
            output.put(OutputFile { path: address.trim_start_matches('/').to_owned(), bytes: bytes.to_vec() })
        };
        self.assets.files.iter().try_for_each(|(address, bytes)| put(address, bytes))?;
        // Programs read the shop's own language.
        if catalog.settings.generated.twins {
            (0..catalog.products().len()).into_par_iter().map(ProductId).try_for_each(|id| {
                // They show what the page shows.
                let quick = views::product_quick_key(catalog, id);
                if twins::paths(catalog.product(id)).iter().all(|path| output.keep_quick(path, quick)) {
                    return Ok(());
                }
                let keys = Keys { quick, ..Keys::default() };
                twins::files(catalog, id)?.into_iter().try_for_each(|file| output.put_keyed(file, keys))
            })?;
        }
        // Two pictures with the same name and the same bytes are one file.
        let used: BTreeSet<_> = self.editions.all().flat_map(Catalog::used_pictures).collect();
        let by_address: BTreeMap<&str, &PictureFiles> = used
            .iter()
            .map(|id| catalog.picture(*id))
            .map(|picture| (&*picture.src, &picture.files))
            .collect();
        by_address.into_par_iter().try_for_each(|(address, files)| match files {
            PictureFiles::None => Ok(()),
            PictureFiles::Drawing(bytes) => put(address, bytes),
            PictureFiles::Encoded(encoded) => encoded.iter().try_for_each(|file| output.copy(file)),
        })
    }
}

fn sorted(failure: BuildFailure) -> BuildFailure {
    match failure {
        BuildFailure::Content(problems) => content_failure(problems),
        BuildFailure::Io(error) => BuildFailure::Io(error),
    }
}

fn report(catalog: &Catalog, pages: usize, entries: &[Entry], release: &str) -> BuildReport {
    BuildReport {
        products: catalog.products().len(),
        skus: catalog.products().iter().map(|product| product.variants.len()).sum(),
        categories: catalog.categories().count(),
        pages,
        files: entries.len(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        release: release.to_owned(),
        ..BuildReport::default()
    }
}
