//! [`GlobusAppConfig`]: how an app works.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use globus_auth_core::id_token::IdTokenClaims;
use globus_auth_core::{Clock, LoginDemand, OAuthTokenResponse, SystemClock};
use globus_tokenstorage::TokenStorage;
use globus_transport::{Environment, Error, Transport, Variables};

use crate::login::LoginFlowManager;
use crate::{LoginClient, TokenValidationError};

/// How an app works, for several of them. What is not set comes from the environment variables `GLOBUS_SDK_…`, or has a default that
/// works.
///
/// ```
/// use globus_app::{GlobusAppConfig, UserApp};
///
/// let config = GlobusAppConfig::new().request_refresh_tokens(true).memory_storage();
/// let app = UserApp::builder("my-simple-transfer")
///     .client_id("61338d24-54d5-408f-a10d-66c06b59f6d2")
///     .config(config)
///     .build()?;
/// # Ok::<(), globus_app::AppError>(())
/// ```
#[derive(Clone)]
#[must_use = "settings do nothing until an app is built with them"]
pub struct GlobusAppConfig {
    pub(crate) environment: Option<Environment>,
    pub(crate) variables: Variables,
    pub(crate) transport: Option<Transport>,
    pub(crate) storage: Storage,
    pub(crate) home: Option<PathBuf>,
    pub(crate) namespace: Option<String>,
    pub(crate) profile: Option<String>,
    /// By resource server; read when an app is built.
    pub(crate) scope_requirements: Vec<(String, String)>,
    pub(crate) named_grant: Option<String>,
    pub(crate) request_refresh_tokens: bool,
    pub(crate) login_flow_manager: Option<Arc<dyn LoginFlowManager>>,
    pub(crate) login_redirect_uri: Option<String>,
    pub(crate) login_timeout: Duration,
    pub(crate) id_token_decoder: Option<Arc<dyn IdTokenDecoder>>,
    pub(crate) on_invalid_tokens: OnInvalidTokens,
    pub(crate) auto_redrive: bool,
    pub(crate) clock: Arc<dyn Clock>,
}

pub(crate) type OnInvalidTokens = Arc<dyn Fn(&TokenValidationError) -> InvalidTokens + Send + Sync>;

/// What keeps the tokens.
#[derive(Clone, Debug)]
pub(crate) enum Storage {
    #[cfg(feature = "json")]
    Json,
    #[cfg(feature = "sqlite")]
    Sqlite,
    Memory,
    Given(Arc<dyn TokenStorage>),
}

/// What is done about tokens that are not to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTokens {
    /// Somebody is brought to log in.
    LogIn,
    /// The same with what this login has to satisfy besides: a fresh one, other scopes, a session.
    LogInWith(LoginDemand),
    /// Whoever wanted them gets the error.
    Fail,
}

/// Says who logged in, by the ID token that came with the tokens.
///
/// The decoder that is used otherwise verifies it with Auth's keys, as
/// [`decode_id_token`](globus_services::auth::NativeAppAuthClient::decode_id_token) does.
#[async_trait]
pub trait IdTokenDecoder: fmt::Debug + Send + Sync {
    /// What the ID token of `tokens` says, if it is to be believed.
    ///
    /// # Errors
    /// When there is none, or it is not to be believed.
    async fn decode(&self, tokens: &OAuthTokenResponse) -> Result<IdTokenClaims, Error>;
}

#[async_trait]
impl IdTokenDecoder for LoginClient {
    async fn decode(&self, tokens: &OAuthTokenResponse) -> Result<IdTokenClaims, Error> {
        self.decode_id_token(tokens).await
    }
}

/// Half of what Auth's own pages allow, and more than anybody needs who is there.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(15 * 60);

impl GlobusAppConfig {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            environment: None,
            variables: Variables::process(),
            transport: None,
            storage: Storage::default(),
            home: None,
            namespace: None,
            profile: None,
            scope_requirements: Vec::new(),
            named_grant: None,
            request_refresh_tokens: false,
            login_flow_manager: None,
            login_redirect_uri: None,
            login_timeout: LOGIN_TIMEOUT,
            id_token_decoder: None,
            on_invalid_tokens: Arc::new(|err| {
                match err.kind() {
                    // Another login would have to be by that other person.
                    crate::TokenValidationErrorKind::IdentityMismatch => InvalidTokens::Fail,
                    _ => InvalidTokens::LogIn,
                }
            }),
            auto_redrive: true,
            clock: Arc::new(SystemClock),
        }
    }

    config_settings!(self => self);
}

impl Default for GlobusAppConfig {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(clippy::derivable_impls, reason = "the default is another one without the feature")]
impl Default for Storage {
    fn default() -> Self {
        #[cfg(feature = "json")]
        {
            Self::Json
        }
        #[cfg(not(feature = "json"))]
        {
            Self::Memory
        }
    }
}

impl fmt::Debug for GlobusAppConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GlobusAppConfig")
            .field("environment", &self.environment)
            .field("storage", &self.storage)
            .field("home", &self.home)
            .field("namespace", &self.namespace)
            .field("profile", &self.profile)
            .field("scope_requirements", &self.scope_requirements)
            .field("named_grant", &self.named_grant)
            .field("request_refresh_tokens", &self.request_refresh_tokens)
            .field("login_flow_manager", &self.login_flow_manager)
            .field("login_redirect_uri", &self.login_redirect_uri)
            .field("login_timeout", &self.login_timeout)
            .field("id_token_decoder", &self.id_token_decoder)
            .field("auto_redrive", &self.auto_redrive)
            .finish_non_exhaustive()
    }
}
