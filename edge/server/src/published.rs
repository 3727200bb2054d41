//! The published files of the release in a folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ipswich_shop::ports::{PortFuture, Published, PublishedError};

/// The output of the generator as [`Published`].
#[derive(Clone, Debug)]
pub struct SiteFolder {
    root: PathBuf,
}

impl SiteFolder {
    /// The port over the folder that holds `_shop/`.
    pub fn new(root: &Path) -> SiteFolder {
        SiteFolder { root: root.to_owned() }
    }
}

impl Published for SiteFolder {
    fn read(&self, path: String) -> PortFuture<'_, Result<Option<Vec<u8>>, PublishedError>> {
        let file = self.root.join(&path);
        Box::pin(async move {
            match tokio::fs::read(&file).await {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(PublishedError(format!("{path}: {error}"))),
            }
        })
    }
}
