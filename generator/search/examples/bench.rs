//! Measures search: `cargo run --release -p ipswich-search --example bench -- [PRODUCTS]` makes an index of so many products and asks it.
//!
//! The products are those of `content/` over and over, each copy with its own title, number and words in its text,
//! so that the dictionary grows as that of a real shop does. Prints sizes, the time to make the index, and medians and
//! 95th percentiles of queries.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ipswich_search::{
    Card, Category, Checked, Document, File, Image, Index, Language, Loaded, Query, Sort, Source, Synonyms,
};

const ROUNDS: usize = 40;

const QUERIES: [(&str, &str); 12] = [
    ("one word", "mug"),
    ("two words", "wool throw"),
    ("common words", "cotton navy"),
    ("four words", "navy wool fishermans jumper"),
    ("plural", "candles"),
    ("slip", "haedphones"),
    ("two slips", "wierless bluetoth headphnes"),
    ("unknown", "qwertzuiop"),
    ("many words", "warm wool winter hat scarf socks gloves jumper throw blanket fire logs"),
    ("SKU", "cl-gansey-navy-m"),
    ("nothing", ""),
    ("partial", "stoneware helicopter mug"),
];

/// A product of the demo shop.
struct Original {
    slug: String,
    front: toml::Table,
    body: String,
}

/// A copy of a product, which documents borrow from.
struct Copy {
    card: Card,
    category: usize,
    tags: Vec<String>,
    attributes: Vec<(String, String)>,
    skus: Vec<String>,
    summary: String,
    body: String,
}

fn main() -> Result<()> {
    let count = std::env::args().nth(1).map_or(Ok(20_000), |count| count.parse())?;
    let originals = originals()?;
    let mut paths: Vec<String> = originals.iter().map(|one| text(&one.front, "category")).collect();
    paths.sort();
    paths.dedup();
    let copies: Vec<Copy> = (0..count).map(|number| copy(&originals, &paths, number)).collect();
    let documents = copies.iter().map(document).collect();
    let categories = paths.iter().map(|path| Category { path, title: path }).collect();
    let begun = cpu_time();
    let source = Source::new(Language::English, documents, categories);
    let files = source.build(&Synonyms::default());
    let taken = cpu_time().saturating_sub(begun);
    println!("{count} products, made in {taken:.0?} of CPU on one core");
    for kind in ["head", "phrases", "words", "skus", "cards"] {
        let sizes: Vec<usize> =
            files.iter().filter(|one| one.kind() == kind).map(|one| one.bytes.len()).collect();
        println!("{kind:>8}: {:>3} files, {:>9} bytes", sizes.len(), sizes.iter().sum::<usize>());
    }
    println!(
        "     all: {:>3} files, {:>9} bytes",
        files.len(),
        files.iter().map(|one| one.bytes.len()).sum::<usize>()
    );
    if let Some(folder) = std::env::args().nth(2) {
        for file in &files {
            let path = Path::new(&folder).join(file.file.path());
            fs::create_dir_all(path.parent().context("it is in a folder")?)?;
            fs::write(path, &file.bytes)?;
        }
    }
    let mut loaded = Loaded::default();
    let begun = Instant::now();
    for file in files {
        loaded.insert(file.file, Checked::new(file.bytes)?);
    }
    println!("checked all in {:.2?}", begun.elapsed());
    ask(&loaded)
}

/// What this thread has computed, where the system says so; other work on the machine does not count.
fn cpu_time() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(spent.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn ask(loaded: &Loaded) -> Result<()> {
    use ipswich_search::Files;
    let head = loaded.get(File::Head).context("there is a head")?;
    println!("{:<14} {:>9} {:>9} {:>7} {:>6}", "query", "median", "95 %", "found", "files");
    for (name, words) in QUERIES {
        for (typing, sort) in [(false, Sort::Relevance), (true, Sort::PriceUp)] {
            let query = Query { typing, sort, ..Query::of(words) };
            let mut times = Vec::new();
            let (mut total, mut read) = (0, 0);
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                let index = Index::open(head)?;
                let plan = index.plan(&query)?;
                let found = index.find(&query, &plan, loaded)?;
                let cards = index.cards(&found.documents, loaded)?;
                times.push(begun.elapsed());
                assert_eq!(cards.len(), found.documents.len());
                (total, read) = (found.total, plan.files().count() + found.files().count());
            }
            times.sort();
            let at =
                |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or(Duration::ZERO);
            let name = format!("{name}{}", if typing { " …" } else { "" });
            println!("{name:<14} {:>9.2?} {:>9.2?} {total:>7} {read:>6}", at(50), at(95));
        }
    }
    Ok(())
}

fn text(table: &toml::Table, key: &str) -> String {
    table.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn originals() -> Result<Vec<Original>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/products");
    let mut originals = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let slug = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let content = fs::read_to_string(&path)?;
        let mut parts = content.splitn(3, "+++");
        let front = parts.nth(1).context("no front matter")?.parse()?;
        originals.push(Original { slug, front, body: parts.next().unwrap_or_default().to_owned() });
    }
    originals.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(originals)
}

/// A word that few copies share.
fn rare(number: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "wen", "dor", "fal", "gri", "hul", "pem", "zan",
    ];
    let mut seed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 17;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[(seed % 16) as usize]);
        seed /= 16;
    }
    word
}

fn copy(originals: &[Original], paths: &[String], number: usize) -> Copy {
    let original = &originals[number % originals.len()];
    let round = number / originals.len();
    let front = &original.front;
    let list = |value: Option<&toml::Value>| -> Vec<String> {
        let items = value.and_then(|value| value.as_array()).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let title = format!("{} {} {round}", rare(number / 7), text(front, "title"));
    let mut attributes: Vec<(String, String)> = Vec::new();
    for (name, value) in front.get("attributes").and_then(|value| value.as_table()).into_iter().flatten() {
        attributes.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
    }
    let tables = |key: &str| {
        let items = front.get(key).and_then(|value| value.as_array()).cloned().unwrap_or_default();
        items.into_iter().filter_map(|item| item.as_table().cloned())
    };
    for option in tables("options") {
        attributes.extend(list(option.get("values")).into_iter().map(|value| (text(&option, "name"), value)));
    }
    let own = [text(front, "sku")].into_iter().chain(tables("variants").map(|one| text(&one, "sku")));
    let skus = own.map(|sku| if round == 0 { sku } else { format!("{sku}-N{round}") }).collect();
    let price = text(front, "price").replace('.', "").parse().unwrap_or(0) + (round as u64 * 37) % 900;
    let image = Image {
        src: format!("/images/{}-{round}-320.0123456789ab.webp", original.slug),
        width: 320,
        height: 320,
    };
    let url = format!("/product/{}-{round}/", original.slug);
    Copy {
        card: Card { title, url, brand: text(front, "brand"), price, image: Some(image), ..Card::default() },
        category: paths.binary_search(&text(front, "category")).unwrap_or(0),
        tags: list(front.get("tags")),
        attributes,
        skus,
        summary: text(front, "summary"),
        body: format!("{} {} {}", original.body, rare(number), rare(number + 7_000_000)),
    }
}

fn document(copy: &Copy) -> Document<'_> {
    Document {
        card: copy.card.clone(),
        categories: vec![copy.category],
        tags: copy.tags.iter().map(String::as_str).collect(),
        attributes: copy.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        skus: copy.skus.iter().map(String::as_str).collect(),
        summary: &copy.summary,
        body: &copy.body,
        published: 20_000,
        popularity: 0,
    }
}
