//! [`Login`]: brings somebody to log in.

use std::future::IntoFuture;
use std::sync::Arc;

use globus_auth_core::LoginDemand;

use crate::board::Need;
use crate::core::Core;
use crate::login::{LoginReason, LoginReasonKind};
use crate::look::Look;
use crate::{AppError, AppFuture};

/// A login, which `.await` brings about. It is made by [`UserApp::login`](crate::UserApp::login) and
/// [`ClientApp::login`](crate::ClientApp::login).
#[derive(Clone, Debug)]
#[must_use = "a login does not begin until it is awaited"]
pub struct Login {
    core: Arc<Core>,
    force: bool,
    demand: LoginDemand,
}

impl Login {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core), force: false, demand: LoginDemand::default() }
    }

    /// Whether there is a login also when the stored tokens will do. There is none by default.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// What this login has to satisfy besides, such as what
    /// [`login_demand`](globus_transport::AuthRequirement::login_demand) of a service's error says. It is not remembered.
    pub fn demand(mut self, demand: LoginDemand) -> Self {
        self.demand = demand;
        self
    }

    async fn run(self) -> Result<(), AppError> {
        let Self { core, force, demand } = self;
        if force || demand != LoginDemand::default() {
            let reason = LoginReason::new(LoginReasonKind::Asked, "the program asks for a login");
            let need = Need { reason, demand, stale: [].into(), forced: true, gathers: false };
            return core.log_in(need, || false).await;
        }
        match core.first_invalid().await? {
            Some(need) => core.log_in(need, || false).await,
            None => Ok(()),
        }
    }
}

impl Core {
    /// What a login is needed for first, if it is.
    pub(crate) async fn first_invalid(&self) -> Result<Option<Need>, AppError> {
        let Some(user) = self.user() else { return self.first_unobtained().await };
        let entries = self.entries().await?;
        self.see(&entries);
        for (name, scopes) in self.shared.requirements.all() {
            let slot = self.slot(&name);
            if let Err(invalid) = self.inspect(user, &slot, &scopes, &entries, Look::Whole).await? {
                return Ok(Some(invalid.into()));
            }
        }
        Ok(None)
    }
}

impl IntoFuture for Login {
    type Output = Result<(), AppError>;
    type IntoFuture = AppFuture<()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
