//! Globus Auth: logins, tokens, identities.

mod authorize;
mod body;
mod browser;
mod caller;
mod client;
mod clients_api;
mod consent;
mod credentials_api;
mod dependent;
mod discovery;
mod error;
mod id_token;
mod identities;
mod identity;
mod issue;
mod login_request;
mod login_session;
mod pages;
mod policies_api;
mod policy;
mod project;
mod projects_api;
mod provider;
mod registry;
mod requirements;
mod scope;
mod scopes_api;
mod session;
mod state;
mod token;
mod tokens_api;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};

pub(crate) use client::{Client, ClientKind, Credential};
pub(crate) use error::AuthError;
pub(crate) use identity::Identity;
pub(crate) use login_session::Authentication;
pub(crate) use project::Project;
pub(crate) use registry::{GROUPS, GROUPS_ALL, GROUPS_VIEW, Registry, TRANSFER, TRANSFER_ALL, data_access};
pub(crate) use session::bearer;
pub(crate) use state::{AuthState, Grant};

use crate::app::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/jwk.json", get(discovery::jwk))
        .route("/v2/oauth2/authorize", get(authorize::ask).post(authorize::decide))
        .route("/v2/web/auth-code", get(authorize::display))
        .route("/v2/oauth2/token", post(token::token))
        .route("/v2/oauth2/token/revoke", post(tokens_api::revoke))
        .route("/v2/oauth2/token/introspect", post(tokens_api::introspect))
        .route("/v2/oauth2/token/validate", post(tokens_api::validate))
        .route("/v2/oauth2/userinfo", get(identities::userinfo))
        .route("/v2/api/identities", get(identities::identities))
        .route("/v2/api/identities/{id}", get(identities::identity))
        .route("/v2/api/identities/{id}/consents", get(identities::consents))
        .route("/v2/api/identity_providers", get(identities::identity_providers))
        .route("/v2/web/logout", get(authorize::logout))
        .merge(management())
}

/// Projects, and what belongs to them.
fn management() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/api/clients", get(clients_api::list).post(clients_api::create))
        .route(
            "/v2/api/clients/{id}",
            get(clients_api::read).put(clients_api::update).delete(clients_api::delete),
        )
        .route("/v2/api/clients/{id}/fqdns", post(clients_api::add_fqdn))
        .route("/v2/api/clients/{id}/credentials", get(credentials_api::list).post(credentials_api::create))
        .route("/v2/api/clients/{id}/credentials/{credential}", delete(credentials_api::delete))
        .route("/v2/api/clients/{id}/scopes", get(scopes_api::of_client).post(scopes_api::create))
        .route("/v2/api/scopes", get(scopes_api::list))
        .route(
            "/v2/api/scopes/{id}",
            get(scopes_api::read).put(scopes_api::update).delete(scopes_api::delete),
        )
        .route("/v2/api/projects", get(projects_api::list).post(projects_api::create))
        .route(
            "/v2/api/projects/{id}",
            get(projects_api::read).put(projects_api::update).delete(projects_api::delete),
        )
        .route("/v2/api/policies", get(policies_api::list).post(policies_api::create))
        .route(
            "/v2/api/policies/{id}",
            get(policies_api::read).put(policies_api::update).delete(policies_api::delete),
        )
}
