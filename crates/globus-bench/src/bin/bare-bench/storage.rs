//! Storing tokens in files: lock, read, change, write aside, rename.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process;
use std::thread;
use std::time::{Instant, SystemTime};

use globus_bench::{Arguments, Failure, Report, cpu_time};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::Outcome;

const RESOURCE_SERVER: &str = "transfer.api.globus.org";

/// In a JSON file.
pub(crate) fn json(arguments: &Arguments, sync: bool) -> Outcome {
    let path = arguments.dir.join("tokens.json");
    store_and_get(
        arguments,
        |resource_server, number| store(&path, resource_server, number, sync),
        || Ok(load(&path)?["data"]["DEFAULT"][RESOURCE_SERVER].take()),
    )
}

/// In a SQLite database that stays open.
pub(crate) fn sqlite(arguments: &Arguments) -> Outcome {
    let db = Connection::open(arguments.dir.join("tokens.db"))?;
    db.execute_batch(
        "CREATE TABLE token_storage (namespace VARCHAR NOT NULL, resource_server VARCHAR NOT NULL, \
         token_data_json VARCHAR NOT NULL, PRIMARY KEY (namespace, resource_server))",
    )?;
    let mut put = db.prepare("REPLACE INTO token_storage VALUES ('DEFAULT', ?, ?)")?;
    let mut find = db.prepare(
        "SELECT token_data_json FROM token_storage WHERE namespace = 'DEFAULT' AND resource_server = ?",
    )?;
    store_and_get(
        arguments,
        |resource_server, number| {
            let json = tokens(resource_server, number).to_string();
            Ok(put.execute([resource_server, &json]).map(drop)?)
        },
        || {
            let json: String = find.query_row([RESOURCE_SERVER], |row| row.get(0))?;
            Ok(serde_json::from_str(&json)?)
        },
    )
}

fn store_and_get(
    arguments: &Arguments,
    mut store: impl FnMut(&str, usize) -> Result<(), Failure>,
    mut get: impl FnMut() -> Result<Value, Failure>,
) -> Outcome {
    for number in 0..5 {
        store(&format!("seed{number}.api.globus.org"), number)?;
    }
    let (start, cpu) = (Instant::now(), cpu_time());
    for number in 0..arguments.n {
        store(RESOURCE_SERVER, number)?;
    }
    let (storing, cpu) = (start.elapsed(), cpu_time() - cpu);
    let start = Instant::now();
    let mut check = 0;
    for _ in 0..arguments.n {
        check += get()?["access_token"].as_str().map_or(0, str::len);
    }
    let getting = start.elapsed();
    let n = arguments.n as f64;
    Ok(Report::new(storing + getting, 2 * arguments.n, i64::try_from(check)?)
        .with("store_per_s", n / storing.as_secs_f64())
        .with("get_per_s", n / getting.as_secs_f64())
        .with("cpu_us_per_store", cpu.as_secs_f64() * 1e6 / n))
}

/// Stores again and again, beside other processes that do the same with the same file.
pub(crate) fn put(arguments: &Arguments) -> Outcome {
    let path = arguments.dir.join("tokens.json");
    if let Some(wait) = arguments.at.and_then(|at| at.duration_since(SystemTime::now()).ok()) {
        thread::sleep(wait);
    }
    let start = Instant::now();
    for number in 0..arguments.n {
        store(&path, &arguments.rs, number, true)?;
        thread::sleep(arguments.pause);
    }
    let n = i64::try_from(arguments.n)?;
    Ok(Report::new(start.elapsed(), arguments.n, 0)
        .with_count("ok", n)
        .with_count("errors", 0)
        .with_count("last_ok", n - 1))
}

fn store(path: &Path, resource_server: &str, number: usize, sync: bool) -> Result<(), Failure> {
    let mut private = OpenOptions::new();
    private.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut private, 0o600);
    let lock = private.open(path.with_extension("lock"))?;
    lock.lock()?;
    let mut document = load(path)?;
    document["data"]["DEFAULT"][resource_server] = tokens(resource_server, number);
    let aside = path.with_extension(process::id().to_string());
    let mut file = private.truncate(true).open(&aside)?;
    file.write_all(&serde_json::to_vec(&document)?)?;
    if sync {
        file.sync_data()?;
    }
    Ok(fs::rename(aside, path)?)
}

fn load(path: &Path) -> Result<Value, Failure> {
    match fs::read(path) {
        Ok(content) => Ok(serde_json::from_slice(&content)?),
        Err(_) => Ok(json!({ "data": {}, "format_version": "2.0", "globus-sdk.version": "bare" })),
    }
}

fn tokens(resource_server: &str, number: usize) -> Value {
    json!({
        "resource_server": resource_server, "identity_id": "ae332d86-d274-11e5-b885-b31714a110e9",
        "scope": "urn:globus:auth:scope:transfer.api.globus.org:all", "access_token": format!("AgAccess{number:064}"),
        "refresh_token": format!("AgRefresh{number:048}"), "expires_at_seconds": 1_900_000_000 + number,
        "token_type": "Bearer",
    })
}
