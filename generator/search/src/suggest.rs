//! Suggestions while somebody types: queries that lead somewhere, and categories. Products come from a query with
//! [`Query::typing`](crate::Query::typing).

use std::cmp::Reverse;

use fst::Map;

use crate::bytes::Corrupt;
use crate::file::{File, Files, payload};
use crate::find::SearchError;
use crate::index::{Index, beginning};
use crate::query::QUERY_CHARS_MAX;
use crate::text::groups;

/// How many phrases that begin as the query are looked at.
const PHRASES_MAX: usize = 400;

/// What may be meant by the beginning of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Queries, the likeliest first, in lower case.
    pub queries: Vec<String>,
    /// Categories.
    pub categories: Vec<Suggestion>,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its path: `home-garden/kitchen`.
    pub key: String,
    /// What it is called.
    pub name: String,
}

/// A text as phrases are kept: folded words with a space between.
pub(crate) fn phrase_of(text: &str) -> String {
    let mut phrase = String::new();
    groups(text, |group| {
        for piece in group.plain.iter() {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(piece);
        }
    });
    phrase
}

impl Index<'_> {
    /// Suggests what may be meant by the beginning of a query; needs [`File::Phrases`].
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn suggest(&self, text: &str, most: usize, files: &dyn Files) -> Result<Suggestions, SearchError> {
        let text: String = text.chars().take(QUERY_CHARS_MAX).collect();
        let phrase = phrase_of(&text);
        if phrase.is_empty() {
            return Ok(Suggestions::default());
        }
        let map = Map::new(payload(files, File::Phrases)?).map_err(|_| Corrupt("a dictionary is damaged"))?;
        let mut queries = beginning(&map, &phrase, PHRASES_MAX);
        queries.sort_by(|(a, a_count), (b, b_count)| {
            (Reverse(a_count), a.len(), a).cmp(&(Reverse(b_count), b.len(), b))
        });
        let queries = queries.into_iter().map(|(phrase, _)| phrase).take(most).collect();
        Ok(Suggestions { queries, categories: self.categories(&phrase, most)? })
    }

    /// Categories with a word that begins as the query.
    fn categories(&self, phrase: &str, most: usize) -> Result<Vec<Suggestion>, Corrupt> {
        let Some(facet) = self.facets.facets.iter().find(|facet| facet.key == "category") else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let end = facet.first.saturating_add(facet.count).min(self.facets.value_starts.len());
        for value in facet.first..end {
            let (key, name) = self.facets.value(value)?;
            let folded = phrase_of(name);
            if found.len() < most && (folded.starts_with(phrase) || folded.contains(&format!(" {phrase}"))) {
                found.push(Suggestion { key: key.to_owned(), name: name.to_owned() });
            }
        }
        Ok(found)
    }
}
