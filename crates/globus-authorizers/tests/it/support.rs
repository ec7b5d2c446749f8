//! A fake Auth, and a storage that fails on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use globus_auth_core::{
    Clock, ExchangeError, ExchangeErrorKind, Grant, ManualClock, OAuthToken, OAuthTokenResponse,
    TokenExchange, UnixTime,
};
use globus_authorizers::{Authorizer, RefreshTokenAuthorizer};
use globus_tokenstorage::{
    MemoryTokenStorage, StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage,
};
use tokio::sync::Semaphore;

pub(crate) const RS: &str = "transfer.api.globus.org";
pub(crate) const LIFE: u64 = 3600;

/// How Auth answers one exchange.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A new access token, and a new refresh token.
    Rotate,
    /// The same, this much later.
    RotateAfter(Duration),
    /// New access tokens for these services.
    TokensFor(Vec<&'static str>),
    /// A new access token for this service, and a new refresh token.
    RotateFor(&'static str),
    Fail(ExchangeErrorKind),
    Panic,
    Hang,
}

/// Answers as scripted, then with new access tokens `AgAccess1`, `AgAccess2`, …
#[derive(Clone)]
pub(crate) struct FakeAuth(Arc<Inner>);

struct Inner {
    clock: ManualClock,
    calls: AtomicUsize,
    script: Mutex<VecDeque<Answer>>,
    refresh_tokens: Mutex<Vec<String>>,
    gate: Semaphore,
    strict: AtomicBool,
    turns: AtomicUsize,
}

/// It keeps the refresh tokens it was given as plain text, which must not be mistaken for a leak.
impl std::fmt::Debug for FakeAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeAuth")
    }
}

impl FakeAuth {
    pub(crate) fn new(clock: &ManualClock) -> Self {
        crate::events::Events::listen();
        Self(Arc::new(Inner {
            clock: clock.clone(),
            calls: AtomicUsize::new(0),
            script: Mutex::default(),
            refresh_tokens: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            strict: AtomicBool::new(false),
            turns: AtomicUsize::new(0),
        }))
    }

    /// A refresh token that is seen a second time is refused.
    pub(crate) fn takes_a_refresh_token_once(self) -> Self {
        self.0.strict.store(true, Ordering::SeqCst);
        self
    }

    /// Each exchange lets others run so often, before and after.
    pub(crate) fn takes_turns(&self, turns: usize) {
        self.0.turns.store(turns, Ordering::SeqCst);
    }

    async fn turns(&self) {
        for _ in 0..self.0.turns.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn answers(self, script: impl IntoIterator<Item = Answer>) -> Self {
        self.0.script.lock().unwrap().extend(script);
        self
    }

    pub(crate) fn next_answer(&self, answer: Answer) {
        self.0.script.lock().unwrap().push_back(answer);
    }

    /// How many exchanges were begun.
    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// The refresh tokens that were traded, in order.
    pub(crate) fn refresh_tokens(&self) -> Vec<String> {
        self.0.refresh_tokens.lock().unwrap().clone()
    }

    /// No exchange ends from now on, until [`Self::open_gate`].
    pub(crate) fn close_gate(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn open_gate(&self) {
        self.0.gate.add_permits(Semaphore::MAX_PERMITS);
    }
}

#[async_trait]
impl TokenExchange for FakeAuth {
    fn client_id(&self) -> &str {
        "client"
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.turns().await;
        if let Grant::RefreshToken { refresh_token, .. } = &grant {
            let mut seen = self.0.refresh_tokens.lock().unwrap();
            let refresh_token = refresh_token.expose().to_owned();
            if self.0.strict.load(Ordering::SeqCst) && seen.contains(&refresh_token) {
                return Err(ExchangeError::new(ExchangeErrorKind::InvalidGrant, "it is spent"));
            }
            seen.push(refresh_token);
        }
        let _permit = self.0.gate.acquire().await.unwrap();
        let token = |resource_server: &str| {
            let expires_at = self.0.clock.now().saturating_add(Duration::from_secs(LIFE));
            OAuthToken::new(resource_server, "all", format!("AgAccess{call}"), expires_at)
        };
        let answer = self.0.script.lock().unwrap().pop_front();
        if let Some(Answer::RotateAfter(time)) = answer {
            tokio::time::sleep(time).await;
        }
        let tokens = match answer {
            None => vec![token(RS)],
            Some(Answer::Rotate | Answer::RotateAfter(_)) => {
                vec![token(RS).with_refresh_token(Some(format!("AgRotated{call}").into()))]
            }
            Some(Answer::RotateFor(name)) => {
                vec![token(name).with_refresh_token(Some(format!("AgRotated{call}").into()))]
            }
            Some(Answer::TokensFor(names)) => names.into_iter().map(token).collect(),
            Some(Answer::Fail(kind)) => return Err(ExchangeError::new(kind, format!("failure {call}"))),
            Some(Answer::Panic) => panic!("as told"),
            Some(Answer::Hang) => std::future::pending().await,
        };
        self.turns().await;
        Ok(OAuthTokenResponse::from_tokens(tokens, None))
    }
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::at(UnixTime::from_seconds(1_700_000_000))
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// An authorizer without a token or a storage.
pub(crate) fn authorizer(auth: &FakeAuth, clock: &ManualClock) -> RefreshTokenAuthorizer {
    RefreshTokenAuthorizer::new(auth.clone(), RS, "AgRefresh").with_clock(clock.clone())
}

pub(crate) fn stored_authorizer(
    auth: &FakeAuth,
    clock: &ManualClock,
    storage: &(impl TokenStorage + Clone + 'static),
) -> RefreshTokenAuthorizer {
    RefreshTokenAuthorizer::from_storage(auth.clone(), storage.clone(), RS).with_clock(clock.clone())
}

/// The token that the next request would carry.
pub(crate) async fn token_of(authorizer: &impl Authorizer) -> String {
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    header.value().expose().strip_prefix("Bearer ").unwrap().to_owned()
}

/// Lets every task that can go on do so.
pub(crate) async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

/// What a login left in the storage, with an access token that ends in `left` seconds.
pub(crate) fn entry(clock: &ManualClock, access_token: &str, left: i64) -> TokenData {
    let expires_at = UnixTime::from_seconds(clock.now().as_seconds() + left);
    TokenData::new(RS, "all", access_token, expires_at)
        .with_refresh_token(Some("AgStoredRefresh".into()))
        .with_identity_id(Some("identity".to_owned()))
}

pub(crate) async fn put(storage: &impl TokenStorage, data: TokenData) {
    storage.store_token_data_by_resource_server(&[(RS.to_owned(), data)].into()).await.unwrap();
}

/// A storage in memory of which each part can be broken.
#[derive(Clone, Debug, Default)]
pub(crate) struct BreakableStorage {
    pub(crate) inner: MemoryTokenStorage,
    pub(crate) reading_fails: Arc<AtomicBool>,
    pub(crate) writing_fails: Arc<AtomicBool>,
    pub(crate) writing_panics: Arc<AtomicBool>,
    pub(crate) writing_hangs: Arc<AtomicBool>,
    /// Seconds.
    pub(crate) writing_takes: Arc<AtomicU64>,
    pub(crate) locking_fails: Arc<AtomicBool>,
    pub(crate) locking_panics: Arc<AtomicBool>,
    pub(crate) reading_panics: Arc<AtomicBool>,
    /// How many writes were begun.
    pub(crate) writes: Arc<AtomicUsize>,
    /// How often each operation lets others run, before and after.
    pub(crate) turns: Arc<AtomicUsize>,
}

impl BreakableStorage {
    fn check(flag: &AtomicBool) -> Result<(), StorageError> {
        if flag.load(Ordering::SeqCst) {
            return Err(StorageError::new(StorageErrorKind::Unwritable, "the disk is gone"));
        }
        Ok(())
    }

    async fn turns(&self) {
        for _ in 0..self.turns.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    }

    async fn read(&self) -> Result<(), StorageError> {
        self.turns().await;
        assert!(!self.reading_panics.load(Ordering::SeqCst), "as told");
        Self::check(&self.reading_fails)
    }

    async fn write(&self) -> Result<(), StorageError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.turns().await;
        Self::check(&self.writing_fails)?;
        assert!(!self.writing_panics.load(Ordering::SeqCst), "as told");
        let takes = self.writing_takes.load(Ordering::SeqCst);
        if takes > 0 {
            tokio::time::sleep(seconds(takes)).await;
        }
        if self.writing_hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

#[async_trait]
impl TokenStorage for BreakableStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.write().await?;
        self.inner.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.read().await?;
        self.inner.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.read().await?;
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
        self.write().await?;
        let swapped = self.inner.compare_and_swap(resource_server, expected, new).await;
        self.turns().await;
        swapped
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.turns().await;
        assert!(!self.locking_panics.load(Ordering::SeqCst), "as told");
        Self::check(&self.locking_fails)?;
        self.inner.lock(resource_server).await
    }
}
