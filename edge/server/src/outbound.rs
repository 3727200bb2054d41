//! Calls to services outside, over TLS.

use std::sync::Arc;
use std::time::Duration;

use ipswich_shop::ports::{
    HTTP_BYTES_MAX, HTTP_SECONDS_MAX, Http, HttpAnswer, HttpError, HttpMethod, HttpRequest, PortFuture,
};

/// A client that keeps connections open, follows no redirect, and gives up in time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound(Arc<ureq::Agent>);

impl Default for Outbound {
    fn default() -> Outbound {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(u64::from(HTTP_SECONDS_MAX))))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build();
        Outbound(Arc::new(config.into()))
    }
}

impl Http for Outbound {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<HttpAnswer, HttpError>> {
        let agent = Arc::clone(&self.0);
        Box::pin(async move {
            let work = tokio::task::spawn_blocking(move || call(&agent, &request));
            work.await.unwrap_or_else(|error| Err(HttpError(error.to_string())))
        })
    }
}

fn call(agent: &ureq::Agent, request: &HttpRequest) -> Result<HttpAnswer, HttpError> {
    let failed = |error: ureq::Error| HttpError(error.to_string());
    let mut answer = match request.method {
        HttpMethod::Get => {
            let call =
                request.headers.iter().fold(agent.get(&request.url), |call, (n, v)| call.header(*n, v));
            call.call().map_err(failed)?
        }
        HttpMethod::Post => {
            let call =
                request.headers.iter().fold(agent.post(&request.url), |call, (n, v)| call.header(*n, v));
            call.send(&request.body).map_err(failed)?
        }
    };
    let limit = u64::try_from(HTTP_BYTES_MAX).unwrap_or(u64::MAX);
    let body = answer.body_mut().with_config().limit(limit).read_to_vec().map_err(failed)?;
    Ok(HttpAnswer { status: answer.status().as_u16(), body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers one connection with this text, then is gone.
    fn serve(answer: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/x", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut seen = [0; 2048];
            let _ = stream.read(&mut seen).unwrap();
            let _ = stream.write_all(answer.as_bytes());
        });
        url
    }

    fn post(url: String) -> HttpRequest {
        HttpRequest {
            method: HttpMethod::Post,
            url,
            headers: vec![("x-a", "b".to_owned())],
            body: "a=b".to_owned(),
        }
    }

    #[tokio::test]
    async fn answers_come_as_they_are_and_redirects_are_not_followed() {
        for (head, status) in
            [("402 Payment Required", 402), ("302 Found\r\nlocation: http://127.0.0.1:1/", 302)]
        {
            let url = serve(format!("HTTP/1.1 {head}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"));
            let answer = Outbound::default().send(post(url)).await.unwrap();
            assert_eq!((answer.status, answer.body.as_slice()), (status, b"{}".as_slice()));
        }
    }

    #[tokio::test]
    async fn an_endless_answer_and_a_closed_door_are_errors() {
        let long = "x".repeat(HTTP_BYTES_MAX + 1);
        let url = serve(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{long}", long.len()));
        assert!(Outbound::default().send(post(url)).await.is_err());
        let nobody = "http://127.0.0.1:1/".to_owned();
        assert!(Outbound::default().send(post(nobody)).await.is_err());
    }
}
