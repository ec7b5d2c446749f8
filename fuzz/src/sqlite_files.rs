//! Files of the SQLite token storage.

use std::fs;
use std::path::Path;
use std::time::Duration;

use globus_auth_core::UnixTime;
use globus_tokenstorage::{SqliteTokenStorage, StorageError, StorageErrorKind, TokenData, TokenStorage};
use rusqlite::{Connection, OpenFlags};
use tokio::runtime::{Builder, Runtime};

use crate::scratch;

const SERVER: &str = "transfer.api.globus.org";

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|err| unreachable!("a fuzzer needs a runtime: {err}"));
}

/// A file that is no database, or one of something else, is refused and left byte for byte; another takes a token and gives it
/// back, or says that it cannot, unless SQLite itself finds it broken.
pub fn check(input: &[u8]) {
    let folder = scratch::folder();
    let path = folder.path().join("tokens.db");
    if fs::write(&path, input).is_ok() {
        RUNTIME.with(|runtime| runtime.block_on(used(input, &path)));
    }
}

async fn used(input: &[u8], path: &Path) {
    let storage = SqliteTokenStorage::new(path).with_lock_timeout(Duration::from_millis(50));
    let all = storage.get_token_data_by_resource_server().await;
    let one = storage.get_token_data(SERVER).await;
    if let (Ok(all), Ok(one)) = (&all, &one) {
        assert_eq!(all.get(SERVER), one.as_ref());
    }
    let refused = all.as_ref().err().is_some_and(is_refusal) && one.as_ref().err().is_some_and(is_refusal);
    assert!(!refused || is_same(path, input), "the file was refused and changed");

    let is_intact = is_intact(path);
    let token = TokenData::new(SERVER, "all", "AgFuzzedAccess", UnixTime::from_seconds(1_700_000_000));
    let stored =
        storage.store_token_data_by_resource_server(&[(SERVER.to_owned(), token.clone())].into()).await;
    match stored {
        // What SQLite itself finds broken can lose anything.
        Ok(()) if !is_intact => {}
        Ok(()) => {
            assert_eq!(
                storage.get_token_data(SERVER).await.ok().flatten(),
                Some(token),
                "stored, and not there"
            );
            assert_eq!(storage.remove_token_data(SERVER).await.ok(), Some(true));
            assert_eq!(storage.get_token_data(SERVER).await.ok(), Some(None));
        }
        Err(err) => assert!(!is_refusal(&err) || is_same(path, input), "refused, and changed: {err}"),
    }
}

fn is_intact(path: &Path) -> bool {
    let verdict = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|db| db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)));
    verdict.is_ok_and(|verdict| verdict == "ok")
}

fn is_refusal(err: &StorageError) -> bool {
    matches!(err.kind(), StorageErrorKind::Corrupt | StorageErrorKind::UnsupportedVersion)
}

fn is_same(path: &Path, input: &[u8]) -> bool {
    fs::read(path).is_ok_and(|content| content == input)
}
