//! What opens, and what does not.

use globus_auth_core::{Secret, UnixTime};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::seals::Seals;
use super::{EncryptionKey, EncryptionKeys};
use crate::{StorageErrorKind, TokenData};

fn seals(keys: impl Into<EncryptionKeys>) -> Seals {
    Seals { keys: keys.into(), plaintext_is_read: false }
}

fn entry() -> TokenData {
    TokenData::new("rs", "a b", "AgAccess", UnixTime::from_seconds(1_700_000_000))
        .with_refresh_token(Some("AgRefresh".into()))
        .with_identity_id(Some("i".to_owned()))
}

fn kind(seals: &Seals, stored: &TokenData) -> Option<StorageErrorKind> {
    seals.open("ns", "rs", stored).err().map(|err| err.kind())
}

/// Made with libsodium, by the description of the format alone.
#[test]
fn the_format_of_version_1_is_as_described() {
    let made =
        "globus-sealed:1:c63a4695f91e7b0c:AAECAwQFBgcICQoLDA0ODxAREhMUFRYX6XDq5pl5KNaPWxfsc7FezEPc7rkG-8CX";
    let stored = entry().with_refresh_token(None).with_identity_id(None);
    let sealed = seals(EncryptionKey::from_bytes([7; 32]));
    let mut recorded = stored.clone();
    recorded.access_token = Secret::from(made);
    assert_eq!(sealed.open("ns", "rs", &recorded).unwrap(), stored);
}

#[test]
fn the_same_tokens_are_sealed_differently_each_time() {
    let seals = seals(EncryptionKey::generate().unwrap());
    let (one, other) = (seals.seal("ns", "rs", &entry()).unwrap(), seals.seal("ns", "rs", &entry()).unwrap());
    assert_ne!(one, other);
    assert_eq!(seals.open("ns", "rs", &one).unwrap(), seals.open("ns", "rs", &other).unwrap());
}

#[test]
fn an_entry_opens_only_where_it_was_sealed_and_only_whole() {
    let seals = seals(EncryptionKey::generate().unwrap());
    let stored = seals.seal("ns", "rs", &entry()).unwrap();
    assert_eq!(seals.open("ns", "rs", &stored).unwrap(), entry());
    for (namespace, resource_server) in [("other", "rs"), ("ns", "other"), ("nsr", "s"), ("", "nsrs")] {
        assert_eq!(
            seals.open(namespace, resource_server, &stored).unwrap_err().kind(),
            StorageErrorKind::Corrupt
        );
    }
    let older = seals.seal("ns", "rs", &entry()).unwrap();
    let edits: [fn(&mut TokenData, &TokenData); 10] = [
        |data, _| data.resource_server.push('x'),
        |data, _| data.identity_id = None,
        |data, _| data.identity_id = Some(String::new()),
        |data, _| data.scope.push_str(" c"),
        |data, _| data.expires_at = UnixTime::from_seconds(i64::MAX),
        |data, _| data.token_type = None,
        |data, _| data.refresh_token = None,
        |data, older| data.access_token = older.access_token.clone(),
        |data, older| data.refresh_token.clone_from(&older.refresh_token),
        |data, _| data.refresh_token = Some(data.access_token.clone()),
    ];
    for (number, edit) in edits.iter().enumerate() {
        let mut edited = stored.clone();
        edit(&mut edited, &older);
        assert_eq!(kind(&seals, &edited), Some(StorageErrorKind::Corrupt), "edit {number}");
    }
}

#[test]
fn a_token_in_the_clear_among_sealed_ones_is_an_error_even_while_migrating() {
    let mut seals = seals(EncryptionKey::generate().unwrap());
    seals.plaintext_is_read = true;
    let stored = seals.seal("ns", "rs", &entry()).unwrap();
    let planted = stored.clone().with_refresh_token(Some("AgPlanted".into()));
    assert_eq!(kind(&seals, &planted), Some(StorageErrorKind::Corrupt));
    let mut planted = stored;
    planted.access_token = "AgPlanted".into();
    assert_eq!(kind(&seals, &planted), Some(StorageErrorKind::Corrupt));
}

#[test]
fn a_retired_key_opens_and_an_unknown_one_is_named() {
    let (old, new) = (EncryptionKey::generate().unwrap(), EncryptionKey::generate().unwrap());
    let stored = seals(old.clone()).seal("ns", "rs", &entry()).unwrap();
    let after = seals(EncryptionKeys::new(new.clone()).with_retired(old.clone()));
    assert_eq!(after.open("ns", "rs", &stored).unwrap(), entry());
    assert!(!after.are_current(&stored));
    assert!(after.are_current(&after.seal("ns", "rs", &entry()).unwrap()));
    let err = seals(new).open("ns", "rs", &stored).unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::UnknownKey);
    assert!(err.to_string().contains(old.id()) && err.to_string().contains("retired"), "{err}");
}

#[test]
fn a_newer_version_and_a_strange_one_are_told_apart() {
    let seals = seals(EncryptionKey::generate().unwrap());
    let with = |text: &str| {
        let mut stored = entry().with_refresh_token(None);
        stored.access_token = text.into();
        stored
    };
    assert_eq!(kind(&seals, &with("globus-sealed:2:x:y")), Some(StorageErrorKind::UnsupportedVersion));
    for text in
        ["globus-sealed:", "globus-sealed:1", "globus-sealed:1:", "globus-sealed:x:y:z", "globus-sealed::a:b"]
    {
        assert_eq!(kind(&seals, &with(text)), Some(StorageErrorKind::Corrupt), "{text}");
    }
    let strange = with("globus-sealed:1:AgLeaked\n:AAAA");
    let err = seals.open("ns", "rs", &strange).unwrap_err();
    assert!(
        err.kind() == StorageErrorKind::UnknownKey && !format!("{err} {err:?}").contains("AgLeaked"),
        "{err}"
    );
}

#[test]
fn neither_errors_nor_debug_show_a_token_or_a_key() {
    let key = EncryptionKey::generate().unwrap();
    let text = key.to_base64();
    let seals = seals(key);
    let mut stored = seals.seal("ns", "rs", &entry()).unwrap();
    stored.scope.push('x');
    let sealed = stored.access_token.clone();
    let err = seals.open("ns", "rs", &stored).unwrap_err();
    let clear = seals.open("ns", "rs", &entry()).unwrap_err();
    let shown = format!("{err} {err:?} {clear} {clear:?} {seals:?} {stored:?}");
    for secret in ["AgAccess", "AgRefresh", text.expose(), sealed.expose()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn any_entry() -> impl Strategy<Value = TokenData> {
    let texts = any::<(String, String, String)>();
    let extras = (option::of(any::<String>()), option::of(any::<String>()), option::of(any::<String>()));
    (texts, extras, any::<i64>()).prop_map(|(texts, extras, expires_at)| {
        TokenData::new(texts.0, texts.1, texts.2, UnixTime::from_seconds(expires_at))
            .with_identity_id(extras.0)
            .with_refresh_token(extras.1.map(Secret::from))
            .with_token_type(extras.2)
    })
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again(data in any_entry(), namespace: String, name: String, key: [u8; 32]) {
        let seals = seals(EncryptionKey::from_bytes(key));
        let stored = seals.seal(&namespace, &name, &data).unwrap();
        prop_assert_eq!(seals.open(&namespace, &name, &stored).unwrap(), data);
    }

    #[test]
    fn a_sealed_token_with_any_byte_changed_does_not_open(at: prop::sample::Index, to in 0_u8..128, refresh: bool) {
        let seals = seals(EncryptionKey::from_bytes([7; 32]));
        let mut stored = seals.seal("ns", "rs", &entry()).unwrap();
        let token = match &mut stored.refresh_token {
            Some(token) if refresh => token,
            _ => &mut stored.access_token,
        };
        let mut bytes = token.expose().as_bytes().to_vec();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        *token = Secret::from(String::from_utf8(bytes).unwrap());
        prop_assert!(seals.open("ns", "rs", &stored).is_err());
    }

    #[test]
    fn a_sealed_token_that_is_cut_or_extended_does_not_open(keep: prop::sample::Index, tail in "[A-Za-z0-9_=-]{0,8}") {
        let seals = seals(EncryptionKey::from_bytes([7; 32]));
        let mut stored = seals.seal("ns", "rs", &entry()).unwrap();
        let whole = stored.access_token.expose().to_owned();
        let other = format!("{}{tail}", &whole[..=keep.index(whole.len())]);
        prop_assume!(other != whole);
        stored.access_token = Secret::from(other);
        prop_assert!(seals.open("ns", "rs", &stored).is_err());
    }

    #[test]
    fn any_text_is_refused_or_in_the_clear_and_never_a_panic(payload in vec(any::<char>(), 0..200)) {
        let seals = seals(EncryptionKey::from_bytes([7; 32]));
        let mut stored = entry();
        stored.access_token = Secret::from(format!("globus-sealed:1:{}:{}", seals.keys.current().id(), String::from_iter(payload)));
        prop_assert!(seals.open("ns", "rs", &stored).is_err());
    }
}
