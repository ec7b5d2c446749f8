//! Many tasks that find one token expired.

use std::collections::HashSet;
use std::time::Instant;

use globus_bench::{Arguments, Report};
use globus_sdk::{Authorizer, NativeAppAuthClient, RefreshTokenAuthorizer, TransferClient, UnixTime};
use tokio::task::JoinSet;

use crate::Outcome;

const CLIENT_ID: &str = "00000000-0000-4000-a000-000000000001";

/// They share an authorizer; how often it renews the token is counted by the server.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let auth = NativeAppAuthClient::builder(CLIENT_ID).base_url(&arguments.base_url).build()?;
    let authorizer = RefreshTokenAuthorizer::new(auth, TransferClient::RESOURCE_SERVER, "AgRefresh")
        .with_access_token("AgOld", UnixTime::from_seconds(0));
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..arguments.n {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { authorizer.authorization_header().await });
    }
    let (mut headers, mut errors) = (HashSet::new(), 0);
    while let Some(header) = tasks.join_next().await {
        match header? {
            Ok(header) => {
                headers.extend(header.map(|header| header.value().expose().to_owned()));
            }
            Err(_) => errors += 1,
        }
    }
    Ok(Report::new(start.elapsed(), arguments.n, 0)
        .with_count("distinct_headers", i64::try_from(headers.len())?)
        .with_count("errors", errors))
}
