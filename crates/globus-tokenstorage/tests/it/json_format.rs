//! Files of the Python SDK, and files that are not.

use std::fs;

use globus_auth_core::{Secret, UnixTime};
use globus_tokenstorage::{JsonTokenStorage, StorageErrorKind, TokenData, TokenStorage};
use tempfile::TempDir;

use crate::support::{one, token};

const V1: &str = include_str!("../samples/json-v1.json");
const V1_UPGRADED: &str = include_str!("../samples/json-v1-upgraded.json");
const V2: &str = include_str!("../samples/json-v2.json");

fn file_with(content: impl AsRef<[u8]>) -> (TempDir, JsonTokenStorage) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tokens.json");
    fs::write(&path, content).unwrap();
    (dir, JsonTokenStorage::new(path))
}

fn content(storage: &JsonTokenStorage) -> String {
    fs::read_to_string(storage.path()).unwrap()
}

#[tokio::test]
async fn a_file_of_format_1_is_read_and_left_alone() {
    let (_dir, storage) = file_with(V1);
    let tokens = storage.get_token_data_by_resource_server().await.unwrap();
    assert_eq!(tokens["transfer.api.globus.org"].refresh_token, Some(Secret::from("AgSampleRefresh")));
    assert_eq!(tokens["groups.api.globus.org"].refresh_token, None);
    assert_eq!(tokens["groups.api.globus.org"].expires_at, UnixTime::from_seconds(1_750_000_001));
    let other = storage.with_namespace("another");
    assert!(other.get_token_data_by_resource_server().await.unwrap().is_empty());
    assert!(!storage.remove_token_data("auth.globus.org").await.unwrap());
    assert_eq!(content(&storage), V1);
}

#[tokio::test]
async fn a_write_makes_format_1_format_2_and_keeps_the_entries_as_they_are() {
    let (_dir, storage) = file_with(V1);
    let auth = TokenData::new(
        "auth.globus.org",
        "openid profile email",
        "AgSampleAuth",
        UnixTime::from_seconds(1_750_000_002),
    )
    .with_identity_id(Some("46bd0f56-e24f-11e5-a510-131bef46955c".into()));
    storage.store_token_data_by_resource_server(&[("auth.globus.org".into(), auth)].into()).await.unwrap();
    let writer = concat!("globus-sdk-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(content(&storage), V1_UPGRADED.trim_end().replace("WRITER", writer));
}

#[tokio::test]
async fn tokens_of_format_1_that_did_not_count_are_not_kept() {
    let twice = r#"{"by_rs": {"old": {"access_token": "AgSuperseded"}}, "format_version": "1.0", "globus-sdk.version": "3", "by_rs": {}}"#;
    let (_dir, storage) = file_with(twice);
    assert!(storage.get_token_data_by_resource_server().await.unwrap().is_empty());
    storage.store_token_data_by_resource_server(&one("rs", "AgNew")).await.unwrap();
    assert!(!content(&storage).contains("AgSuperseded"), "{}", content(&storage));
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_removal_upgrades_format_1_too() {
    let (_dir, storage) = file_with(V1);
    assert!(storage.remove_token_data("groups.api.globus.org").await.unwrap());
    assert!(content(&storage).contains(r#""format_version": "2.0", "globus-sdk.version": "3.20.1"}"#));
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_parts_survive_until_their_entry_is_rewritten() {
    let (_dir, storage) = file_with(V2);
    let flows = storage.get_token_data("flows.globus.org").await.unwrap().unwrap();
    assert_eq!((flows.token_type, flows.identity_id), (None, None));
    storage.store_token_data_by_resource_server(&one("auth.globus.org", "AgNew")).await.unwrap();
    let text = content(&storage);
    for kept in [r#""token_type": null, "note": {"kept": [1, 2.50]}"#, r#""more": 1}"#, "AgSampleOther"] {
        assert!(text.contains(kept), "{text}");
    }
    storage.store_token_data_by_resource_server(&one("flows.globus.org", "AgNew")).await.unwrap();
    assert!(!content(&storage).contains("note"));
}

#[tokio::test]
async fn removing_the_last_entry_leaves_its_namespace_and_the_version_key() {
    let (_dir, storage) = file_with(V2);
    let other = storage.with_namespace("another");
    assert!(other.remove_token_data("auth.globus.org").await.unwrap());
    let text = content(&storage);
    assert!(
        text.contains(r#""another": {}"#) && text.contains(r#""globus-sdk.version": "4.10.0""#),
        "{text}"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_understood_is_an_error_and_stays() {
    use StorageErrorKind::{Corrupt, UnsupportedVersion};
    for (bytes, kind, why) in [
        (
            &br#"{"format_version": "3.0", "data": {}, "globus-sdk.version": "9"}"#[..],
            UnsupportedVersion,
            "neither",
        ),
        (br#"{"format_version": 2, "data": {}, "globus-sdk.version": "9"}"#, UnsupportedVersion, "neither"),
        (br#"{"data": {}}"#, Corrupt, "no `format_version`"),
        (br#"{"format_version": "2.0", "data": {}}"#, Corrupt, "no `globus-sdk.version`"),
        (br#"{"format_version": "2.0", "globus-sdk.version": "9"}"#, Corrupt, "no `data`"),
        (br#"{"format_version": "1.0", "globus-sdk.version": "9"}"#, Corrupt, "no `by_rs`"),
        (
            br#"{"format_version": "2.0", "data": [], "globus-sdk.version": "9"}"#,
            Corrupt,
            "`data` is not an object",
        ),
        (
            br#"{"format_version": "2.0", "data": {"DEFAULT": 1}, "globus-sdk.version": "9"}"#,
            Corrupt,
            "`DEFAULT` is not an object",
        ),
        (b"[]", Corrupt, "not a JSON object"),
        (b"", Corrupt, "empty or cut off"),
        (b"{", Corrupt, "empty or cut off"),
        (br#"{"data": {"DEFAULT": {"rs": {"access_token": "AgSe"#, Corrupt, "cut off"),
        (b"AgSecret", Corrupt, "not JSON"),
        (b"{\"data\": \"\xff\"}", Corrupt, "not UTF-8"),
        (b"\0\0\0\0", Corrupt, "not JSON"),
    ] {
        let (_dir, storage) = file_with(bytes);
        let errors = [
            storage.get_token_data("rs").await.unwrap_err(),
            storage.get_token_data_by_resource_server().await.unwrap_err(),
            storage.store_token_data_by_resource_server(&one("rs", "Ag1")).await.unwrap_err(),
            storage.remove_token_data("rs").await.unwrap_err(),
        ];
        for err in errors {
            let text = err.to_string();
            assert_eq!(err.kind(), kind, "{text}");
            assert_eq!(err.path(), Some(storage.path()));
            assert!(
                text.contains(why) && text.contains("tokens.json") && text.contains("left as it is"),
                "{text}"
            );
            assert!(!text.contains("AgSe"), "{text}");
        }
        assert_eq!(fs::read(storage.path()).unwrap(), bytes);
    }
}

#[tokio::test]
async fn one_bad_entry_hides_no_other_and_survives_writes() {
    let bad = r#""bad": {"resource_server": "bad", "scope": "s", "access_token": "AgSecret", "expires_at_seconds": 5.5}"#;
    let (_dir, storage) = file_with(format!(
        r#"{{"format_version": "2.0", "globus-sdk.version": "9", "data": {{"DEFAULT": {{{bad}}}}}}}"#
    ));
    storage.store_token_data_by_resource_server(&one("good", "Ag1")).await.unwrap();
    assert!(content(&storage).contains(bad));
    assert_eq!(storage.get_token_data("good").await.unwrap(), Some(token("good", "Ag1")));
    let err = storage.get_token_data_by_resource_server().await.unwrap_err().to_string();
    assert!(err.contains("the entry of bad") && !err.contains("AgSecret"), "{err}");
    assert!(storage.remove_token_data("bad").await.unwrap());
}

#[tokio::test]
async fn the_last_of_two_equal_names_counts() {
    let entry = |token| {
        format!(
            r#"{{"resource_server": "rs", "scope": "s", "access_token": "{token}", "expires_at_seconds": 5}}"#
        )
    };
    let (_dir, storage) = file_with(format!(
        r#"{{"format_version": "2.0", "globus-sdk.version": "9", "data": {{"DEFAULT": {{"rs": {}, "rs": {}}}}}}}"#,
        entry("AgFirst"),
        entry("AgSecond")
    ));
    for tokens in [
        storage.get_token_data("rs").await.unwrap(),
        storage.get_token_data_by_resource_server().await.unwrap().remove("rs"),
    ] {
        assert_eq!(tokens.unwrap().access_token, Secret::from("AgSecond"));
    }
    assert!(storage.remove_token_data("rs").await.unwrap());
    assert!(storage.get_token_data("rs").await.unwrap().is_none());
}
