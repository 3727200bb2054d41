//! Letters without case and marks.

/// Letters that are another letter with a mark, in lower case or in both cases: the first and the last of a run.
const MARKED: [(char, char, char); 62] = [
    ('à', 'å', 'a'),
    ('ç', 'ç', 'c'),
    ('è', 'ë', 'e'),
    ('ì', 'ï', 'i'),
    ('ð', 'ð', 'd'),
    ('ñ', 'ñ', 'n'),
    ('ò', 'ö', 'o'),
    ('ø', 'ø', 'o'),
    ('ù', 'ü', 'u'),
    ('ý', 'ý', 'y'),
    ('ÿ', 'ÿ', 'y'),
    ('Ā', 'ą', 'a'),
    ('Ć', 'č', 'c'),
    ('Ď', 'đ', 'd'),
    ('Ē', 'ě', 'e'),
    ('Ĝ', 'ģ', 'g'),
    ('Ĥ', 'ħ', 'h'),
    ('Ĩ', 'ı', 'i'),
    ('Ĵ', 'ĵ', 'j'),
    ('Ķ', 'ĸ', 'k'),
    ('Ĺ', 'ł', 'l'),
    ('Ń', 'ŋ', 'n'),
    ('Ō', 'ő', 'o'),
    ('Ŕ', 'ř', 'r'),
    ('Ś', 'š', 's'),
    ('Ţ', 'ŧ', 't'),
    ('Ũ', 'ų', 'u'),
    ('Ŵ', 'ŵ', 'w'),
    ('Ŷ', 'Ÿ', 'y'),
    ('Ź', 'ž', 'z'),
    ('ſ', 'ſ', 's'),
    ('Ơ', 'ơ', 'o'),
    ('Ư', 'ư', 'u'),
    ('Ș', 'ș', 's'),
    ('Ț', 'ț', 't'),
    ('ά', 'ά', 'α'),
    ('έ', 'έ', 'ε'),
    ('ή', 'ή', 'η'),
    ('ί', 'ί', 'ι'),
    ('ς', 'ς', 'σ'),
    ('ό', 'ό', 'ο'),
    ('ύ', 'ύ', 'υ'),
    ('ώ', 'ώ', 'ω'),
    ('ё', 'ё', 'е'),
    ('Ḁ', 'ḁ', 'a'),
    ('Ḕ', 'ḝ', 'e'),
    ('Ḡ', 'ḡ', 'g'),
    ('Ḣ', 'ḫ', 'h'),
    ('Ḭ', 'ḯ', 'i'),
    ('Ḷ', 'ḽ', 'l'),
    ('Ḿ', 'ṃ', 'm'),
    ('Ṅ', 'ṋ', 'n'),
    ('Ṍ', 'ṓ', 'o'),
    ('Ṙ', 'ṟ', 'r'),
    ('Ṡ', 'ṩ', 's'),
    ('Ṫ', 'ṱ', 't'),
    ('Ẁ', 'ẉ', 'w'),
    ('Ạ', 'ặ', 'a'),
    ('Ẹ', 'ệ', 'e'),
    ('Ỉ', 'ị', 'i'),
    ('Ọ', 'ợ', 'o'),
    ('Ụ', 'ự', 'u'),
];

/// Adds a letter without its case and marks. `spelled` writes umlauts as two letters.
pub(super) fn fold(character: char, to: &mut String, spelled: bool) {
    if character.is_ascii() {
        to.push(character.to_ascii_lowercase());
        return;
    }
    // Full-width letters of East Asian keyboards.
    if ('\u{ff01}'..='\u{ff5e}').contains(&character) {
        let ascii = u32::from(character).checked_sub(0xfee0).and_then(char::from_u32);
        to.extend(ascii.map(|ascii| ascii.to_ascii_lowercase()));
        return;
    }
    for lower in character.to_lowercase().filter(|lower| !is_ignored(*lower)) {
        match lower {
            'ß' => to.push_str("ss"),
            'æ' => to.push_str("ae"),
            'œ' => to.push_str("oe"),
            'þ' => to.push_str("th"),
            'ä' if spelled => to.push_str("ae"),
            'ö' if spelled => to.push_str("oe"),
            'ü' if spelled => to.push_str("ue"),
            'Ỳ'..='ỹ' => to.push('y'),
            _ => {
                let marked = MARKED.iter().find(|(first, last, _)| (*first..=*last).contains(&lower));
                to.push(marked.map_or(lower, |(_, _, plain)| *plain));
            }
        }
    }
}

/// Whether a letter may be written as two.
pub(super) fn is_umlaut(character: char) -> bool {
    matches!(character, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü')
}

/// Whether a character is of a word.
pub(super) fn is_letter(character: char) -> bool {
    character.is_alphanumeric() && !is_ignored(character)
}

/// Marks over and below letters, and what only directs the writing.
pub(super) fn is_ignored(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x300..=0x36f | 0x591..=0x5c7 | 0x610..=0x61a | 0x640 | 0x64b..=0x65f | 0x670
        | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfeff)
}

/// Apostrophes, which vanish: "men's".
pub(super) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '＇')
}

/// What joins two words to one.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The text as a part of an address: `Oak-bark Leather` is `oak-bark-leather`.
pub(crate) fn slug_of(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !is_ignored(*character) && !is_apostrophe(*character)) {
        if character.is_alphanumeric() {
            fold(character, &mut slug, false);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
