//! One login, from beginning to end.
//!
//! ```text
//! storage lock · read again · has another process logged in? take that over : ask the manager    given up when nobody waits
//! trade the code · who was it? · is it enough? · store all in one step · look anew               goes on whoever waits (login_end.rs)
//! ```

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use globus_auth_core::login::LoginError;
use globus_auth_core::{LoginDemand, Scopes, Secret};
use globus_tokenstorage::{StorageErrorKind, StorageLock, TokenData};
use tokio::time::{sleep, timeout};

use crate::board::{Abandoned, Need};
use crate::core::{Core, Kind, User};
use crate::login::{LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginRequest, LoginRequired, Wanted};
use crate::look::Look;
use crate::validate::{self, Entries};
use crate::{AppError, requirements};

/// What the storage's lock is taken under, so that one process logs in at a time. It is the name of no resource server.
const LOCK: &str = "login of a globus app";
/// So long nobody is told that another program's login is waited for: it may be at its end.
const UNNOTICED: Duration = Duration::from_secs(1);
/// Before the lock of a storage that does not wait is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// What came of asking for a login.
enum Asked {
    /// Another process has logged in meanwhile.
    Adopted,
    /// The lock is held until what it brought is stored.
    Answered(StorageLock, LoginRequest, LoginAnswer, Required),
}

/// What is required, by resource server.
pub(crate) type Required = BTreeMap<String, Scopes>;

impl Core {
    pub(crate) async fn bring_about(
        self: &Arc<Self>,
        need: &Need,
        mut abandoned: Abandoned,
    ) -> Result<(), AppError> {
        let user = match &self.shared.kind {
            Kind::User(user) => user,
            Kind::Client => return self.obtain(need).await,
        };
        match unless(&mut abandoned, self.ask_for_login(user, need)).await {
            Some(Ok(Asked::Adopted)) => {
                tracing::info!(app = self.shared.name, "took over a login of another process");
                self.reset();
                Ok(())
            }
            Some(Ok(Asked::Answered(_lock, request, answer, required))) => {
                let tokens = self.trade(user, &request, answer, &mut abandoned).await?;
                self.end_login(user, &tokens, &required).await
            }
            Some(Err(err)) => Err(err),
            None => {
                let why = LoginFlowError::new(
                    LoginFlowErrorKind::Canceled,
                    "nobody waits for the login any more; try again",
                );
                Err(AppError::flow(&need.reason, why))
            }
        }
    }

    async fn ask_for_login(&self, user: &User, need: &Need) -> Result<Asked, AppError> {
        let before = self.seen();
        let lock = self.lock(user, need).await?;
        let entries = self.entries().await?;
        if self.is_logged_in(user, need, &before, &entries).await? {
            return Ok(Asked::Adopted);
        }
        let required = self.shared.requirements.all();
        let request = self.request(user, need, &required, &entries)?;
        tracing::info!(app = self.shared.name, reason = %need.reason, "somebody has to log in");
        let asked = timeout(user.timeout, user.manager.log_in(&request)).await;
        match asked {
            Ok(Ok(answer)) => Ok(Asked::Answered(lock, request, answer, required)),
            Ok(Err(err)) if err.kind() == LoginFlowErrorKind::Unavailable => {
                Err(login_required(&request, Some(&err.to_string())))
            }
            Ok(Err(err)) => Err(AppError::flow(&need.reason, err)),
            Err(_) => {
                let why = format!("nobody answered within {} s; try again", user.timeout.as_secs());
                Err(AppError::flow(&need.reason, LoginFlowError::new(LoginFlowErrorKind::TimedOut, why)))
            }
        }
    }

    /// Waits for the login of another program, which is told where it takes long enough to be noticed, and not longer than
    /// that login may take.
    async fn lock(&self, user: &User, need: &Need) -> Result<StorageLock, AppError> {
        let mut lock = pin!(self.lock_in_turn());
        let unnoticed = UNNOTICED.min(user.timeout);
        if let Ok(lock) = timeout(unnoticed, &mut lock).await {
            return lock;
        }
        tracing::info!(app = self.shared.name, "another program asks for the same login; waiting for it");
        user.manager.tell("Another program is asking for this login. Waiting for its end …");
        timeout(user.timeout.saturating_sub(unnoticed), lock).await.unwrap_or_else(|_| {
            let why = format!(
                "another program asks for the same login, and it did not end within {} s; answer it there, or end that program, \
                 and try again",
                user.timeout.as_secs()
            );
            Err(AppError::flow(&need.reason, LoginFlowError::new(LoginFlowErrorKind::TimedOut, why)))
        })
    }

    /// The storage has a limit of its own, which is not that of a login.
    async fn lock_in_turn(&self) -> Result<StorageLock, AppError> {
        loop {
            match self.storage.lock(LOCK).await {
                Err(err) if err.kind() == StorageErrorKind::LockTimedOut => sleep(PAUSE).await,
                result => return Ok(result?),
            }
        }
    }

    /// Where nobody can be asked: it is well if another process has logged in, and otherwise somebody has to.
    pub(crate) async fn settle_without_asking(&self, need: &Need) -> Result<(), AppError> {
        let Some(user) = self.user() else { return Ok(()) };
        let before = self.seen();
        let entries = self.entries().await?;
        if self.is_logged_in(user, need, &before, &entries).await? {
            self.reset();
            return Ok(());
        }
        let required = self.shared.requirements.all();
        let why = user.manager.why_unavailable();
        Err(login_required(&self.request(user, need, &required, &entries)?, why.as_deref()))
    }

    /// Whether `entries` are of a login since `before`, that of another process, which is as good for `need`.
    async fn is_logged_in(
        &self,
        user: &User,
        need: &Need,
        before: &Entries,
        entries: &Entries,
    ) -> Result<bool, AppError> {
        let token = |entries: &Entries, name: &str| entries.get(name).map(|entry| entry.access_token.clone());
        let is_stale = |(name, stale): (&String, &Option<TokenData>)| {
            stale.as_ref().map(|stale| stale.access_token.clone()) == token(entries, name)
        };
        if need.forced || need.stale.iter().any(is_stale) {
            return Ok(false);
        }
        let required = self.shared.requirements.all();
        // A login replaces all tokens at once. Renewals replace access tokens, in the end all of them as well, and leave what they
        // renew with.
        let is_demand = need.demand != LoginDemand::default();
        let brought = |entries: &Entries, name: &str| entries.get(name).map(brought_by_login);
        let is_old = |name: &String| {
            brought(before, name).is_some() && brought(before, name) == brought(entries, name)
        };
        if is_demand && (before.is_empty() || required.keys().any(is_old)) {
            return Ok(false);
        }
        for (name, scopes) in &required {
            let slot = self.slot(name);
            if self.inspect(user, &slot, scopes, entries, Look::Whole).await?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The login to be asked for; none where it could not be kept, whoever logged in.
    pub(crate) fn request(
        &self,
        user: &User,
        need: &Need,
        required: &Required,
        entries: &Entries,
    ) -> Result<LoginRequest, AppError> {
        validate::identity(entries)?;
        let held = held(&required.keys().filter_map(|name| entries.get(name)).collect::<Vec<_>>());
        let more = need.demand.scopes()?.merge(&held)?;
        let scopes = requirements::merged(required.values(), &more)?;
        Ok(LoginRequest::new(Wanted {
            app_name: self.shared.name.clone(),
            client: self.shared.client.clone(),
            redirect_uri: user.redirect_uri.clone(),
            refresh_tokens: user.refresh_tokens,
            named_grant: user.named_grant.clone(),
            scopes,
            demand: need.demand.clone(),
            reason: need.reason.clone(),
        }))
    }
}

/// What a login leaves in an entry, and no renewal replaces where Auth does not rotate refresh tokens.
fn brought_by_login(entry: &TokenData) -> Secret {
    entry.refresh_token.as_ref().unwrap_or(&entry.access_token).clone()
}

/// The scopes of tokens that will be replaced, without what they depend on: two programs that share their tokens, and need
/// different scopes, would otherwise take them from each other with each login.
fn held(entries: &[&TokenData]) -> Scopes {
    let scopes = entries.iter().map(|entry| entry.scope.as_str()).collect::<Vec<_>>().join(" ");
    Scopes::parse(&scopes).unwrap_or_default()
}

/// What is said where nobody can be asked.
fn login_required(request: &LoginRequest, why: Option<&str>) -> AppError {
    match required(request) {
        Ok(required) => AppError::required(required, why),
        Err(err) => AppError::flow(request.reason(), err.into()),
    }
}

/// The link by which somebody can log in.
pub(crate) fn required(request: &LoginRequest) -> Result<LoginRequired, LoginError> {
    let flow = request.start_flow()?;
    Ok(LoginRequired { flow, scopes: request.scopes().clone(), reason: request.reason().clone() })
}

/// What `work` comes to, unless nobody waits for it any more.
pub(crate) async fn unless<T>(abandoned: &mut Abandoned, work: impl Future<Output = T> + Send) -> Option<T> {
    let (mut abandoned, mut work) = (pin!(abandoned.wait()), pin!(work));
    std::future::poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        abandoned.as_mut().poll(context).map(|()| None)
    })
    .await
}
