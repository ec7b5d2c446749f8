//! Databases, storages and tokens for tests.

use std::future::poll_fn;
use std::pin::pin;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use globus_auth_core::UnixTime;
use globus_tokenstorage::{EncryptionKey, TokenData};
use globus_tokenstorage_postgres::{PostgresTokenStorage, PostgresTokenStorageBuilder};
use tokio_postgres::{Client, NoTls};

use crate::server;

pub(crate) const RS: &str = "transfer.api.globus.org";

/// The key of all tests.
pub(crate) fn key() -> EncryptionKey {
    EncryptionKey::from_bytes([7; 32])
}

/// The URL of a new, empty database.
pub(crate) async fn database() -> String {
    database_at(server::shared()).await
}

pub(crate) async fn database_at(server: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("globus_sdk_test_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    admin(&format!("{server}/postgres"))
        .await
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    format!("{server}/{name}")
}

/// A connection that is nobody's storage.
pub(crate) async fn admin(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) fn builder(url: &str) -> PostgresTokenStorageBuilder {
    PostgresTokenStorage::builder(url, key())
}

pub(crate) fn storage(url: &str) -> PostgresTokenStorage {
    builder(url).build().unwrap()
}

pub(crate) fn token(resource_server: &str, access_token: &str) -> TokenData {
    TokenData::new(resource_server, "all", access_token, UnixTime::from_seconds(1_750_000_000))
        .with_refresh_token(Some(format!("{access_token}Refresh").into()))
}

/// `future`, dropped when it has been polled so many times and still waits.
pub(crate) async fn cut<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left <= 1 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
