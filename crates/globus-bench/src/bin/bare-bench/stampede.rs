//! Many tasks that find one token expired.

use std::sync::Arc;
use std::time::Instant;

use globus_bench::{Arguments, Report};
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::clients::client;

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

/// The first one renews it behind a mutex, and the others wait there.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = client()?;
    let url = format!("{}/v2/oauth2/token", arguments.base_url);
    let token = Arc::new(Mutex::new(None));
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..arguments.n {
        let (client, url, token) = (client.clone(), url.clone(), Arc::clone(&token));
        tasks.spawn(async move {
            let mut token = token.lock().await;
            if token.is_none() {
                let request = client
                    .post(url)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body("grant_type=refresh_token&refresh_token=AgRefresh");
                let body = request.send().await?.error_for_status()?.bytes().await?;
                *token = serde_json::from_slice::<Token>(&body).ok();
            }
            Ok::<_, reqwest::Error>(token.as_ref().map(|token| token.access_token.clone()))
        });
    }
    let (mut served, mut errors) = (0, 0);
    while let Some(header) = tasks.join_next().await {
        match header? {
            Ok(Some(_)) => served += 1,
            _ => errors += 1,
        }
    }
    Ok(Report::new(start.elapsed(), arguments.n, 0)
        .with_count("distinct_headers", i64::from(served > 0))
        .with_count("errors", errors))
}
