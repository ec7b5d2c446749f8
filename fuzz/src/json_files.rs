//! Files of the JSON token storage.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use globus_auth_core::{Secret, UnixTime};
use globus_tokenstorage::{
    DEFAULT_NAMESPACE, JsonTokenStorage, StorageError, StorageErrorKind, TokenData, TokenStorage,
};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};

use crate::{scratch, tokens};

const SERVER: &str = "transfer.api.globus.org";

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|err| unreachable!("a fuzzer needs a runtime: {err}"));
}

/// A file is refused and left byte for byte, or takes a token, gives it back, swaps it and loses it again, and keeps everything
/// else in it as it was written. Errors and `Debug` show no token.
pub fn check(input: &[u8]) {
    let folder = scratch::folder();
    let path = folder.path().join("tokens.json");
    if fs::write(&path, input).is_ok() {
        RUNTIME.with(|runtime| runtime.block_on(used(input, &path)));
    }
}

async fn used(input: &[u8], path: &Path) {
    let storage = JsonTokenStorage::new(path).with_sync(false);
    let all = storage.get_token_data_by_resource_server().await;
    let one = storage.get_token_data(SERVER).await;
    assert_eq!(fs::read(path).ok().as_deref(), Some(input), "reading changed the file");
    is_hidden(input, path, &all).await;
    if let Ok(all) = &all {
        assert_eq!(one.as_ref().ok(), Some(&all.get(SERVER).cloned()));
    }

    let token = token("AgFuzzedAccess").with_refresh_token(Some(Secret::from("AgFuzzedRefresh")));
    let stored =
        storage.store_token_data_by_resource_server(&[(SERVER.to_owned(), token.clone())].into()).await;
    let written = fs::read(path).unwrap_or_default();
    if let Err(err) = stored {
        assert!(all.is_err() && is_refusal(&err), "{err}");
        assert_eq!(written, input, "the file was refused and changed");
        return;
    }
    let rest = Rest::of(input);
    assert_eq!(Rest::of(&written), rest, "something else than the token changed");
    assert_eq!(storage.get_token_data(SERVER).await.ok(), Some(Some(token.clone())));

    let other = self::token("AgFuzzedOther");
    let swapped = storage.compare_and_swap(SERVER, Some(&other), None).await;
    assert_eq!(swapped.ok(), Some(false), "swapped against another token");
    assert_eq!(fs::read(path).ok(), Some(written), "a swap that failed changed the file");
    assert_eq!(storage.compare_and_swap(SERVER, Some(&token), Some(&other)).await.ok(), Some(true));
    assert_eq!(storage.get_token_data(SERVER).await.ok(), Some(Some(other)));

    assert_eq!(storage.remove_token_data(SERVER).await.ok(), Some(true));
    assert_eq!(storage.get_token_data(SERVER).await.ok(), Some(None));
    assert_eq!(Rest::of(&fs::read(path).unwrap_or_default()), rest, "something else than the token changed");
}

fn token(access_token: &str) -> TokenData {
    TokenData::new(SERVER, "all", access_token, UnixTime::from_seconds(1_700_000_000))
}

fn is_refusal(err: &StorageError) -> bool {
    matches!(err.kind(), StorageErrorKind::Corrupt | StorageErrorKind::UnsupportedVersion)
}

async fn is_hidden(input: &[u8], path: &Path, all: &Result<BTreeMap<String, TokenData>, StorageError>) {
    let Ok(document) = serde_json::from_slice::<Value>(input) else { return };
    let secrets = tokens::only_under(&document, &["access_token", "refresh_token"]);
    match all {
        Ok(all) => {
            let harmless = |data: &TokenData| {
                let frame = TokenData::new(&*data.resource_server, &*data.scope, "", data.expires_at);
                frame.with_identity_id(data.identity_id.clone()).with_token_type(data.token_type.clone())
            };
            let frame: Vec<_> = all.iter().map(|(name, data)| (name, harmless(data))).collect();
            tokens::assert_hidden(&secrets, &format!("{all:?}"), &format!("TokenData {frame:?}"));
        }
        Err(err) => {
            assert!(is_refusal(err), "{err}");
            // With other tokens in the file, the error is the same to the letter.
            let _ = fs::write(path, tokens::masked(input, &secrets));
            let other = JsonTokenStorage::new(path).get_token_data_by_resource_server().await.err();
            assert_eq!(other.map(|err| format!("{err} {err:?}")), Some(format!("{err} {err:?}")));
            let _ = fs::write(path, input);
        }
    }
}

type Members = BTreeMap<String, Box<RawValue>>;

/// A file without what a change of the token may touch; the text of everything else.
#[derive(Debug, Default, PartialEq)]
struct Rest {
    top: BTreeMap<String, String>,
    namespaces: BTreeMap<String, String>,
    tokens: BTreeMap<String, String>,
}

impl Rest {
    fn of(file: &[u8]) -> Self {
        let Ok(mut top) = serde_json::from_slice::<Members>(file) else { return Self::default() };
        let is_old = top.get("format_version").is_some_and(|version| text(version).as_deref() == Some("1.0"));
        let (mut namespaces, tokens) = if is_old {
            top.remove("data");
            (Members::new(), top.remove("by_rs").map(|tokens| members(&tokens)).unwrap_or_default())
        } else {
            let mut data = top.remove("data").map(|data| members(&data)).unwrap_or_default();
            let tokens = data.remove(DEFAULT_NAMESPACE).map(|tokens| members(&tokens)).unwrap_or_default();
            (data, tokens)
        };
        top.remove("format_version");
        top.remove("globus-sdk.version");
        namespaces.remove(DEFAULT_NAMESPACE);
        let mut rest = Self { top: texts(top), namespaces: texts(namespaces), tokens: texts(tokens) };
        rest.tokens.remove(SERVER);
        rest
    }
}

fn members(object: &RawValue) -> Members {
    serde_json::from_str(object.get()).unwrap_or_default()
}

fn texts(members: Members) -> BTreeMap<String, String> {
    members.into_iter().map(|(name, raw)| (name, raw.get().to_owned())).collect()
}

fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}
