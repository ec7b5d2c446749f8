//! Storing tokens in files, and reading them again.

use std::time::{Instant, SystemTime};

use globus_bench::{Arguments, Report, cpu_time};
use globus_sdk::tokenstorage::TokenData;
use globus_sdk::{JsonTokenStorage, SqliteTokenStorage, TokenStorage, TransferClient, UnixTime};
use tokio::time::sleep;

use crate::Outcome;

/// In a JSON file.
pub(crate) async fn json(arguments: &Arguments, sync: bool) -> Outcome {
    let storage = JsonTokenStorage::new(arguments.dir.join("tokens.json")).with_sync(sync);
    store_and_get(arguments, &storage).await
}

/// In a SQLite database.
pub(crate) async fn sqlite(arguments: &Arguments) -> Outcome {
    store_and_get(arguments, &SqliteTokenStorage::new(arguments.dir.join("tokens.db"))).await
}

async fn store_and_get(arguments: &Arguments, storage: &impl TokenStorage) -> Outcome {
    for number in 0..5 {
        storage.store_token_data(&tokens(&format!("seed{number}.api.globus.org"), number)?).await?;
    }
    let resource_server = TransferClient::RESOURCE_SERVER;
    let (start, cpu) = (Instant::now(), cpu_time());
    for number in 0..arguments.n {
        storage.store_token_data(&tokens(resource_server, number)?).await?;
    }
    let (storing, cpu) = (start.elapsed(), cpu_time() - cpu);
    let start = Instant::now();
    let mut check = 0;
    for _ in 0..arguments.n {
        let found = storage.get_token_data(resource_server).await?;
        check += found.map_or(0, |tokens| tokens.access_token.expose().len());
    }
    let getting = start.elapsed();
    let n = arguments.n as f64;
    Ok(Report::new(storing + getting, 2 * arguments.n, i64::try_from(check)?)
        .with("store_per_s", n / storing.as_secs_f64())
        .with("get_per_s", n / getting.as_secs_f64())
        .with("cpu_us_per_store", cpu.as_secs_f64() * 1e6 / n))
}

/// Stores again and again, beside other processes that do the same with the same file. With the storage's own settings.
pub(crate) async fn put(arguments: &Arguments) -> Outcome {
    let storage = JsonTokenStorage::new(arguments.dir.join("tokens.json"));
    if let Some(wait) = arguments.at.and_then(|at| at.duration_since(SystemTime::now()).ok()) {
        sleep(wait).await;
    }
    let (mut ok, mut errors, mut last) = (0, 0, -1);
    let start = Instant::now();
    for number in 0..arguments.n {
        match storage.store_token_data(&tokens(&arguments.rs, number)?).await {
            Ok(()) => (ok, last) = (ok + 1, i64::try_from(number)?),
            Err(_) => errors += 1,
        }
        if !arguments.pause.is_zero() {
            sleep(arguments.pause).await;
        }
    }
    Ok(Report::new(start.elapsed(), arguments.n, 0)
        .with_count("ok", ok)
        .with_count("errors", errors)
        .with_count("last_ok", last))
}

fn tokens(resource_server: &str, number: usize) -> Result<TokenData, std::num::TryFromIntError> {
    let expires_at = UnixTime::from_seconds(1_900_000_000 + i64::try_from(number)?);
    let scope = "urn:globus:auth:scope:transfer.api.globus.org:all";
    Ok(TokenData::new(resource_server, scope, format!("AgAccess{number:064}"), expires_at)
        .with_refresh_token(Some(format!("AgRefresh{number:048}").into()))
        .with_identity_id(Some("ae332d86-d274-11e5-b885-b31714a110e9".to_owned())))
}
