//! Globus Auth: logins, tokens, identities.

mod authorize;
mod client;
mod clients_api;
mod consent;
mod dependent;
mod discovery;
mod error;
mod id_token;
mod identities;
mod identity;
mod issue;
mod pages;
mod registry;
mod scope;
mod session;
mod state;
mod token;
mod tokens_api;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use client::{Client, Credential};
pub(crate) use error::AuthError;
pub(crate) use identity::Identity;
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
        .route("/v2/api/clients", post(clients_api::create))
        .route(
            "/v2/api/clients/{id}",
            get(clients_api::read).put(clients_api::update).delete(clients_api::delete),
        )
}
