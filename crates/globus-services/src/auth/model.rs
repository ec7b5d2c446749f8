//! Documents of the Auth service.

use globus_auth_core::UnixTime;
use serde_json::Value;

use crate::model::{ClientId, IdentityId, model};

model! {
    /// Who the caller is (OpenID Connect Core, section 5.3.2).
    pub struct UserInfo {
        /// The caller's identity.
        sub: IdentityId = key,
        /// Its username.
        preferred_username: Option<String>,
        /// The caller's name.
        name: Option<String>,
        /// The caller's mail address.
        email: Option<String>,
        /// The caller's organization.
        organization: Option<String>,
        /// The identity provider, by id.
        identity_provider: Option<String>,
        /// The identity provider, by name.
        identity_provider_display_name: Option<String>,
        /// The identities that are linked, when the token holds `view_identity_set`.
        identity_set: Vec<Value> = list,
        /// When the caller last logged in.
        last_authentication: Option<UnixTime>,
    }
}

model! {
    /// An identity: an account of a person at an identity provider, or of a client.
    pub struct Identity {
        /// Its id.
        id: IdentityId = key,
        /// Its username.
        username: Option<String>,
        /// The person's name.
        name: Option<String>,
        /// The person's mail address.
        email: Option<String>,
        /// The person's organization.
        organization: Option<String>,
        /// The identity provider, by id.
        identity_provider: Option<String>,
        /// `login`, or another kind.
        identity_type: Option<String>,
        /// `used`, `unused`, `private` or `closed`.
        status: Option<String>,
    }
}

model! {
    /// Identities that were looked up.
    pub struct IdentityList {
        /// The identities.
        identities: Vec<Identity> = list,
    }
}

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
