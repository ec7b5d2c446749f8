//! The caller.

use globus_auth_core::UnixTime;

use crate::model::{IdentityId, IdentityProviderId, model};

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
        identity_provider: Option<IdentityProviderId>,
        /// The identity provider, by name.
        identity_provider_display_name: Option<String>,
        /// The identities that are linked, when the token holds `view_identity_set`.
        identity_set: Vec<LinkedIdentity> = list,
        /// When the caller last logged in.
        last_authentication: Option<UnixTime>,
    }
}

model! {
    /// One of the identities that are linked to the caller's, itself included.
    pub struct LinkedIdentity {
        /// Its id.
        sub: IdentityId = key,
        /// Its username.
        username: Option<String>,
        /// The person's name.
        name: Option<String>,
        /// The person's mail address.
        email: Option<String>,
        /// The person's organization.
        organization: Option<String>,
        /// The identity provider, by id.
        identity_provider: Option<IdentityProviderId>,
        /// The identity provider, by name.
        identity_provider_display_name: Option<String>,
        /// When the caller last logged in with it; `None` when never.
        last_authentication: Option<UnixTime>,
    }
}
