//! The stand-in for Stripe as a server on this machine, for shops in other processes. Prints its address and key, and ends
//! with its standard input.

use std::io::Read;
use std::sync::Arc;

use ipswich_server::SystemClock;
use ipswich_tests::FakeStripe;
use ipswich_tests::stripe::{KEY, WEBHOOK_SECRET, serve::serve};
use serde_json::json;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let stripe = FakeStripe::new(1);
    stripe.follow(Arc::new(SystemClock));
    let address = serve(stripe).await?;
    println!("{}", json!({ "url": format!("http://{address}"), "key": KEY, "secret": WEBHOOK_SECRET }));
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
