//! The engine as a whole, over a few products.

use proptest::prelude::*;

use crate::{
    Card, Category, Checked, Document, File, Files, Found, Image, Index, IndexFile, Language, Loaded, Query,
    Sort, Source, Synonyms,
};

struct Thing {
    title: &'static str,
    brand: &'static str,
    category: usize,
    colours: &'static [&'static str],
    sku: &'static str,
    price: u64,
    body: &'static str,
}

const THINGS: [Thing; 8] = [
    Thing {
        title: "Stoneware Mug",
        brand: "Deben Pottery",
        category: 1,
        colours: &["Moss", "Rust"],
        sku: "HG-MUG",
        price: 1600,
        body: "<p>Holds 350 ml of tea.</p>",
    },
    Thing {
        title: "Enamel Mug",
        brand: "Heron",
        category: 1,
        colours: &["Rust"],
        sku: "HG-EMUG",
        price: 900,
        body: "<p>For the garden &amp; the boat.</p>",
    },
    Thing {
        title: "Crème Brûlée Dishes",
        brand: "Heron",
        category: 1,
        colours: &[],
        sku: "HG-BRULEE",
        price: 2400,
        body: "",
    },
    Thing {
        title: "Wool Throw",
        brand: "Fold & Fell",
        category: 0,
        colours: &["Moss"],
        sku: "HG-THROW",
        price: 8600,
        body: "<p>Warm.</p>",
    },
    Thing {
        title: "Cotton T-Shirt",
        brand: "Nacton Loom",
        category: 2,
        colours: &["Navy", "Moss"],
        sku: "CL-TEE",
        price: 2400,
        body: "",
    },
    Thing {
        title: "Geschirrtücher",
        brand: "Größe Null",
        category: 1,
        colours: &[],
        sku: "HG-TUCH",
        price: 1200,
        body: "",
    },
    Thing {
        title: "Water Bottle 500 ml",
        brand: "Heron",
        category: 0,
        colours: &["Navy"],
        sku: "SP-500",
        price: 1800,
        body: "",
    },
    Thing {
        title: "Bookshelf",
        brand: "Finn Valley",
        category: 0,
        colours: &[],
        sku: "HG-SHELF",
        price: 19900,
        body: "<p>Oak, two shelves, holds many a mug.</p>",
    },
];

const CATEGORIES: [Category<'static>; 3] = [
    Category { path: "home", title: "Home" },
    Category { path: "home/kitchen", title: "Kitchen" },
    Category { path: "clothes", title: "Clothes" },
];

fn files() -> Vec<IndexFile> {
    let documents = THINGS.iter().zip(0_i64..).map(|(thing, day)| Document {
        card: Card {
            title: thing.title.to_owned(),
            url: format!("/product/{}/", crate::text::slug_of(thing.title)),
            brand: thing.brand.to_owned(),
            price: thing.price,
            image: Some(Image { src: format!("/assets/img/{day}.webp"), width: 320, height: 240 }),
            badges: if day == 0 { vec!["New".to_owned()] } else { Vec::new() },
            compare_at: (day == 1).then_some(1100),
            price_varies: day == 2,
        },
        categories: vec![thing.category],
        attributes: thing.colours.iter().map(|colour| ("Colour", *colour)).collect(),
        skus: vec![thing.sku],
        body: thing.body,
        published: 20_000 + day,
        ..Document::default()
    });
    let synonyms = Synonyms {
        groups: vec![
            vec!["throw".to_owned(), "blanket".to_owned()],
            vec!["mug".to_owned(), "tea cup".to_owned()],
        ],
        one_way: vec![("green".to_owned(), vec!["moss".to_owned()])],
    };
    Source::new(Language::English, documents.collect(), CATEGORIES.to_vec()).build(&synonyms)
}

fn loaded() -> Loaded {
    let mut loaded = Loaded::default();
    for file in files() {
        loaded.insert(file.file, Checked::new(file.bytes).unwrap());
    }
    loaded
}

fn ask(query: &Query) -> (Found, Vec<Card>) {
    let loaded = loaded();
    let index = Index::open(loaded.get(File::Head).unwrap()).unwrap();
    let plan = index.plan(query).unwrap();
    assert!(plan.files().all(|file| loaded.get(file).is_some()));
    let found = index.find(query, &plan, &loaded).unwrap();
    let cards = index.cards(&found.documents, &loaded).unwrap();
    (found, cards)
}

fn titles(query: &Query) -> String {
    ask(query).1.iter().map(|card| card.title.as_str()).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check(words: &str, expected: &str) {
    assert_eq!(titles(&Query::of(words)), expected, "{words}");
}

fn filtered(words: &str, filters: &[(&str, &str)]) -> Query {
    let filters = filters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Query { filters, ..Query::of(words) }
}

#[test]
fn words_are_found_however_they_are_written() {
    check("MUGS", "Enamel Mug, Stoneware Mug, Bookshelf");
    check("creme brulee", "Crème Brûlée Dishes");
    check("geschirrtuecher", "Geschirrtücher");
    check("GESCHIRRTÜCHER", "Geschirrtücher");
    check("grosse null", "Geschirrtücher");
    check("tshirt", "Cotton T-Shirt");
    check("t shirts", "Cotton T-Shirt");
    check("500ml", "Water Bottle 500 ml");
    check("book shelves", "Bookshelf");
    check("waterbottle", "Water Bottle 500 ml");
    check("blankets", "Wool Throw");
    check("green throw", "Wool Throw");
    check("tea cup enamel", "Enamel Mug");
    check("hg emug", "Enamel Mug");
    check("hgth", "Wool Throw");
}

#[test]
fn slips_are_mended_and_told() {
    let (found, _) = ask(&Query::of("stonewear mugg"));
    assert_eq!(found.corrected.as_deref(), Some("stoneware mug"));
    assert_eq!(found.total, 1);
    let (found, cards) = ask(&Query::of("purple enamel mug"));
    assert_eq!((found.dropped, cards[0].title.as_str()), (vec!["purple".to_owned()], "Enamel Mug"));
    let (found, _) = ask(&Query::of("wool bottle"));
    assert_eq!((found.total, found.dropped.len()), (1, 1));
    assert_eq!(ask(&Query::of("🧶🧶")).0.total, THINGS.len());
    assert_eq!(ask(&Query::of("xyzzyx")).0.total, 0);
}

#[test]
fn an_unfinished_word_finds_while_typing() {
    let typing = |text| Query { typing: true, ..Query::of(text) };
    assert_eq!(titles(&typing("st")), "Stoneware Mug");
    assert_eq!(titles(&typing("wool thr")), "Wool Throw");
    let loaded = loaded();
    let index = Index::open(loaded.get(File::Head).unwrap()).unwrap();
    let suggested = index.suggest("Stone", 5, &loaded).unwrap();
    assert_eq!(suggested.queries, ["stoneware mug"]);
    assert_eq!(index.suggest("kit", 5, &loaded).unwrap().categories[0].key, "home/kitchen");
}

#[test]
fn facets_count_what_a_click_would_show() {
    let (found, _) = ask(&filtered("mug", &[("brand", "heron"), ("size", "xl"), ("brand", "nobody")]));
    assert_eq!(found.total, 1);
    assert_eq!(found.ignored.len(), 2);
    let facet = |key: &str| found.facets.iter().find(|facet| facet.key == key).unwrap();
    let told = |key: &str| -> Vec<String> {
        facet(key).values.iter().map(|one| format!("{} {} {}", one.name, one.count, one.selected)).collect()
    };
    // The brands count without the brand that is chosen, colours with it.
    assert_eq!(told("brand"), ["Heron 1 true", "Deben Pottery 1 false", "Finn Valley 1 false"]);
    assert_eq!(told("colour"), ["Rust 1 false"]);
    assert_eq!(told("category"), ["Home 1 false", "Kitchen 1 false"]);
    let both = ask(&filtered("", &[("colour", "moss"), ("category", "home")])).0;
    assert_eq!(both.total, 2);
    let wide = ask(&filtered("", &[("colour", "moss"), ("colour", "rust")])).0;
    assert_eq!(wide.total, 4);
}

#[test]
fn results_are_sorted_and_paged() {
    let by = |sort, page| Query { sort, page, per_page: 3, ..Query::default() };
    assert_eq!(titles(&by(Sort::PriceUp, 1)), "Enamel Mug, Geschirrtücher, Stoneware Mug");
    assert_eq!(titles(&by(Sort::PriceDown, 0)), "Bookshelf, Wool Throw, Cotton T-Shirt");
    assert_eq!(titles(&by(Sort::Newest, 1)), "Bookshelf, Water Bottle 500 ml, Geschirrtücher");
    assert_eq!(titles(&by(Sort::Name, 1)), "Bookshelf, Cotton T-Shirt, Crème Brûlée Dishes");
    let (found, cards) = ask(&by(Sort::Name, 900));
    assert_eq!((found.page, found.pages, cards.len()), (3, 3, 2));
    let dear = Query { price_min: Some(2000), price_max: Some(9000), ..Query::default() };
    assert_eq!(ask(&dear).0.total, 3);
    assert_eq!(ask(&dear).0.prices.iter().map(|range| range.count).sum::<usize>(), THINGS.len());
}

#[test]
fn cards_come_back_as_they_were_given() {
    let (_, cards) = ask(&Query::of("stoneware"));
    let expected = Card {
        title: "Stoneware Mug".to_owned(),
        url: "/product/stoneware-mug/".to_owned(),
        brand: "Deben Pottery".to_owned(),
        price: 1600,
        price_varies: false,
        compare_at: None,
        image: Some(Image { src: "/assets/img/0.webp".to_owned(), width: 320, height: 240 }),
        badges: vec!["New".to_owned()],
    };
    assert_eq!(cards, [expected]);
}

#[test]
fn the_same_goods_make_the_same_bytes_and_a_shop_may_be_empty() {
    assert_eq!(files(), files());
    let mut loaded = Loaded::default();
    for file in Source::new(Language::Other, Vec::new(), Vec::new()).build(&Synonyms::default()) {
        loaded.insert(file.file, Checked::new(file.bytes).unwrap());
    }
    let index = Index::open(loaded.get(File::Head).unwrap()).unwrap();
    for words in ["", "mug", "hg-mug"] {
        let plan = index.plan(&Query::of(words)).unwrap();
        assert_eq!(index.find(&Query::of(words), &plan, &loaded).unwrap().total, 0);
    }
}

/// Asks an index whose files may be anything; only that it answers is checked.
fn ask_anyway(loaded: &Loaded, query: &Query) {
    let Some(Ok(index)) = loaded.get(File::Head).map(Index::open) else { return };
    let _ = index.suggest(&query.text, 5, loaded);
    let Ok(plan) = index.plan(query) else { return };
    let Ok(found) = index.find(query, &plan, loaded) else { return };
    let _ = index.cards(&found.documents, loaded);
}

/// Words of the shop, in part and with slips, between characters of any kind.
fn any_words() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "mug",
        "stonewear",
        "t-shirt",
        "500 ml",
        "blanket",
        "HG-MUG",
        "the",
        "moss",
    ]);
    let odd = prop::sample::select(vec![
        "\"",
        "'; drop table",
        "\u{202e}",
        "e\u{301}\u{301}",
        "🧶",
        "שלום",
        "\0",
        "%",
        "(((",
        "\u{200d}",
    ]);
    let part =
        prop_oneof![words.prop_map(str::to_owned), odd.prop_map(str::to_owned), "\\PC{0,12}", "[a-z]{0,30}"];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.join(" "))
}

proptest! {
    #[test]
    fn any_query_has_an_answer(text in any_words(), typing: bool, page: usize, per_page: usize, value in "\\PC{0,8}") {
        let filters = vec![("colour".to_owned(), value.clone()), (value, "x".to_owned())];
        ask(&Query { typing, page, per_page, filters, ..Query::of(text) });
    }

    #[test]
    fn a_very_long_query_has_an_answer(text in "\\PC{500,3000}") {
        ask(&Query::of(text));
    }

    #[test]
    fn damaged_files_are_refused(file in 0_usize..16, at: prop::sample::Index, with in 1_u8..) {
        let mut files = files();
        let file = file % files.len();
        let bytes = &mut files[file].bytes;
        let at = at.index(bytes.len());
        prop_assume!(at != 7);
        bytes[at] ^= with;
        prop_assert!(Checked::new(files.swap_remove(file).bytes).is_err());
    }

    /// Damage that the checksum does not see, outside of dictionaries, which only a checksum can protect.
    #[test]
    fn damage_behind_the_checksum_never_stops(kind in 0_u8..3, at: prop::sample::Index, with: u8, cut: bool) {
        let mut loaded = Loaded::default();
        for one in files() {
            let mut payload = one.bytes[16..].to_vec();
            let hit = match one.file {
                File::Words(_) => kind == 0,
                File::Cards(_) => kind == 1,
                _ => false,
            };
            if hit && !payload.is_empty() {
                let at = at.index(payload.len());
                payload[at] = with;
                if cut {
                    payload.truncate(at);
                }
            }
            let framed = crate::bytes::frame(one.file.kind(), &payload);
            loaded.insert(one.file, Checked::new(framed).unwrap());
        }
        for words in ["", "mug", "moss throw", "hg-mug"] {
            ask_anyway(&loaded, &Query::of(words));
        }
    }
}
