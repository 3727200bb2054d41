//! English: plurals, "-ing", "-ed" and the silent "e".

/// Words that only join others.
pub(super) const FILLERS: [&str; 32] = [
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "i", "in", "into", "is", "it",
    "me", "my", "of", "on", "or", "our", "some", "that", "the", "this", "to", "we", "which", "with", "who",
    "your",
];

const IRREGULAR: [(&str, &str); 9] = [
    ("children", "child"),
    ("feet", "foot"),
    ("geese", "goos"),
    ("men", "man"),
    ("mice", "mous"),
    ("people", "person"),
    ("teeth", "tooth"),
    ("women", "woman"),
    ("oxen", "ox"),
];

/// Plurals in "-ves" of words in "-f" or "-fe"; all others, such as "gloves", are of words in "-ve".
const IN_F: [&str; 13] = [
    "calves", "dwarves", "elves", "halves", "hooves", "knives", "leaves", "loaves", "scarves", "selves",
    "shelves", "wives", "wolves",
];

pub(super) fn stem(word: &str) -> String {
    let word = singular(word);
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return (*stem).to_owned();
    }
    let word = without_ending(&word);
    let short = word.len() <= 4;
    let silent = word.strip_suffix('e').filter(|rest| !short && !rest.ends_with('e'));
    silent.unwrap_or(&word).to_owned()
}

fn singular(word: &str) -> String {
    let Some(rest) = word.strip_suffix('s').filter(|rest| rest.len() >= 2) else {
        return word.to_owned();
    };
    if rest.ends_with(['s', 'u', 'i']) {
        return word.to_owned();
    }
    if let Some(rest) = rest.strip_suffix("ie").filter(|rest| rest.len() >= 3) {
        return format!("{rest}y");
    }
    if let Some(rest) = rest.strip_suffix("ve").filter(|_| IN_F.iter().any(|form| word.ends_with(form))) {
        return format!("{rest}f");
    }
    let hissing = |rest: &&str| ["s", "x", "z", "ch", "sh"].iter().any(|end| rest.ends_with(end));
    let of_potatoes = |rest: &&str| rest.ends_with("ato");
    rest.strip_suffix('e').filter(|rest| hissing(rest) || of_potatoes(rest)).unwrap_or(rest).to_owned()
}

fn without_ending(word: &str) -> String {
    let rest = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed"));
    let Some(rest) = rest.filter(|rest| rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']))
    else {
        return word.to_owned();
    };
    let mut ends = rest.chars().rev();
    let last = ends.next();
    let doubled = last == ends.next() && !matches!(last, Some('l' | 's' | 'z' | 'e' | 'o'));
    let single = if doubled { rest.strip_suffix(|_: char| true) } else { None };
    let is_silent = |rest: &str| rest.len() == 3 && !doubled && !rest.ends_with(['w', 'x', 'y']);
    match single {
        Some(single) => single.to_owned(),
        // "Baking" is of "bake"; words of four letters keep their "e", or "kite" would be "kit".
        None if is_silent(rest) => format!("{rest}e"),
        None => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_share_a_stem_and_others_do_not() {
        for forms in [
            "mug mugs",
            "candle candles",
            "battery batteries",
            "brush brushes brushing",
            "glass glasses",
            "knife knives",
            "glove gloves",
            "shelf shelves",
            "stripe stripes striped",
            "knit knitted knitting",
            "bake baked baking",
            "walk walking walked",
            "potato potatoes",
            "child children",
            "box boxes",
            "olive olives",
            "wax waxed",
            "shoe shoes",
        ] {
            let stems: Vec<String> = forms.split(' ').map(stem).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{forms}: {stems:?}");
        }
        for (one, other) in [
            ("red", "r"),
            ("organic", "organ"),
            ("bus", "bu"),
            ("string", "str"),
            ("seed", "se"),
            ("kite", "kit"),
            ("cape", "cap"),
        ] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }
}
