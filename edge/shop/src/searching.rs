//! The search index of the release: what a query needs of it is read once and kept.

use std::sync::{Arc, Mutex, PoisonError};

use ipswich_search::{Card, Checked, File, Files, Found, Index, Loaded, Query, SearchError};

use crate::error::Error;
use crate::ports::Published;
use crate::release::read;

/// Reads and keeps the index of one release in one language. It is a few MB for 20,000 products, so all that was read stays.
pub(crate) struct Searching {
    published: Arc<dyn Published>,
    /// The key of the language, if it is not the shop's own.
    language: Option<String>,
    loaded: Mutex<Loaded>,
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Error {
        Error::Unavailable(error.to_string())
    }
}

impl Searching {
    pub(crate) fn new(published: Arc<dyn Published>, language: Option<String>) -> Searching {
        Searching { published, language, loaded: Mutex::default() }
    }

    /// Answers a query: what was found, and the cards of the page.
    pub(crate) async fn find(&self, query: &Query) -> Result<(Found, Vec<Card>), Error> {
        let head = self.file(File::Head).await?;
        let plan = Index::open(&head).and_then(|index| index.plan(query)).map_err(SearchError::from)?;
        let mut files = Loaded::default();
        for file in plan.files() {
            files.insert(file, self.file(file).await?);
        }
        let found = Index::open(&head).map_err(SearchError::from)?.find(query, &plan, &files)?;
        for file in found.files() {
            files.insert(file, self.file(file).await?);
        }
        let cards = Index::open(&head).map_err(SearchError::from)?.cards(&found.documents, &files)?;
        Ok((found, cards))
    }

    async fn file(&self, file: File) -> Result<Checked, Error> {
        if let Some(known) = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(file) {
            return Ok(known.clone());
        }
        let path = file.path_in(self.language.as_deref());
        let bytes = read(&*self.published, path.clone()).await?;
        let checked = Checked::new(bytes).map_err(|error| Error::Unavailable(format!("{path}: {error}")))?;
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(file, checked.clone());
        Ok(checked)
    }
}
