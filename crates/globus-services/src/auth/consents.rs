//! What users have allowed.

use super::{AuthClient, ConsentList};
use crate::model::IdentityId;
use crate::request::{encode, request};

impl AuthClient {
    /// Lists what an identity has allowed the client to which the token belongs, or all clients. [`ConsentList::to_forest`] makes trees
    /// of them, and [`ConsentList::meets_scope_requirements`] tells whether scopes are covered.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_identity_consents).
    /// Needs `view_consents`, and the identity to be one of the caller's; fails
    /// with `FORBIDDEN` otherwise.
    pub fn get_consents(&self, identity_id: impl Into<IdentityId>) -> GetConsents {
        let id = identity_id.into();
        let mut call =
            self.core.get("get_consents", "v2/api/identities/{identity_id}/consents", &[id.as_str()]);
        call.set_query("all", encode::capital_true_false(false));
        call.into()
    }
}

request! {
    /// [`AuthClient::get_consents`].
    pub struct GetConsents => ConsentList {
        /// Whether what other clients were allowed is listed as well; it is not, when not given.
        query all: bool as capital_true_false;
    }
}
