//! Files that were cut off, and databases that were changed at random.

use std::fs;

use globus_tokenstorage::StorageErrorKind;
#[cfg(feature = "sqlite")]
use proptest::prelude::*;

use crate::support::{FILES, open, quick_dir, rounds, token};

pub(crate) fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Cuts a file off at every `step`th byte: what is left is an error, and stays. SQLite takes up to one byte for an empty
/// database.
pub(crate) fn cut_off(name: &str, step: usize) {
    let dir = quick_dir();
    let path = dir.path().join(name);
    wait_for(async {
        for entry in ["a", "b"] {
            open(&path).store_token_data(&token(entry, "Ag1")).await.unwrap();
        }
        let whole = fs::read(&path).unwrap();
        let first = if name == "tokens.db" { 2 } else { 0 };
        for length in (first..whole.len()).step_by(step) {
            fs::write(&path, &whole[..length]).unwrap();
            let storage = open(&path);
            for err in [
                storage.get_token_data("a").await.unwrap_err(),
                storage.get_token_data_by_resource_server().await.unwrap_err(),
                storage.store_token_data(&token("b", "Ag2")).await.unwrap_err(),
                storage.remove_token_data("b").await.unwrap_err(),
                storage.compare_and_swap("b", None, Some(&token("b", "Ag2"))).await.unwrap_err(),
            ] {
                assert_eq!(err.kind(), StorageErrorKind::Corrupt, "{length}: {err}");
            }
            assert!(fs::read(&path).unwrap() == whole[..length], "{name} was changed at {length}");
        }
    });
}

pub(crate) fn cut_off_at_any_byte() {
    let step = 400 / rounds(1).pow(2).min(400);
    for name in FILES {
        cut_off(name, if *name == "tokens.db" { step } else { 1 });
    }
}

#[cfg(feature = "sqlite")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_database_changed_anywhere_is_an_error_or_goes_on(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let dir = quick_dir();
        let path = dir.path().join("tokens.db");
        wait_for(open(&path).store_token_data(&token("a", "AgSecret"))).unwrap();
        let mut content = fs::read(&path).unwrap();
        for (index, byte) in changes {
            *index.get_mut(&mut content) = byte;
        }
        fs::write(&path, content).unwrap();
        wait_for(async {
            let storage = open(&path);
            let _ = storage.get_token_data("a").await;
            if let Err(err) = storage.get_token_data_by_resource_server().await {
                prop_assert!(!format!("{err:?} {err}").contains("AgSecret"), "{:?}", err);
            }
            let before = fs::read(&path).unwrap();
            let stored = storage.store_token_data(&token("new", "Ag1")).await;
            prop_assert!(stored.is_ok() || fs::read(&path).unwrap() == before, "{:?}", stored);
            Ok(())
        })?;
    }
}
