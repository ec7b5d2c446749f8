//! With a keyring in memory.

use std::sync::Arc;
use std::thread;

use keyring_core::Entry;
use keyring_core::Error as KeyringError;
use keyring_core::api::CredentialStore;
use keyring_core::mock;

use super::errors::Place;
use super::fetch;
use crate::StorageErrorKind;

fn keyring() -> (Arc<CredentialStore>, Place) {
    (mock::Store::new().unwrap(), Place::new("globus-sdk test", "tokens"))
}

fn entry(store: &CredentialStore, place: &Place) -> Entry {
    store.build(&place.service, &place.user, None).unwrap()
}

#[test]
fn a_key_is_made_once_and_found_again() {
    let (store, place) = keyring();
    let made = fetch(&*store, &place).unwrap();
    assert_eq!(fetch(&*store, &place).unwrap().id(), made.id());
    assert_eq!(entry(&*store, &place).get_password().unwrap(), made.to_base64().expose());
    let other = Place::new(&place.service, "others");
    assert_ne!(fetch(&*store, &other).unwrap().id(), made.id());
}

#[test]
fn of_many_that_come_first_all_get_the_same_key() {
    let (store, place) = keyring();
    let ids: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..16).map(|_| scope.spawn(|| fetch(&*store, &place).unwrap().id().to_owned())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn something_else_under_the_name_is_left_alone_and_not_quoted() {
    let (store, place) = keyring();
    for something in [&b"hunter2"[..], b"\xff\xfe", b""] {
        entry(&*store, &place).set_secret(something).unwrap();
        let err = fetch(&*store, &place).unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::Corrupt);
        assert!(!format!("{err} {err:?}").contains("hunter2"), "{err}");
        assert_eq!(entry(&*store, &place).get_secret().unwrap(), something);
    }
}

#[test]
fn each_failure_of_a_keyring_says_what_to_do() {
    let cause = || Box::from("the daemon is gone");
    for (failure, kind, remedy) in [
        (KeyringError::PlatformFailure(cause()), StorageErrorKind::Unreadable, "start a keyring"),
        (KeyringError::NoStorageAccess(cause()), StorageErrorKind::Unreadable, "unlock it"),
        (KeyringError::Ambiguous(Vec::new()), StorageErrorKind::Corrupt, "remove all but one"),
        (KeyringError::TooLong("user".into(), 1), StorageErrorKind::Other, "choose another"),
        (KeyringError::BadEncoding(b"hunter2".to_vec()), StorageErrorKind::Corrupt, "remove it"),
    ] {
        let (store, place) = keyring();
        let entry = entry(&*store, &place);
        entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(failure);
        let err = fetch(&*store, &place).unwrap_err();
        let shown = format!("{err} {err:?}");
        assert!(err.kind() == kind && shown.contains(remedy) && !shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains(&format!("{:?}", b"hunter2")), "{shown}");
    }
}
