//! Options and variants of a product: what is sold under which SKU.

use std::collections::HashMap;
use std::ops::Range;

use ipswich_catalog::{Amount, Sku};

use crate::content::gtin::gtin;
use crate::content::product::{Base, positive, stock, weight};
use crate::content::{Context, Shown};
use crate::fields::{Fields, Located, Notes, Value};
use crate::names::PictureId;
use crate::problem::did_you_mean;

/// The most options of a product: its page shows them as rows and columns.
const OPTIONS_MAX: usize = 2;

/// Something to choose, such as a size.
#[derive(Clone, Debug)]
pub(crate) struct ProductOption {
    pub(crate) name: String,
    /// In the order shoppers see them.
    pub(crate) values: Vec<String>,
}

/// One thing that is sold.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) sku: Sku,
    /// The chosen value of each option, in the order of the options.
    pub(crate) values: Vec<String>,
    pub(crate) price: Amount,
    /// Where the price stands in the file.
    pub(crate) price_place: Range<usize>,
    /// The price that somebody confirmed, against slips of the hand.
    pub(crate) confirmed: Option<Amount>,
    /// In grams.
    pub(crate) weight: u64,
    /// Pieces on hand when the shop first sees the SKU.
    pub(crate) stock: u32,
    /// Its trade item number.
    pub(crate) gtin: Option<String>,
    /// Its picture among the product's.
    pub(crate) image: Option<usize>,
}

/// What is sold of a product.
pub(crate) struct Sold {
    pub(crate) options: Vec<ProductOption>,
    pub(crate) variants: Vec<Variant>,
    /// Where the SKUs of variants stand in the file.
    pub(crate) sku_places: Vec<(Sku, Range<usize>)>,
}

/// An option as the file has it, with the places of its values.
struct DeclaredOption {
    name: String,
    values: Vec<Located<String>>,
}

/// Reads `options`, `variants` and `stock`.
pub(crate) fn read(
    notes: &Notes<'_>,
    fields: &mut Fields<'_, '_>,
    context: &Context<'_>,
    base: &Base,
    style: Option<&Located<Sku>>,
    images: Option<&[Shown]>,
) -> Option<Sold> {
    let options = fields.optional("options", read_options).unwrap_or_default();
    if !fields.has("variants") && !fields.has("options") {
        return single(fields, base, style);
    }
    if fields.has("stock") {
        let help = format!("move \"stock\" to each of the {}", fields.syntax().tables("variants"));
        notes.add(
            fields.key_span("stock"),
            "the stock of a product with variants is that of its variants",
            help,
        );
    }
    fields.optional("stock", |_| Some(()));
    fields.optional("gtin", |value| -> Option<()> {
        let help = format!("move \"gtin\" to each of the {}", value.syntax().tables("variants"));
        value.reject("each variant has a number of its own", help)
    });
    if !fields.has("options") {
        let help = "add \"options\" with name and values, or sell the product without variants";
        notes.add(fields.key_span("variants"), "the variants have no options to differ in", help);
    }
    let reader = VariantReader { notes, context, base, options: &options, images };
    let mut declared = 0;
    let rows = fields.required("variants", |value| {
        declared = value.list_len();
        value.tables("a variant", |fields| reader.read(fields))
    })?;
    let choices = Choices { options: &options, rows: &rows };
    // What a variant with a mistake would have chosen is not known.
    if choices.check_repeated(notes) && rows.len() == declared {
        choices.check_unused(notes);
    }
    let sku_places = rows.iter().map(|row| (row.variant.sku.clone(), row.sku_span.clone())).collect();
    let options = options
        .into_iter()
        .map(|option| ProductOption {
            name: option.name,
            values: option.values.into_iter().map(|value| value.value).collect(),
        })
        .collect();
    Some(Sold { options, variants: rows.into_iter().map(|row| row.variant).collect(), sku_places })
}

/// The pieces of a SKU; what is made to order need not say any.
fn pieces(fields: &mut Fields<'_, '_>, base: &Base) -> Option<u32> {
    if base.is_made && !fields.has("stock") {
        fields.optional("stock", |_| None::<u32>);
        return Some(0);
    }
    fields.required("stock", stock)
}

/// A product that is sold as one SKU: its own.
fn single(fields: &mut Fields<'_, '_>, base: &Base, style: Option<&Located<Sku>>) -> Option<Sold> {
    let stock = pieces(fields, base);
    let gtin = fields.optional("gtin", gtin);
    let price = base.price.clone()?;
    let variant = Variant {
        sku: style?.value.clone(),
        values: Vec::new(),
        price: price.value,
        price_place: price.span,
        confirmed: base.confirmed,
        weight: base.weight?,
        stock: stock?,
        gtin,
        image: None,
    };
    Some(Sold { options: Vec::new(), variants: vec![variant], sku_places: Vec::new() })
}

fn read_options(value: Value<'_, '_>) -> Option<Vec<DeclaredOption>> {
    if value.list_len() > OPTIONS_MAX {
        let help = "put two of them into one, such as \"Navy, ribbed\", or make several products";
        return value.reject(format!("a product has at most {OPTIONS_MAX} options"), help);
    }
    let mut names: Vec<String> = Vec::new();
    value.tables("an option", |fields| {
        let name = fields.required("name", |value| {
            let name = value.str()?;
            if names.iter().any(|known| known == name) {
                return value.reject(format!("the option {name:?} is there already"), "give it another name");
            }
            names.push(name.to_owned());
            Some(name.to_owned())
        });
        let values = fields.required("values", |value| {
            let mut values: Vec<Located<String>> = Vec::new();
            value.list(|item| {
                let text = item.str()?;
                if values.iter().any(|known| known.value == text) {
                    return item
                        .reject(format!("the value {text:?} is there already"), "remove one of the two");
                }
                values.push(Located { value: text.to_owned(), span: item.span });
                Some(())
            })?;
            if values.is_empty() {
                return value.reject(
                    "the option has no values",
                    format!("write {}", value.syntax().set("values", "[\"S\", \"M\"]")),
                );
            }
            Some(values)
        });
        Some(DeclaredOption { name: name?, values: values? })
    })
}

struct VariantReader<'r, 'f> {
    notes: &'r Notes<'f>,
    context: &'r Context<'r>,
    base: &'r Base,
    options: &'r [DeclaredOption],
    images: Option<&'r [Shown]>,
}

/// A variant with its places.
struct Row {
    variant: Variant,
    sku_span: Range<usize>,
    place: Range<usize>,
}

impl VariantReader<'_, '_> {
    fn read(&self, fields: &mut Fields<'_, '_>) -> Option<Row> {
        let currency = self.context.settings.currency;
        let place = fields.place();
        let sku = fields.required("sku", Value::sku);
        let values = fields.required("options", |value| {
            let span = value.span.clone();
            self.choices(&value.pairs()?, span)
        });
        let stock = pieces(fields, self.base);
        let price = fields.optional("price", |value| positive(value, currency));
        let confirmed = fields.optional("price_confirmed", |value| value.amount(currency));
        let weight = fields.optional("weight", weight);
        let gtin = fields.optional("gtin", gtin);
        let image = match fields.has("image") {
            true => Some(fields.optional("image", |value| self.image(&value))?),
            false => fields.optional("image", |_| None),
        };
        let sku = sku?;
        let price = price.or_else(|| self.base.price.clone())?;
        let variant = Variant {
            sku: sku.value,
            values: values?,
            price: price.value,
            price_place: price.span,
            confirmed: confirmed.or(self.base.confirmed),
            weight: weight.or(self.base.weight)?,
            stock: stock?,
            gtin,
            image,
        };
        Some(Row { variant, sku_span: sku.span, place })
    }

    /// The chosen values in the order of the product's options; each option is chosen exactly once.
    fn choices(
        &self,
        pairs: &[(Located<String>, Located<String>)],
        span: Range<usize>,
    ) -> Option<Vec<String>> {
        let mut right = true;
        for (name, value) in pairs {
            let Some(option) = self.options.iter().find(|option| option.name == name.value) else {
                let known = || self.options.iter().map(|option| option.name.as_str());
                let help = did_you_mean(&name.value, known(), || {
                    format!("the product has {}", known().collect::<Vec<_>>().join(", "))
                });
                self.notes.add(name.span.clone(), format!("there is no option {:?}", name.value), help);
                right = false;
                continue;
            };
            let known = || option.values.iter().map(|known| known.value.as_str());
            if !known().any(|known| known == value.value) {
                let help = did_you_mean(&value.value, known(), || {
                    format!("{} has {}", option.name, known().collect::<Vec<_>>().join(", "))
                });
                let message = format!("the option {:?} has no value {:?}", option.name, value.value);
                self.notes.add(value.span.clone(), message, help);
                right = false;
            }
        }
        let mut values = Vec::with_capacity(self.options.len());
        for option in self.options {
            match pairs.iter().find(|(name, _)| name.value == option.name) {
                Some((_, value)) => values.push(value.value.clone()),
                None => {
                    let help = format!(
                        "add {}",
                        self.notes.syntax().set(
                            &option.name,
                            &format!("{:?}", option.values.first().map_or("", |value| &value.value))
                        )
                    );
                    self.notes.add(
                        span.clone(),
                        format!("the variant does not choose {:?}", option.name),
                        help,
                    );
                    right = false;
                }
            }
        }
        right.then_some(values)
    }

    /// The place of a picture among those of the product.
    fn image(&self, value: &Value<'_, '_>) -> Option<usize> {
        let picture: PictureId = self.context.picture(value)?;
        // Without the list of pictures nothing can be said; what is wrong with the list was reported.
        let images = self.images?;
        let found = images.iter().position(|shown| shown.picture == picture);
        found.or_else(|| {
            let help = "add it to [[images]] with a description, or choose one that is there";
            value.reject("the picture is not one of the product's images", help)
        })
    }
}

/// All variants together.
struct Choices<'r> {
    options: &'r [DeclaredOption],
    rows: &'r [Row],
}

impl Choices<'_> {
    /// No two variants are the same choice. Returns whether that is so.
    fn check_repeated(&self, notes: &Notes<'_>) -> bool {
        let mut seen: HashMap<&[String], &Row> = HashMap::new();
        let mut right = true;
        for row in self.rows {
            if let Some(first) = seen.get(row.variant.values.as_slice()) {
                let message = format!("{} is the same choice as {}", row.variant.sku, first.variant.sku);
                let help = "each combination of options is sold under one SKU";
                notes.add(row.place.clone(), message, help);
                right = false;
            } else {
                seen.insert(&row.variant.values, row);
            }
        }
        right
    }

    /// No value is left that nothing is sold for.
    fn check_unused(&self, notes: &Notes<'_>) {
        for (position, option) in self.options.iter().enumerate() {
            for value in &option.values {
                let used = |row: &Row| row.variant.values.get(position) == Some(&value.value);
                if !self.rows.iter().any(used) {
                    let message = format!("no variant has {} {:?}", option.name, value.value);
                    notes.add(value.span.clone(), message, "add the variants, or remove the value");
                }
            }
        }
    }
}
