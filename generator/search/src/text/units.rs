//! Units that follow a number, by one name each.

const UNITS: [(&str, &[&str]); 22] = [
    ("ml", &["millilitre", "millilitres", "milliliter", "milliliters"]),
    ("cl", &["centilitre", "centilitres"]),
    ("l", &["litre", "litres", "liter", "liters", "ltr"]),
    ("mg", &["milligram", "milligrams"]),
    ("g", &["gram", "grams", "gramme", "grammes", "gramm"]),
    ("kg", &["kilo", "kilos", "kilogram", "kilograms", "kilogramm"]),
    ("oz", &["ounce", "ounces"]),
    ("mm", &["millimetre", "millimetres", "millimeter", "millimeters"]),
    ("cm", &["centimetre", "centimetres", "centimeter", "centimeters", "zentimeter"]),
    ("m", &["metre", "metres", "meter", "meters"]),
    ("km", &["kilometre", "kilometres", "kilometer", "kilometers"]),
    ("in", &["inch", "inches", "zoll"]),
    ("ft", &["foot", "feet"]),
    ("w", &["watt", "watts"]),
    ("kw", &["kilowatt", "kilowatts"]),
    ("v", &["volt", "volts"]),
    ("mah", &["milliamp", "milliamps"]),
    ("mb", &["megabyte", "megabytes"]),
    ("gb", &["gigabyte", "gigabytes"]),
    ("tb", &["terabyte", "terabytes"]),
    ("hz", &["hertz"]),
    ("khz", &["kilohertz"]),
];

/// The short name of a unit.
pub(super) fn canonical(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(unit, names)| *unit == word || names.contains(&word)).map(|(unit, _)| *unit)
}
