//! [`LoginFlowBuilder`]: what a login asks for.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::pkce::{challenge, check_verifier};
use super::random::random_text;
use super::{LoginError, LoginErrorKind, LoginFlow, PendingLogin};
use crate::{FormFields, IntoScopes, LoginDemand, Secret, TokenExchange};

/// A login that is being prepared. Login clients make it in `oauth2_start_flow`.
///
/// ```
/// # use std::sync::Arc;
/// # use async_trait::async_trait;
/// # use globus_auth_core::{ExchangeError, Grant, OAuthTokenResponse, TokenExchange};
/// use globus_auth_core::login::LoginFlowBuilder;
/// use globus_auth_core::scopes::TRANSFER;
/// # #[derive(Debug)]
/// # struct Client;
/// # #[async_trait]
/// # impl TokenExchange for Client {
/// #     fn client_id(&self) -> &str { "11111111-2222-4333-8444-555555555555" }
/// #     async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> { unreachable!() }
/// # }
/// # let client = Arc::new(Client);
///
/// let flow = LoginFlowBuilder::native(client, "https://auth.globus.org", [TRANSFER.all]).refresh_tokens(true).start()?;
/// assert!(flow.authorize_url().starts_with("https://auth.globus.org/v2/oauth2/authorize?client_id=11111111-"));
/// assert!(flow.authorize_url().contains("access_type=offline"));
/// # Ok::<(), globus_auth_core::login::LoginError>(())
/// ```
#[must_use = "a login begins with `start`"]
#[derive(Clone)]
pub struct LoginFlowBuilder {
    exchange: Arc<dyn TokenExchange>,
    auth_url: String,
    scope: String,
    redirect_uri: String,
    refresh_tokens: bool,
    pkce: bool,
    state: Option<Secret>,
    nonce: Option<Secret>,
    code_verifier: Option<Secret>,
    prefill_named_grant: Option<String>,
    session: Vec<(&'static str, String)>,
    query_params: Vec<(String, Secret)>,
}

impl LoginFlowBuilder {
    /// A login with a native client, which has no secret: with PKCE, and by default the redirect to Auth's own page that
    /// shows the code. `auth_url` is the base URL of Auth, such as `https://auth.globus.org`.
    pub fn native(
        exchange: Arc<dyn TokenExchange>,
        auth_url: impl Into<String>,
        scopes: impl IntoScopes,
    ) -> Self {
        let auth_url = trimmed(auth_url.into());
        let redirect_uri = format!("{auth_url}/v2/web/auth-code");
        Self { pkce: true, ..Self::confidential(exchange, auth_url, redirect_uri, scopes) }
    }

    /// A login with a confidential client, whose secret protects the code: without PKCE unless [`Self::pkce`] is called.
    pub fn confidential(
        exchange: Arc<dyn TokenExchange>,
        auth_url: impl Into<String>,
        redirect_uri: impl Into<String>,
        scopes: impl IntoScopes,
    ) -> Self {
        Self {
            exchange,
            auth_url: trimmed(auth_url.into()),
            scope: scopes.into_scope_string(),
            redirect_uri: redirect_uri.into(),
            refresh_tokens: false,
            pkce: false,
            state: None,
            nonce: None,
            code_verifier: None,
            prefill_named_grant: None,
            session: Vec::new(),
            query_params: Vec::new(),
        }
    }

    /// Where the browser is sent afterwards. It must be registered with the client.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = redirect_uri.into();
        self
    }

    /// Whether refresh tokens are asked for as well. They are not by default.
    pub fn refresh_tokens(mut self, refresh_tokens: bool) -> Self {
        self.refresh_tokens = refresh_tokens;
        self
    }

    /// What the callback must bring back, instead of 32 random bytes. It must not be guessable.
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// What the ID token must hold (OpenID Connect Core, section 3.1.2.1). It must not be guessable.
    pub fn nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Adds PKCE to the login of a confidential client. A native client's has it always.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// The PKCE verifier, instead of 32 random bytes: 43 to 128 letters, digits, or `-._~`. Adds PKCE.
    pub fn code_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.code_verifier = Some(verifier.into());
        self.pkce()
    }

    /// The name that the consent page proposes for this login.
    pub fn prefill_named_grant(mut self, name: impl Into<String>) -> Self {
        self.prefill_named_grant = Some(name.into());
        self
    }

    /// The identities, as ids or user names, of which one must have logged in within the session. None: no demand.
    pub fn session_required_identities(self, identities: impl IntoIterator<Item: Display>) -> Self {
        self.session_list("session_required_identities", identities)
    }

    /// The domains, of one of which an identity must have logged in within the session. None: no demand.
    pub fn session_required_single_domain(self, domains: impl IntoIterator<Item: Display>) -> Self {
        self.session_list("session_required_single_domain", domains)
    }

    /// The ids of the policies that the session must satisfy. None: no demand.
    pub fn session_required_policies(self, policies: impl IntoIterator<Item: Display>) -> Self {
        self.session_list("session_required_policies", policies)
    }

    /// Whether the session must have a second factor.
    pub fn session_required_mfa(self, required: bool) -> Self {
        // The recorded spelling.
        self.session_value("session_required_mfa", if required { "True" } else { "False" })
    }

    /// A message that the login page shows.
    pub fn session_message(self, message: impl Into<String>) -> Self {
        self.session_value("session_message", message)
    }

    /// How the login page behaves; `login` asks for a fresh login.
    pub fn prompt(self, prompt: impl Into<String>) -> Self {
        self.session_value("prompt", prompt)
    }

    /// Whatever `demand` says of the session, in place of what was said before. Its scopes are not added: what is asked for is
    /// decided where the flow begins.
    pub fn session(mut self, demand: &LoginDemand) -> Self {
        self.session.clear();
        let mfa = demand.session_required_mfa;
        let flow = self
            .session_required_identities(&demand.session_required_identities)
            .session_required_single_domain(&demand.session_required_single_domain)
            .session_required_policies(&demand.session_required_policies)
            .session_message(demand.session_message.as_deref().unwrap_or_default())
            .prompt(demand.prompt.as_deref().unwrap_or_default());
        match mfa {
            Some(required) => flow.session_required_mfa(required),
            None => flow,
        }
    }

    /// Any parameter of the authorize URL. It takes the place of what this builder would send under that name; a `state`,
    /// `nonce` or `redirect_uri` given here is also the one that the rest of the flow goes by.
    pub fn query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query_params.push((name.into(), Secret::new(value)));
        self
    }

    /// Begins the login. Nothing is sent.
    ///
    /// # Errors
    /// [`LoginErrorKind::InvalidFlow`] when no scope is asked for, or the code verifier, the state, the redirect URI or the URL of Auth is
    /// not valid; [`LoginErrorKind::NoRandomness`].
    pub fn start(self) -> Result<LoginFlow, LoginError> {
        let code_verifier = match self.code_verifier.clone() {
            Some(verifier) => check_verifier(&verifier).map(|()| Some(verifier))?,
            None if self.pkce => Some(random_text()?),
            None => None,
        };
        let state = self.state.clone().map_or_else(random_text, Ok)?;
        let params = self.params(state, code_verifier.as_ref());
        if text(&params, "scope").trim().is_empty() {
            return Err(invalid("no scope is asked for, at least one is needed"));
        }
        if text(&params, "state").is_empty() {
            return Err(invalid("the state is empty, so anyone could make a callback for this login"));
        }
        check_urls(&self.auth_url, text(&params, "redirect_uri"))?;
        Ok(LoginFlow {
            scope: text(&params, "scope").to_owned(),
            authorize_url: format!("{}/v2/oauth2/authorize?{}", self.auth_url, params.encode().expose()),
            pending: PendingLogin::new(text(&params, "redirect_uri"), text(&params, "state"))
                .with_nonce(params.get("nonce").cloned())
                .with_code_verifier(code_verifier),
            exchange: self.exchange,
        })
    }

    fn params(&self, state: Secret, code_verifier: Option<&Secret>) -> FormFields {
        let mut params = FormFields::default();
        params.set("client_id", self.exchange.client_id());
        params.set("redirect_uri", self.redirect_uri.as_str());
        params.set("scope", self.scope.as_str());
        params.set("state", state);
        params.set("response_type", "code");
        params.set("access_type", if self.refresh_tokens { "offline" } else { "online" });
        if let Some(verifier) = code_verifier {
            params.set("code_challenge", challenge(verifier));
            params.set("code_challenge_method", "S256");
        }
        if let Some(name) = &self.prefill_named_grant {
            params.set("prefill_named_grant", name.as_str());
        }
        if let Some(nonce) = &self.nonce {
            params.set("nonce", nonce);
        }
        for (name, value) in &self.session {
            params.set(*name, value.as_str());
        }
        for (name, value) in &self.query_params {
            params.set(name.clone(), value);
        }
        params
    }

    fn session_list(self, name: &'static str, values: impl IntoIterator<Item: Display>) -> Self {
        let joined = values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(",");
        self.session_value(name, joined)
    }

    /// An empty value is no demand, and takes back an earlier one.
    fn session_value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.session.retain(|(held, _)| *held != name);
        if !value.is_empty() {
            self.session.push((name, value));
        }
        self
    }
}

/// What may hold a state is left out.
impl fmt::Debug for LoginFlowBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginFlowBuilder")
            .field("client_id", &self.exchange.client_id())
            .field("auth_url", &self.auth_url)
            .field("scope", &self.scope)
            .field("redirect_uri", &self.redirect_uri)
            .field("refresh_tokens", &self.refresh_tokens)
            .field("pkce", &self.pkce)
            .finish_non_exhaustive()
    }
}

fn text<'a>(params: &'a FormFields, name: &str) -> &'a str {
    params.get(name).map_or("", Secret::expose)
}

fn trimmed(mut url: String) -> String {
    url.truncate(url.trim_end_matches('/').len());
    url
}

/// Auth decides about the redirect URI, letter for letter; this finds only what can never be one.
fn check_urls(auth_url: &str, redirect_uri: &str) -> Result<(), LoginError> {
    let is_clean = |url: &str| !url.contains(|c: char| c.is_whitespace() || c.is_control());
    let host = auth_url.strip_prefix("https://").or_else(|| auth_url.strip_prefix("http://"));
    if !host.is_some_and(|host| !host.is_empty() && !host.contains(['?', '#']) && is_clean(host)) {
        return Err(invalid("the URL of Auth is not valid: it starts with `https://` and has no query"));
    }
    let scheme = redirect_uri.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || redirect_uri.contains('#') || !is_clean(redirect_uri) {
        return Err(invalid(
            "the redirect URI is not valid: it is a whole URI without a fragment (RFC 6749, section 3.1.2)",
        ));
    }
    Ok(())
}

fn invalid(message: &str) -> LoginError {
    LoginError::new(LoginErrorKind::InvalidFlow, message)
}
