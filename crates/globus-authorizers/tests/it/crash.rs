//! Where a process ends without a word.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use std::{process, thread};

use async_trait::async_trait;
use globus_tokenstorage::{StorageError, StorageLock, TokenData, TokenStorage};

/// The instants of a renewal at which a process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crash {
    BeforeExchange,
    AfterAnswer,
    BeforeWrite,
    /// So many microseconds after the write began, or when it has come to its end.
    DuringWrite(u64),
    AfterWrite,
}

impl Crash {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BeforeExchange => "before-exchange",
            Self::AfterAnswer => "after-answer",
            Self::BeforeWrite => "before-write",
            Self::DuringWrite(_) => "during-write",
            Self::AfterWrite => "after-write",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let during = Self::DuringWrite(fastrand::u64(0..3000));
        [Self::BeforeExchange, Self::AfterAnswer, Self::BeforeWrite, during, Self::AfterWrite]
            .into_iter()
            .find(|crash| crash.name() == name)
    }

    /// Ends the process, as a signal would, if this is where it is to end.
    pub(crate) fn comes_if(self, planned: Option<Self>) {
        if planned == Some(self) {
            process::abort();
        }
    }
}

/// A storage whose process dies with, before or after a write.
#[derive(Clone, Debug)]
pub(crate) struct CrashingStorage {
    pub(crate) inner: Arc<dyn TokenStorage>,
    pub(crate) crash: Option<Crash>,
}

#[async_trait]
impl TokenStorage for CrashingStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.inner.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.inner.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.inner.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.inner.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        Crash::BeforeWrite.comes_if(self.crash);
        if let Some(Crash::DuringWrite(micros)) = self.crash {
            thread::spawn(move || {
                thread::sleep(Duration::from_micros(micros));
                process::abort();
            });
        }
        let swapped = self.inner.compare_and_swap(resource_server, expected, new).await;
        if matches!(self.crash, Some(Crash::DuringWrite(_) | Crash::AfterWrite)) {
            process::abort();
        }
        swapped
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.inner.lock(resource_server).await
    }
}
