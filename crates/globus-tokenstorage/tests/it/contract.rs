//! Files recorded from the Python SDK, beyond the samples beside these tests, which `json_format.rs` and `sqlite.rs` read: those in
//! the folder that `GLOBUS_CONTRACT_DIR` names (a relative path starts at the workspace's root).

use std::path::{Path, PathBuf};

/// The folder, when there is one.
fn recorded() -> Option<PathBuf> {
    let folder = std::env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty());
    if folder.is_none() {
        println!("GLOBUS_CONTRACT_DIR is not set: only the samples beside the tests are read");
    }
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder?).join("tokenstorage"))
}

#[cfg(feature = "json")]
#[tokio::test]
async fn recorded_json_files_are_read_and_written_as_python_does() {
    use std::fs;

    use globus_tokenstorage::{JsonTokenStorage, TokenStorage};

    let Some(recorded) = recorded() else { return };
    let read = |name: &str| fs::read_to_string(recorded.join(name)).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&read("expected.json")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(dir.path().join("tokens.json"));
    let v2 = JsonTokenStorage::new(recorded.join("json-v2.json"));

    // What Python has as version 2, written by us from what we read, is the same text.
    let tokens = v2.get_token_data_by_resource_server().await.unwrap();
    for name in ["transfer.api.globus.org", "auth.globus.org"] {
        let one = [(name.to_owned(), tokens[name].clone())].into();
        storage.store_token_data_by_resource_server(&one).await.unwrap();
    }
    let (v2, other) = (v2.with_namespace("other-namespace"), storage.with_namespace("other-namespace"));
    let tokens = v2.get_token_data_by_resource_server().await.unwrap();
    other.store_token_data_by_resource_server(&tokens).await.unwrap();
    let ours = fs::read_to_string(storage.path()).unwrap();
    let version = concat!("globus-sdk-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(ours.replace(version, "4.10.0"), read("json-v2.json"));

    let v1 = JsonTokenStorage::new(recorded.join("json-v1.json"));
    for (name, token) in v1.get_token_data_by_resource_server().await.unwrap() {
        let fact = &expected["facts"]["read_v1"][&name];
        assert_eq!(token.access_token.expose(), fact["access_token"]);
        assert_eq!(token.expires_at.as_seconds(), fact["expires_at_seconds"]);
        assert_eq!(token.scope, fact["scope"]);
    }
    for case in expected["json_file_cases"].as_array().unwrap() {
        fs::write(storage.path(), case["content"].as_str().unwrap()).unwrap();
        let ok = storage.get_token_data_by_resource_server().await.is_ok();
        assert_eq!(ok, case["read"].get("raises").is_none(), "{}", case["file"]);
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn recorded_databases_are_read() {
    use std::fs;

    use globus_tokenstorage::{SqliteTokenStorage, TokenStorage};

    let Some(recorded) = recorded() else { return };
    let dir = tempfile::tempdir().unwrap();
    for (name, count) in [("sqlite-v1.db", 2), ("sqlite-v2.db", 2)] {
        let path = dir.path().join(name);
        fs::write(&path, fs::read(recorded.join(name)).unwrap()).unwrap();
        let tokens = SqliteTokenStorage::new(&path).get_token_data_by_resource_server().await.unwrap();
        assert_eq!(tokens.len(), count, "{name}");
        assert_eq!(tokens["transfer.api.globus.org"].access_token.expose(), "fake-transfer-access-token");
    }
}
