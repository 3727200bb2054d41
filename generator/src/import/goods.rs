//! What all formats have in common: goods as the other shop describes them, before they become our products.

use ipswich_catalog::{Amount, Currency};

use crate::import::csv::{Row, Table};
use crate::problem::Problem;

/// The heaviest parcel, in grams.
const GRAMS_MAX: f64 = 1_000_000.0;

/// The most pieces that a file can say are there.
const STOCK_MAX: i64 = 1_000_000;

/// A product of another shop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Goods {
    /// As the other shop names it in addresses; empty if it does not.
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) sku: String,
    pub(crate) brand: String,
    /// Paths of titles, such as `["Clothing", "Hoodies"]`, the main one first.
    pub(crate) categories: Vec<Vec<String>>,
    pub(crate) tax: Tax,
    /// One line without marks; empty if there is none.
    pub(crate) summary: String,
    /// HTML, or text with blank lines between paragraphs.
    pub(crate) body: String,
    pub(crate) tags: Vec<String>,
    pub(crate) seo_title: String,
    pub(crate) seo_description: String,
    /// The first is the one for cards.
    pub(crate) images: Vec<ImageRef>,
    pub(crate) attributes: Vec<(String, String)>,
    /// Names of options, as many as each variant has values.
    pub(crate) options: Vec<String>,
    /// What is sold; exactly one without options.
    pub(crate) variants: Vec<Sold>,
    /// SKUs of related goods.
    pub(crate) related: Vec<String>,
}

/// A picture by its address elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageRef {
    pub(crate) url: String,
    /// Empty if it is not described.
    pub(crate) alt: String,
}

/// How goods are taxed there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tax {
    /// Like most goods.
    #[default]
    Usual,
    /// By a class with a name.
    Class(String),
    /// Not at all.
    Free,
}

/// One thing that is sold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sold {
    pub(crate) sku: String,
    /// The chosen value of each option.
    pub(crate) values: Vec<String>,
    /// None if it is not sold at any price.
    pub(crate) price: Option<Amount>,
    /// A former, higher price.
    pub(crate) former: Option<Amount>,
    /// In grams.
    pub(crate) weight: Option<u64>,
    /// None if the other shop does not count.
    pub(crate) stock: Option<u32>,
    /// The address of its picture; empty if it has none of its own.
    pub(crate) image: String,
}

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) goods: Vec<Goods>,
    /// Rows of the file that are goods or variants.
    pub(crate) rows: usize,
    pub(crate) left: Vec<Left>,
}

/// Something that could not be carried as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Why.
    pub reason: String,
    /// The product, by slug or title; empty for what concerns the whole file.
    pub product: String,
    /// What exactly; may be empty.
    pub detail: String,
}

/// Reads cells and collects what is wrong with them.
pub(crate) struct Reader<'t> {
    pub(crate) table: &'t Table,
    pub(crate) currency: Currency,
    pub(crate) problems: Vec<Problem>,
    pub(crate) left: Vec<Left>,
}

impl<'t> Reader<'t> {
    /// Begins without problems.
    pub(crate) fn new(table: &'t Table, currency: Currency) -> Reader<'t> {
        Reader { table, currency, problems: Vec::new(), left: Vec::new() }
    }

    /// What was read, if nothing is wrong.
    pub(crate) fn finish(self, goods: Vec<Goods>) -> Result<Catalog, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(Catalog { goods, rows: self.table.rows.len(), left: self.left })
    }

    /// The text of a cell.
    pub(crate) fn text(&self, row: &Row, column: &str) -> String {
        self.table.cell(row, column).to_owned()
    }

    /// Whether a cell says yes; an empty one says what is usual.
    pub(crate) fn flag(&self, row: &Row, column: &str, usual: bool) -> bool {
        match self.table.cell(row, column).to_ascii_lowercase().as_str() {
            "" => usual,
            text => matches!(text, "1" | "true" | "yes" | "y"),
        }
    }

    /// The parts of a list with commas between, without empty ones.
    pub(crate) fn list(&self, row: &Row, column: &str) -> Vec<String> {
        split_list(self.table.cell(row, column))
    }

    /// An amount of money. Nothing, and what is empty, is no amount.
    pub(crate) fn amount(&mut self, row: &Row, column: &str) -> Option<Amount> {
        let text = self.table.cell(row, column);
        let decimals = self.currency.decimals();
        match Amount::parse_decimal(&plain_decimal(text), decimals) {
            _ if text.is_empty() => None,
            Ok(amount) => Some(amount).filter(|amount| !amount.is_zero()),
            Err(error) => {
                let help = "write digits with a point, such as 24.99, without a currency sign";
                self.reject(row, column, format!("{text:?} will not do: {error}"), help)
            }
        }
    }

    /// A number of pieces. Fewer than none are none.
    pub(crate) fn pieces(&mut self, row: &Row, column: &str, product: &str) -> Option<u32> {
        let text = self.table.cell(row, column);
        if text.is_empty() {
            return None;
        }
        match plain_decimal(text).parse::<i64>() {
            Ok(number) if number < 0 => {
                self.leave("stock below nothing is taken as 0", product, text);
                Some(0)
            }
            Ok(number) if number <= STOCK_MAX => u32::try_from(number).ok(),
            _ => {
                let help = format!("the stock is a whole number up to {STOCK_MAX}");
                self.reject(row, column, format!("{text:?} is no number of pieces"), &help)
            }
        }
    }

    /// A weight in grams, of a cell in a unit of `factor` grams.
    pub(crate) fn grams(&mut self, row: &Row, column: &str, factor: f64) -> Option<u64> {
        let text = self.table.cell(row, column);
        if text.is_empty() {
            return None;
        }
        match plain_decimal(text).parse::<f64>() {
            // The range makes the conversion exact.
            Ok(number) if (0.0..=GRAMS_MAX).contains(&(number * factor)) => {
                Some((number * factor).round() as u64)
            }
            _ => {
                let help = "a weight is a number, and at most 1,000 kg";
                self.reject(row, column, format!("{text:?} is no weight"), help)
            }
        }
    }

    /// Notes a mistake in a cell.
    pub(crate) fn reject<T>(&mut self, row: &Row, column: &str, message: String, help: &str) -> Option<T> {
        self.problems.push(self.table.problem(row, column, message, help));
        None
    }

    /// Notes what could not be carried.
    pub(crate) fn leave(&mut self, reason: impl Into<String>, product: &str, detail: impl Into<String>) {
        self.left.push(Left { reason: reason.into(), product: product.to_owned(), detail: detail.into() });
    }
}

/// The parts of a list; a comma after a backslash belongs to the text.
pub(crate) fn split_list(text: &str) -> Vec<String> {
    let hidden = text.replace("\\,", "\0");
    let parts = hidden.split(',').map(|part| part.replace('\0', ",").trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// `12,50` and `12.500` and `12.5` as `12.5`: decimal commas and zeros at the end are no matter of value.
fn plain_decimal(text: &str) -> String {
    let mut text = text.to_owned();
    if !text.contains('.') && text.matches(',').count() == 1 {
        text = text.replace(',', ".");
    }
    if text.contains('.') {
        let length = text.trim_end_matches('0').trim_end_matches('.').len();
        text.truncate(length);
    }
    text
}

/// The grams of a unit of weight.
pub(crate) fn grams_of(unit: &str) -> Option<f64> {
    match unit.to_ascii_lowercase().as_str() {
        "g" | "gram" | "grams" => Some(1.0),
        "kg" | "kgs" => Some(1000.0),
        "lb" | "lbs" => Some(453.592_37),
        "oz" => Some(28.349_523_125),
        _ => None,
    }
}

/// Consecutive or scattered rows of the same key, in the order of their first.
pub(crate) fn group<'t>(table: &'t Table, key: impl Fn(&'t Row) -> &'t str) -> Vec<(&'t str, Vec<&'t Row>)> {
    let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in &table.rows {
        let key = key(row);
        let place = *places.entry(key).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, rows)) = groups.get_mut(place) {
            rows.push(row);
        }
    }
    groups
}
