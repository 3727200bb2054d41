//! German: the endings of number and case. Umlauts are folded before, so "Bücher" and "Buch" meet too.

/// Words that only join others.
pub(super) const FILLERS: [&str; 30] = [
    "am", "an", "auf", "aus", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "einen",
    "einer", "fur", "im", "in", "ist", "mit", "nach", "oder", "und", "uns", "von", "vom", "zu", "zum", "zur",
    "fuer",
];

pub(super) fn stem(word: &str) -> String {
    let enough = |rest: &&str| rest.len() >= 3;
    let of_noun = |rest: &&str| ["er", "el", "en"].iter().any(|end| rest.ends_with(end));
    let word = word.strip_suffix('s').filter(of_noun).unwrap_or(word);
    let endings = ["ern", "em", "en", "er", "es", "e", "n"];
    endings.iter().find_map(|ending| word.strip_suffix(ending).filter(enough)).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            "tasse tassen",
            "becher bechern bechers",
            "kerze kerzen",
            "buch bucher buchern buches",
            "messer messern",
        ] {
            let stems: Vec<String> = forms.split(' ').map(stem).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{forms}: {stems:?}");
        }
    }
}
