//! JSON files that were cut off or changed at random.

use std::fs;
use std::path::{Path, PathBuf};

use globus_auth_core::Secret;
use globus_tokenstorage::StorageErrorKind;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tempfile::TempDir;

use crate::damage::{cut_off, wait_for};
use crate::support::{open, quick_dir, token};

#[test]
fn a_json_file_cut_off_at_any_byte_is_an_error_and_stays() {
    cut_off("tokens.json", 1);
}

/// A file with this content.
fn made(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let dir = quick_dir();
    let path = dir.path().join(name);
    fs::write(&path, content).unwrap();
    (dir, path)
}

/// Every operation on such a file ends, and none changes a file that it calls an error.
fn nothing_is_overwritten_unread(path: &Path) -> TestCaseResult {
    wait_for(async {
        let before = fs::read(path).unwrap();
        let storage = open(path);
        let readable = storage.get_token_data_by_resource_server().await;
        if let Err(err) = &readable {
            prop_assert!(
                !err.to_string().contains("AgSecret") && !format!("{err:?}").contains("AgSecret"),
                "{:?}",
                err
            );
            prop_assert!(!err.to_string().contains('\n'));
        }
        let _ = storage.get_token_data("a").await;
        prop_assert!(fs::read(path).unwrap() == before);
        let _ = storage.remove_token_data("missing").await;
        let _ = storage.compare_and_swap("a", Some(&token("a", "AgOther")), None).await;
        prop_assert!(fs::read(path).unwrap() == before);
        match storage.store_token_data(&token("new", "Ag1")).await {
            Ok(()) => {
                prop_assert_eq!(storage.get_token_data("new").await.unwrap(), Some(token("new", "Ag1")));
            }
            Err(_) => prop_assert!(fs::read(path).unwrap() == before),
        }
        Ok(())
    })
}

const DOCUMENT: &str = r#"{"data": {"DEFAULT": {"a": {"resource_server": "a", "scope": "s", "access_token": "AgSecret", "expires_at_seconds": 5, "more": {"x": [1.50]}}}}, "format_version": "2.0", "globus-sdk.version": "4.10.0", "more": null}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn arbitrary_bytes_are_never_overwritten(content in prop::collection::vec(any::<u8>(), 0..200)) {
        let (_dir, path) = made("tokens.json", &content);
        nothing_is_overwritten_unread(&path)?;
        prop_assert_eq!(fs::read(&path).unwrap(), content);
    }

    #[test]
    fn a_document_changed_anywhere_is_understood_or_left_alone(
        at in 0..DOCUMENT.len(),
        length in 0..20_usize,
        instead in prop_oneof![".{0,5}", "[\\[\\]{},:\"]{0,3}", Just("\\ud800".to_owned()), Just("null".to_owned())],
    ) {
        let end = (at + length).min(DOCUMENT.len());
        let content = [&DOCUMENT[..at], &instead, &DOCUMENT[end..]].concat();
        let (_dir, path) = made("tokens.json", content.as_bytes());
        nothing_is_overwritten_unread(&path)?;
    }

    #[test]
    fn unknown_members_survive_every_change(
        (root, data, entries, entry) in (members(), members(), members(), members()),
    ) {
        use serde_json::{Map, Value, json};

        let with = |known: Value, unknown: &Map<String, Value>| {
            let mut object = unknown.clone();
            object.extend(known.as_object().unwrap().clone());
            Value::Object(object)
        };
        let kept = json!({"resource_server": "kept", "scope": "s", "access_token": "Ag", "expires_at_seconds": 5});
        let kept = with(kept, &entry);
        let document = |others: Value| {
            let tokens = with(json!({"kept": kept}), others.as_object().unwrap());
            let tokens = with(tokens, &entries);
            let data = with(json!({"DEFAULT": tokens, "another": {"x": 1}}), &data);
            with(json!({"data": data, "format_version": "2.0", "globus-sdk.version": "9"}), &root)
        };
        let (_dir, path) = made("tokens.json", document(json!({})).to_string().as_bytes());
        let read = || {
            let mut found: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            found["globus-sdk.version"] = "9".into();
            found
        };
        wait_for(async {
            let storage = open(&path);
            storage.store_token_data(&token("new", "Ag1")).await.unwrap();
            let new = json!({"resource_server": "new", "scope": "all", "access_token": "Ag1",
                             "expires_at_seconds": 1_750_000_000, "token_type": "Bearer"});
            prop_assert_eq!(read(), document(json!({"new": new})));
            prop_assert!(storage.compare_and_swap("new", Some(&token("new", "Ag1")), Some(&token("new", "Ag2"))).await.unwrap());
            let new = with(json!({"access_token": "Ag2"}), new.as_object().unwrap());
            prop_assert_eq!(read(), document(json!({"new": new})));
            prop_assert!(storage.remove_token_data("new").await.unwrap());
            prop_assert_eq!(read(), document(json!({})));
            prop_assert_eq!(storage.get_token_data("kept").await.unwrap().unwrap().access_token, Secret::from("Ag"));
            Ok(())
        })?;
    }
}

/// Members of an object with names that mean nothing.
fn members() -> impl Strategy<Value = serde_json::Map<String, serde_json::Value>> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("unknown-.{0,4}", value, 0..3)
        .prop_map(|members| members.into_iter().collect())
}

#[tokio::test]
async fn nesting_of_any_depth_neither_ends_the_program_nor_is_lost() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let (_dir, path) = made("tokens.json", DOCUMENT.replace("null", &deep).as_bytes());
    let storage = open(&path);
    storage.store_token_data(&token("new", "Ag1")).await.unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains(&deep));
    fs::write(&path, &deep).unwrap();
    let err = storage.get_token_data("a").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Corrupt, "{err}");
    fs::write(&path, DOCUMENT.replace("\"AgSecret\"", &deep)).unwrap();
    let err = storage.get_token_data("a").await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Corrupt, "{err}");
}
