//! [`UserApp`]: an app that acts for the people who log in.

use std::sync::Arc;

use crate::app::impl_app;
use crate::core::Core;
use crate::log_in::required;
use crate::login::{LoginAnswer, LoginReason, LoginReasonKind, LoginRequired};
use crate::{AppError, Login, validate};

/// An app that acts for the people who log in: it brings them to do so when that is needed, keeps their tokens, renews them,
/// and sees to the consents that services demand.
///
/// Clones are of one app. It can be used from any number of tasks, and several processes can share a storage: one of them logs
/// in or renews, and the others go on with what it got.
///
/// ```no_run
/// use globus_app::UserApp;
/// use globus_services::groups::GroupsClient;
///
/// # async fn example() -> Result<(), globus_services::Error> {
/// let app = UserApp::builder("my-groups").client_id("61338d24-54d5-408f-a10d-66c06b59f6d2").build()?;
/// let groups = GroupsClient::from_app(&app)?;
/// for group in groups.get_my_groups().await? {
///     println!("{}", group.name.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct UserApp {
    core: Arc<Core>,
}

impl_app!(UserApp);

impl UserApp {
    /// Brings somebody to log in for all that the app requires, unless the stored tokens will do. Requests do the same when
    /// they need it.
    ///
    /// The time for it is not that of a call: a program whose calls must be short logs in first.
    ///
    /// # Errors
    /// [`AppErrorKind::LoginRequired`](crate::AppErrorKind::LoginRequired) at once where nobody can be asked, [`AppErrorKind::LoginFailed`](crate::AppErrorKind::LoginFailed) when nobody logged in,
    /// [`AppErrorKind::Validation`](crate::AppErrorKind::Validation) when somebody else did than before, or the consents do not suffice. Nothing is stored then.
    pub fn login(&self) -> Login {
        Login::new(&self.core)
    }

    /// Whether somebody has to log in before all that the app requires can be done.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    pub async fn login_required(&self) -> Result<bool, AppError> {
        Ok(self.core.first_invalid().await?.is_some())
    }

    /// The link by which somebody can log in, for programs that show it themselves: a portal, a notebook. Whatever comes back goes to
    /// [`complete_login`](Self::complete_login).
    ///
    /// # Errors
    /// When what is stored cannot be read, or the redirect URI is not valid.
    pub async fn begin_login(&self) -> Result<LoginRequired, AppError> {
        let Some(user) = self.core.user() else { return Err(AppError::usage("nobody logs in to this app")) };
        let reason = LoginReason::new(LoginReasonKind::Asked, "the program asks for a login");
        let need = crate::board::Need {
            reason,
            demand: globus_auth_core::LoginDemand::default(),
            stale: [].into(),
            forced: true,
            gathers: false,
        };
        let entries = self.core.entries().await?;
        let request = self.core.request(user, &need, &self.scope_requirements(), &entries)?;
        required(&request).map_err(|err| AppError::flow(request.reason(), err.into()))
    }

    /// Finishes a login that was begun elsewhere, with what it brought: trades the code, looks at who logged in, and stores the
    /// tokens.
    ///
    /// It has to bring what its link asked for. What has come to be required since, or what tokens lack that were traded elsewhere
    /// ([`LoginAnswer::tokens`]), is asked for when it is needed. Tokens of another person than before are ended.
    ///
    /// A code works once: if the future is dropped, the login may have to be repeated.
    ///
    /// # Errors
    /// As [`login`](Self::login).
    pub async fn complete_login(&self, answer: LoginAnswer) -> Result<(), AppError> {
        let Some(user) = self.core.user() else { return Err(AppError::usage("nobody logs in to this app")) };
        let reason = LoginReason::new(LoginReasonKind::Asked, "the program has asked for a login");
        let required = answer.asked_for(self.scope_requirements());
        self.core.finish(user, answer, &required, &reason).await
    }

    /// The id of the identity whose tokens are stored; nothing before a login.
    ///
    /// # Errors
    /// When what is stored cannot be read, or is of several people.
    pub async fn identity_id(&self) -> Result<Option<String>, AppError> {
        let entries = self.core.entries().await?;
        Ok(validate::identity(&entries)?.map(str::to_owned))
    }

    /// The app for the tokens of one of many people, in a namespace of the same storage: for servers, which know their users by
    /// an id. It does no I/O. What the app requires is required of all subjects.
    ///
    /// Those who ask for one subject while its app is in use get the same, with the same renewals.
    ///
    /// # Errors
    /// When the name is empty, or the storage has no namespaces.
    pub fn for_subject(&self, subject: &str) -> Result<Self, AppError> {
        self.core.for_subject(subject).map(Self::of)
    }
}
