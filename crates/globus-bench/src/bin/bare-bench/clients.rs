//! Making clients, and one exchange.

use std::hint::black_box;
use std::time::Instant;

use globus_bench::{Arguments, Failure, Report};
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::de::DeserializeOwned;

use crate::Outcome;

/// Without this, `reqwest` would not know by what means to encrypt. The same as the SDK's.
pub(crate) fn choose_tls_provider() {
    // It fails only when one was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Makes many clients, each with its own connections and trusted certificates.
pub(crate) fn build(arguments: &Arguments) -> Outcome {
    let first = Instant::now();
    black_box(client()?);
    let first = first.elapsed();
    let start = Instant::now();
    for _ in 0..arguments.n {
        black_box(client()?);
    }
    Ok(Report::new(start.elapsed(), arguments.n, 0).with("first_us", first.as_secs_f64() * 1e6))
}

pub(crate) fn client() -> reqwest::Result<Client> {
    Client::builder().build()
}

pub(crate) async fn get<T: DeserializeOwned>(client: &Client, url: &str) -> Result<T, Failure> {
    let request = client.get(url).header(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let body = request.send().await?.error_for_status()?.bytes().await?;
    Ok(serde_json::from_slice(&body)?)
}
