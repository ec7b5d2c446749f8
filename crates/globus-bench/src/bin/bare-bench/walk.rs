//! A tree of directories.

use std::time::Instant;

use globus_bench::{Arguments, Failure, Report};
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::clients::client;

const COLLECTION: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

#[derive(Deserialize)]
struct Listing {
    #[serde(rename = "DATA")]
    data: Vec<Entry>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
struct Entry {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    size: Option<u64>,
    permissions: Option<String>,
    last_modified: Option<String>,
    user: Option<String>,
    group: Option<String>,
    link_target: Option<String>,
}

/// Lists all directories down to the third below the start, `conc` at a time, and adds up the sizes.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = client()?;
    let start = Instant::now();
    let (mut items, mut check, mut frontier) = (0, 0, vec![("/".to_owned(), 0)]);
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < arguments.conc.max(1) {
            let Some((path, depth)) = frontier.pop() else { break };
            let (client, base) = (client.clone(), arguments.base_url.clone());
            tasks.spawn(async move { Ok::<_, Failure>((list(&client, &base, &path).await?, path, depth)) });
        }
        let Some(listed) = tasks.join_next().await else { break };
        let (listing, path, depth) = listed??;
        for entry in listing.data {
            items += 1;
            check += entry.size.unwrap_or_default();
            if entry.kind == "dir" && depth < 3 {
                let slash = if path.ends_with('/') { "" } else { "/" };
                frontier.push((format!("{path}{slash}{}", entry.name), depth + 1));
            }
        }
    }
    Ok(Report::new(start.elapsed(), items, i64::try_from(check)?))
}

async fn list(client: &Client, base: &str, path: &str) -> Result<Listing, Failure> {
    // The paths of the server need no more escaping than this.
    let path = path.replace('/', "%2F");
    let url = format!("{base}/v0.10/operation/endpoint/{COLLECTION}/ls?limit=10000&path={path}");
    let request = client.get(url).header(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let body = request.send().await?.error_for_status()?.bytes().await?;
    Ok(serde_json::from_slice(&body)?)
}
