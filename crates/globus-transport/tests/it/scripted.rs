//! An authorizer that hands out `token-0`, `token-1`, … and counts what it is asked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use globus_auth_core::{LoginDemand, Secret};
use globus_authorizers::{AuthorizationHeader, Authorizer, AuthorizerError, AuthorizerErrorKind};

#[derive(Debug, Default)]
pub(crate) struct Scripted {
    /// Which token is handed out.
    token: AtomicUsize,
    /// How often a refusal was reported.
    pub(crate) refusals: AtomicUsize,
    /// What services demanded.
    pub(crate) demands: Mutex<Vec<LoginDemand>>,
    pub(crate) behaviour: Behaviour,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) enum Behaviour {
    /// A refused token is replaced.
    #[default]
    Renews,
    /// There is only the one.
    Fixed,
    /// There is none, and a login is needed.
    LoggedOut,
    /// Asking takes for ever.
    Stalls,
    /// Somebody logs in when a service demands it, and gets another token.
    LogsIn,
    /// Somebody is asked to log in, and does not.
    DoesNotLogIn,
    /// Somebody is asked to log in, and never answers.
    NeverAnswers,
}

impl Scripted {
    pub(crate) fn with(behaviour: Behaviour) -> Self {
        Self { behaviour, ..Self::default() }
    }

    fn header(&self) -> AuthorizationHeader {
        let token = self.token.load(Ordering::SeqCst);
        AuthorizationHeader::bearer(&Secret::from(format!("token-{token}")))
    }
}

#[async_trait]
impl Authorizer for Scripted {
    fn current_header(&self) -> Option<AuthorizationHeader> {
        (!matches!(self.behaviour, Behaviour::LoggedOut | Behaviour::Stalls)).then(|| self.header())
    }

    async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
        match self.behaviour {
            Behaviour::Stalls => std::future::pending().await,
            Behaviour::LoggedOut => Err(AuthorizerError::new(
                AuthorizerErrorKind::LoginRequired,
                "no tokens are stored for transfer.api.globus.org: log in first",
            )),
            _ => Ok(Some(self.header())),
        }
    }

    fn refused(&self, header: &AuthorizationHeader) -> bool {
        self.refusals.fetch_add(1, Ordering::SeqCst);
        if *header == self.header() && self.behaviour == Behaviour::Renews {
            self.token.fetch_add(1, Ordering::SeqCst);
        }
        self.behaviour == Behaviour::Renews
    }
    async fn meet(
        &self,
        demand: &LoginDemand,
        header: &AuthorizationHeader,
    ) -> Result<bool, AuthorizerError> {
        self.demands.lock().unwrap().push(demand.clone());
        match self.behaviour {
            Behaviour::LogsIn => {
                assert_eq!(*header, self.header());
                self.token.fetch_add(1, Ordering::SeqCst);
                Ok(true)
            }
            Behaviour::DoesNotLogIn => {
                Err(AuthorizerError::new(AuthorizerErrorKind::LoginRequired, "nobody logged in"))
            }
            Behaviour::NeverAnswers => std::future::pending().await,
            _ => Ok(false),
        }
    }
}
