//! Identities, and who vouches for them.

use crate::model::{IdentityId, IdentityProviderId, model, open_enum};

open_enum! {
    /// Whether an identity has been used.
    pub enum IdentityStatus {
        /// Someone has logged in with it.
        Used = "used",
        /// Nobody has logged in with it yet.
        Unused = "unused",
        /// Whether it has been used is not for the caller to know.
        Private = "private",
        /// It is closed, and cannot log in any more.
        Closed = "closed",
    }
}

open_enum! {
    /// What an identity stands for.
    pub enum IdentityType {
        /// A person who logs in.
        Login = "login",
        /// A client that acts for itself.
        AppIdentity = "app_identity",
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
        identity_provider: Option<IdentityProviderId>,
        /// What it stands for.
        identity_type: Option<IdentityType>,
        /// Whether it has been used.
        status: Option<IdentityStatus>,
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
    /// An organization whose members log in there.
    pub struct IdentityProvider {
        /// Its id.
        id: IdentityProviderId = key,
        /// Its name.
        name: Option<String>,
        /// Its name in short.
        short_name: Option<String>,
        /// Other names under which it is found.
        alternative_names: Vec<String> = list,
        /// The domains of its usernames.
        domains: Vec<String> = list,
    }
}

model! {
    /// Identity providers that were looked up.
    pub struct IdentityProviderList {
        /// The identity providers.
        identity_providers: Vec<IdentityProvider> = list,
    }
}
