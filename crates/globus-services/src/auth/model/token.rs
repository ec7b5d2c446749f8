//! What is known of tokens.

use globus_auth_core::UnixTime;
use serde_json::Value;

use crate::model::{ClientId, IdentityId, model};

model! {
    /// What is known of a token (RFC 7662, section 2.2).
    pub struct TokenIntrospection {
        /// Whether it works.
        active: bool = key,
        /// Its scopes, separated by spaces.
        scope: Option<String>,
        /// The client that it was issued for.
        client_id: Option<ClientId>,
        /// The identity that it acts for.
        sub: Option<IdentityId>,
        /// That identity's username.
        username: Option<String>,
        /// That identity's name.
        name: Option<String>,
        /// That identity's mail address.
        email: Option<String>,
        /// When it ends.
        exp: Option<UnixTime>,
        /// When it was issued.
        iat: Option<UnixTime>,
        /// When it begins.
        nbf: Option<UnixTime>,
        /// Who accepts it.
        aud: Option<Value>,
        /// Who issued it.
        iss: Option<String>,
        /// `Bearer`.
        token_type: Option<String>,
        /// The identities that are linked; when asked for.
        identity_set: Vec<IdentityId> = list,
        /// How the user logged in; when asked for.
        session_info: Option<Value>,
    }
}

model! {
    /// What is left of a revoked token.
    pub struct RevokedToken {
        /// Whether it still works: no.
        active: Option<bool>,
    }
}
