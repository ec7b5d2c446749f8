//! Scopes that services define.

use crate::OneOrMany;
use crate::auth::{AuthClient, DependentScopeSpec, ScopeDocument, ScopeList};
use crate::model::{ClientId, ScopeId};
use crate::request::{Request, encode, request};

impl AuthClient {
    /// Looks up how a scope is defined.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_scope).
    /// Needs `manage_projects`, or `view_clients_and_scopes` for one that is advertised; fails with `NOT_FOUND` when there is none that the
    /// caller may see.
    pub fn get_scope(&self, scope_id: impl Into<ScopeId>) -> Request<ScopeDocument> {
        self.core.get("get_scope", "v2/api/scopes/{scope_id}", &[scope_id.into().as_str()]).into()
    }

    /// Looks up how scopes are defined: those with some texts, those with some ids, or else those of all clients that the
    /// caller manages; all at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_scopes).
    /// Needs `manage_projects`, or `view_clients_and_scopes` for those that are advertised.
    pub fn get_scopes(&self) -> GetScopes {
        self.core.get("get_scopes", "v2/api/scopes", &[]).into()
    }

    /// Defines a scope of a client. Its text ends with `scope_suffix`: small letters, digits and `_`.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_scope).
    /// Needs `manage_projects`. A lost answer is not tried again; where it had arrived, doing it again fails since the scope exists.
    pub fn create_scope(
        &self,
        client_id: impl Into<ClientId>,
        name: impl Into<String>,
        description: impl Into<String>,
        scope_suffix: impl Into<String>,
    ) -> CreateScope {
        let id = client_id.into();
        self.core
            .post("create_scope", "v2/api/clients/{client_id}/scopes", &[id.as_str()])
            .wrapped("scope")
            .field("name", name.into())
            .field("description", description.into())
            .field("scope_suffix", scope_suffix.into())
            .into()
    }

    /// Changes what is given of a scope.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#update_scope).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn update_scope(&self, scope_id: impl Into<ScopeId>) -> UpdateScope {
        let id = scope_id.into();
        self.core.put("update_scope", "v2/api/scopes/{scope_id}", &[id.as_str()]).wrapped("scope").into()
    }

    /// Deletes a scope, and returns its last state.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#delete_scope).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn delete_scope(&self, scope_id: impl Into<ScopeId>) -> Request<ScopeDocument> {
        self.core.delete("delete_scope", "v2/api/scopes/{scope_id}", &[scope_id.into().as_str()]).into()
    }
}

request! {
    /// [`AuthClient::get_scopes`]: the service takes texts or ids, so that the first that is given completes it.
    pub struct GetScopes => ScopeList {}
}

impl GetScopes {
    /// The texts of the scopes, without dependencies.
    pub fn scope_strings(mut self, scope_strings: impl OneOrMany) -> Request<ScopeList> {
        self.call_mut().set_query("scope_strings", encode::comma_joined(scope_strings));
        self.0
    }

    /// The ids of the scopes.
    pub fn ids(mut self, ids: impl OneOrMany) -> Request<ScopeList> {
        self.call_mut().set_query("ids", encode::comma_joined(ids));
        self.0
    }
}

request! {
    /// [`AuthClient::create_scope`].
    pub struct CreateScope => ScopeDocument {
        /// The domains of one of which users must have an identity.
        body required_domains: many as json_list;
        /// Whether it can be found by others than those who manage it.
        body advertised: bool as json;
        /// Whether clients can have refresh tokens for it.
        body allows_refresh_token: bool as json;
    }
}

impl CreateScope {
    /// The scopes of other services that the service needs for it.
    pub fn dependent_scopes(mut self, scopes: impl IntoIterator<Item = DependentScopeSpec>) -> Self {
        self.call_mut().set_field("dependent_scopes", encode::json(scopes.into_iter().collect::<Vec<_>>()));
        self
    }
}

request! {
    /// [`AuthClient::update_scope`].
    pub struct UpdateScope => ScopeDocument {
        /// The name that users see when they consent.
        body name: String as json_text;
        /// What users see about it.
        body description: String as json_text;
        /// What its text ends with.
        body scope_suffix: String as json_text;
        /// The domains of one of which users must have an identity, in place of all before.
        body required_domains: many as json_list;
        /// Whether it can be found by others than those who manage it.
        body advertised: bool as json;
        /// Whether clients can have refresh tokens for it.
        body allows_refresh_token: bool as json;
    }
}

impl UpdateScope {
    /// The scopes of other services that the service needs for it, in place of all before.
    pub fn dependent_scopes(mut self, scopes: impl IntoIterator<Item = DependentScopeSpec>) -> Self {
        self.call_mut().set_field("dependent_scopes", encode::json(scopes.into_iter().collect::<Vec<_>>()));
        self
    }
}
