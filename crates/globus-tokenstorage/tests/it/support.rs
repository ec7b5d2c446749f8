//! Tokens to store, and where.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use globus_auth_core::UnixTime;
use globus_tokenstorage::{TokenData, TokenStorage};
use tempfile::TempDir;

/// The storages whose files are tested.
pub(crate) const FILES: &[&str] = &[
    #[cfg(feature = "json")]
    "tokens.json",
    #[cfg(feature = "sqlite")]
    "tokens.db",
];

/// The storage that goes with the name of a file; the JSON storage does not wait for the disk.
pub(crate) fn open(path: &Path) -> Arc<dyn TokenStorage> {
    open_with(path, "DEFAULT", Duration::from_secs(60))
}

pub(crate) fn open_with(path: &Path, namespace: &str, limit: Duration) -> Arc<dyn TokenStorage> {
    match path.extension().and_then(|extension| extension.to_str()) {
        #[cfg(feature = "sqlite")]
        Some("db") => {
            let storage = globus_tokenstorage::SqliteTokenStorage::new(path).with_namespace(namespace);
            Arc::new(storage.with_lock_timeout(limit))
        }
        #[cfg(feature = "json")]
        _ => {
            let storage = globus_tokenstorage::JsonTokenStorage::new(path).with_namespace(namespace);
            Arc::new(storage.with_sync(false).with_lock_timeout(limit))
        }
        #[cfg(not(feature = "json"))]
        _ => panic!("no such storage: {}", path.display()),
    }
}

/// A directory in memory where there is one, as waiting for a disk proves nothing here.
pub(crate) fn quick_dir() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

pub(crate) fn names(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// `few` in an ordinary run, and as many times more as `GLOBUS_SDK_SOAK` says.
pub(crate) fn rounds(few: usize) -> usize {
    let times = env::var("GLOBUS_SDK_SOAK").ok().and_then(|times| times.parse::<usize>().ok()).unwrap_or(1);
    let rounds = few * times.max(1);
    println!("{rounds} rounds");
    rounds
}

pub(crate) fn token(resource_server: &str, access_token: &str) -> TokenData {
    TokenData::new(resource_server, "all", access_token, UnixTime::from_seconds(1_750_000_000))
}

pub(crate) fn one(resource_server: &str, access_token: &str) -> BTreeMap<String, TokenData> {
    [(resource_server.to_owned(), token(resource_server, access_token))].into()
}

#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().unwrap().permissions().mode() & 0o777
}
