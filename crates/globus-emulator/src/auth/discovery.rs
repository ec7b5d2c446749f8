//! Where everything is, and the key that ID tokens are signed with.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::error::AuthError;
use crate::app::App;
use crate::http::json as reply;

pub(crate) async fn configuration(State(app): State<Arc<App>>) -> Response {
    let at = |path: &str| format!("{}/{path}", app.origin);
    reply(
        StatusCode::OK,
        &json!({
            "issuer": app.origin,
            "authorization_endpoint": at("v2/oauth2/authorize"),
            "token_endpoint": at("v2/oauth2/token"),
            "revocation_endpoint": at("v2/oauth2/token/revoke"),
            "introspection_endpoint": at("v2/oauth2/token/introspect"),
            "userinfo_endpoint": at("v2/oauth2/userinfo"),
            "jwks_uri": at("jwk.json"),
            "scopes_supported": ["openid", "email", "profile"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": [
                "at_hash", "aud", "email", "exp", "iat", "identity_provider", "identity_set", "iss",
                "last_authentication", "name", "nonce", "organization", "preferred_username", "sub",
            ],
        }),
    )
}

pub(crate) async fn jwk(State(app): State<Arc<App>>) -> Result<Response, AuthError> {
    let key = app.key().await;
    let key = key.ok_or_else(|| AuthError::not_found("The signing key could not be made"))?;
    Ok(reply(StatusCode::OK, &json!({ "keys": [key.jwk()] })))
}
