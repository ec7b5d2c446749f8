//! A server that is not there, or lets nobody in.

use std::net::TcpListener;
use std::time::Duration;

use globus_tokenstorage::{StorageError, StorageErrorKind, TokenStorage};
use tokio::net;

use crate::server::{self, PASSWORD};
use crate::support::{admin, builder, database, storage, token};

async fn error(url: &str) -> StorageError {
    builder(url).with_timeout(Duration::from_secs(5)).connect().await.unwrap_err()
}

/// What it says, and that it does not say the password.
fn shown(err: &StorageError) -> String {
    let mut shown = format!("{err} {err:?}");
    let mut source = std::error::Error::source(err);
    while let Some(err) = source {
        shown += &format!(" {err} {err:?}");
        source = err.source();
    }
    for needle in [PASSWORD, "Needle", "p%40ss"] {
        assert!(!shown.contains(needle), "{shown}");
    }
    shown
}

#[tokio::test]
async fn a_wrong_password_is_an_error_that_does_not_pass_and_shows_no_password() {
    let url = database().await;
    let err = builder(&url).with_password("another Needle").connect().await.unwrap_err();
    assert_eq!(err.kind(), StorageErrorKind::Unreadable);
    assert!(!err.is_transient() && shown(&err).contains("refuses this user, or the password"), "{err}");
    assert!(shown(&err).contains("SQLSTATE 28P01"), "{err:?}");
}

#[tokio::test]
async fn a_password_may_come_beside_the_url() {
    let url = database().await;
    let role = format!("beside_{}", url.rsplit_once('/').unwrap().1);
    let make =
        format!("CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; GRANT CREATE ON SCHEMA public TO {role}");
    admin(&url).await.batch_execute(&make).await.unwrap();
    let without = format!("postgres://{role}@{}", url.split_once('@').unwrap().1);
    builder(&without).with_password(PASSWORD).connect().await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let err = error(&format!("{}/nowhere", server::shared())).await;
    assert!(shown(&err).contains("the database nowhere at "), "{err}");
    assert!(shown(&err).contains("there is no such database; create it"), "{err}");
}

#[tokio::test]
async fn where_nobody_listens_the_error_is_transient_and_says_where() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let err = error(&format!("postgres://u:p%40ssNeedle@127.0.0.1:{port}/tokens")).await;
    assert!(err.is_transient(), "{err}");
    assert!(
        shown(&err).contains(&format!("the database tokens at 127.0.0.1:{port}: nobody listens there")),
        "{err}"
    );
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_an_error_that_may_pass() {
    let err = error("postgres://u:p%40ssNeedle@no-such-host.invalid/tokens").await;
    assert!(
        err.kind() == StorageErrorKind::Unavailable && shown(&err).contains("no-such-host.invalid"),
        "{err}"
    );
}

#[tokio::test]
async fn a_socket_that_is_not_there_is_an_error_that_may_pass() {
    let err = error("postgres://u:p%40ssNeedle@%2Fnowhere/tokens").await;
    assert!(err.is_transient() && shown(&err).contains("no such socket"), "{err}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_in_time() {
    let listener = net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u:p%40ssNeedle@{}/tokens", listener.local_addr().unwrap());
    let silent = builder(&url).with_timeout(Duration::from_millis(50)).build().unwrap();
    let err = silent.get_token_data("rs").await.unwrap_err();
    assert!(err.is_transient() && shown(&err).contains("does not answer"), "{err}");
    let err = silent.lock("rs").await.unwrap_err();
    assert!(err.is_transient() && shown(&err).contains("cannot take a lock in"), "{err}");
    let err = silent.store_token_data(&token("rs", "Ag1")).await.unwrap_err();
    assert!(shown(&err).contains("not known"), "{err}");
}

#[tokio::test]
async fn something_that_is_no_postgresql_is_an_error() {
    let listener = net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u:p%40ssNeedle@{}/tokens?sslmode=disable", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.try_write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let err = error(&url).await;
    assert_eq!(err.kind(), StorageErrorKind::Unavailable, "{}", shown(&err));
}

#[test]
fn without_a_runtime_it_is_an_error_and_not_a_panic() {
    let storage = storage("postgres://u@localhost/d");
    let waker = std::task::Waker::noop();
    let mut cx = std::task::Context::from_waker(waker);
    let std::task::Poll::Ready(read) = storage.get_token_data("rs").as_mut().poll(&mut cx) else { panic!() };
    assert!(read.unwrap_err().to_string().contains("there is no tokio runtime here"));
    let std::task::Poll::Ready(lock) = storage.lock("rs").as_mut().poll(&mut cx) else { panic!() };
    assert!(lock.unwrap_err().to_string().contains("there is no tokio runtime here"));
}

#[tokio::test]
async fn a_name_with_a_nul_is_refused_by_an_error_that_says_so() {
    let storage = storage(&database().await);
    let err = storage.store_token_data(&token("a\0b", "Ag1")).await.unwrap_err();
    assert!(err.to_string().contains("no text with a NUL"), "{err}");
    assert!(storage.get_token_data("a\0b").await.is_err());
}

#[tokio::test]
async fn a_name_too_long_for_the_index_is_refused() {
    let storage = storage(&database().await);
    let mut names = String::new();
    for number in 0..40_000 {
        names += &format!("{:x}", number * 7919);
    }
    let err = storage.store_token_data(&token(&names, "Ag1")).await.unwrap_err();
    assert!(err.to_string().contains("too long"), "{err}");
    storage.check().await.unwrap();
}
