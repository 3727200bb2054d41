//! The published files of the release over the assets binding.

use http_body_util::BodyExt;
use ipswich_shop::ports::{PortFuture, Published, PublishedError};
use worker::Fetcher;
use worker::send::SendFuture;

/// Assets of this Worker version as [`Published`].
pub(crate) struct Assets {
    fetcher: Fetcher,
}

impl Assets {
    /// The port over a binding.
    pub(crate) fn new(fetcher: Fetcher) -> Assets {
        Assets { fetcher }
    }

    /// The page for addresses that lead nowhere, as it is kept for the host.
    pub(crate) async fn not_found(&self) -> worker::Result<http::Response<worker::Body>> {
        self.fetcher.fetch("http://assets/404/", None).await
    }

    /// Fetches one file. The host of the address is not looked at.
    async fn fetch(&self, path: String) -> Result<Option<Vec<u8>>, PublishedError> {
        let failed = |error: worker::Error| PublishedError(format!("{path}: {error}"));
        let answer = self.fetcher.fetch(format!("http://assets/{path}"), None).await.map_err(failed)?;
        match answer.status().as_u16() {
            200 => {
                let body = answer.into_body().collect().await.map_err(failed)?;
                Ok(Some(body.to_bytes().to_vec()))
            }
            404 => Ok(None),
            status => Err(PublishedError(format!("{path}: the assets binding answered {status}"))),
        }
    }
}

impl Published for Assets {
    fn read(&self, path: String) -> PortFuture<'_, Result<Option<Vec<u8>>, PublishedError>> {
        Box::pin(SendFuture::new(self.fetch(path)))
    }
}
