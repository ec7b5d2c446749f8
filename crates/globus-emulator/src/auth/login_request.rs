//! An authorize request: who asks for what, and is it allowed.

use axum::response::Response;
use http::StatusCode;

use super::pages;
use super::requirements::Requirements;
use super::scope::Scope;
use super::state::AuthState;
use super::token::known_scopes;
use crate::app::App;
use crate::http::{html, redirect};

/// A request that may be put before the user.
#[derive(Debug)]
pub(crate) struct LoginRequest {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) challenge: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) offline: bool,
    pub(crate) requirements: Requirements,
    /// What the user calls this consent, where the program asks for a name.
    pub(crate) label: Option<String>,
}

/// Why a request is not put before the user.
pub(crate) enum Refused {
    /// Nobody can be told but the user: the client or the place to send them to is not known.
    Page(&'static str),
    /// The client is told, at its own address.
    Redirect { uri: String, state: Option<String>, error: &'static str, description: String },
}

impl LoginRequest {
    pub(crate) fn read(
        app: &App,
        auth: &AuthState,
        param: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Refused> {
        let client = param("client_id").and_then(|id| auth.clients.get(&id));
        let client =
            client.ok_or(Refused::Page("The program that sent you here is not known (client_id)."))?;
        let redirect_uri =
            param("redirect_uri").filter(|uri| client.may_redirect_to(uri, &app.display_page())).ok_or(
                Refused::Page("The program wants you sent to a place it has not registered (redirect_uri)."),
            )?;
        let state = param("state");
        let refused = |error: &'static str, description: &str| Refused::Redirect {
            uri: redirect_uri.clone(),
            state: state.clone(),
            error,
            description: description.to_owned(),
        };
        if param("response_type").as_deref() != Some("code") {
            return Err(refused("unsupported_response_type", "response_type must be code"));
        }
        if !client.kind.grant_types().contains(&"authorization_code") {
            let told = format!("A {} cannot log users in", client.kind.as_str());
            return Err(refused("unauthorized_client", &told));
        }
        let challenge = param("code_challenge");
        check_challenge(client.is_public(), challenge.as_deref(), param("code_challenge_method").as_deref())
            .map_err(|told| refused("invalid_request", told))?;
        let scopes = read_scopes(auth, &param("scope").unwrap_or_default())
            .map_err(|told| refused("invalid_scope", &told))?;
        let requirements = Requirements::read(auth, client, &scopes, param)
            .map_err(|told| refused("invalid_request", &told))?;
        Ok(Self {
            client: client.id.clone(),
            scopes,
            challenge,
            nonce: param("nonce"),
            offline: param("access_type").as_deref() == Some("offline"),
            requirements,
            label: param("named_grant").or_else(|| param("prefill_named_grant")),
            redirect_uri,
            state,
        })
    }

    /// Sends the browser back to the program.
    pub(crate) fn back(&self, pairs: &[(&str, &str)]) -> Response {
        back(&self.redirect_uri, self.state.as_deref(), pairs)
    }

    /// Sends the browser back with an error.
    pub(crate) fn refuse(&self, error: &str, description: &str) -> Response {
        self.back(&[("error", error), ("error_description", description)])
    }
}

impl Refused {
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Page(detail) => html(StatusCode::BAD_REQUEST, pages::error(detail)),
            Self::Redirect { uri, state, error, description } => {
                back(&uri, state.as_deref(), &[("error", error), ("error_description", &description)])
            }
        }
    }
}

/// RFC 7636, with S256 only. A client that keeps a secret may do without.
fn check_challenge(public: bool, challenge: Option<&str>, method: Option<&str>) -> Result<(), &'static str> {
    match (challenge, method) {
        (None, None) if !public => Ok(()),
        (None, _) => Err("code_challenge is missing"),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(()),
        (Some(_), Some("S256")) => Err("code_challenge is malformed"),
        (Some(_), _) => Err("code_challenge_method must be S256"),
    }
}

fn read_scopes(auth: &AuthState, asked: &str) -> Result<Vec<Scope>, String> {
    known_scopes(auth, asked).map_err(|_| {
        let unknown = super::scope::parse(asked)
            .and_then(|scopes| auth.registry.unknown(&scopes).map(|scope| format!("Unknown scope: {scope}")));
        unknown.unwrap_or_else(|| "scope is missing or malformed".to_owned())
    })
}

fn back(uri: &str, state: Option<&str>, pairs: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    redirect(&format!("{uri}{separator}{}", query.finish()))
}
