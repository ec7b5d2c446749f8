//! Registered clients.

use serde_json::{Value, json};

use crate::auth::{AuthClient, ClientDocument, ClientKind, ClientList, Visibility};
use crate::model::{ClientId, IdentityProviderId, Nullable, ProjectId};
use crate::request::{Call, Request, encode, request};

impl AuthClient {
    /// Looks up a client.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_client).
    /// Needs `manage_projects`, or `view_clients` for a client that is public; fails with `NOT_FOUND` when there is none that the caller
    /// may see.
    pub fn get_client(&self, client_id: impl Into<ClientId>) -> Request<ClientDocument> {
        self.core.get("get_client", "v2/api/clients/{client_id}", &[client_id.into().as_str()]).into()
    }

    /// Looks up the client that is known, as a service, under a domain name.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_client).
    /// Scopes and errors are those of [`Self::get_client`].
    pub fn get_client_by_fqdn(&self, fqdn: impl Into<String>) -> Request<ClientDocument> {
        let mut call = self.core.get("get_client", "v2/api/clients", &[]);
        call.set_query("fqdn", encode::text(fqdn));
        call.into()
    }

    /// Lists the clients of all projects that the caller manages, all at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_clients).
    /// Needs `manage_projects`; fails with `FORBIDDEN` without it.
    pub fn get_clients(&self) -> Request<ClientList> {
        self.core.get("get_clients", "v2/api/clients", &[]).into()
    }

    /// Registers a client in a project: a [`ClientType`](crate::auth::ClientType), or another [`ClientKind`]. It has no secret yet:
    /// [`Self::create_client_credential`] makes one.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_client).
    /// Needs `manage_projects`. A lost answer is not tried again, since a second client could come of it.
    pub fn create_client(
        &self,
        name: impl Into<String>,
        project: impl Into<ProjectId>,
        kind: impl Into<ClientKind>,
    ) -> CreateClient {
        let call = self.core.post("create_client", "v2/api/clients", &[]).wrapped("client");
        call.field("name", name.into())
            .field("project", String::from(project.into()))
            .kind(kind.into())
            .into()
    }

    /// Changes what is given of a client.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#update_client).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn update_client(&self, client_id: impl Into<ClientId>) -> UpdateClient {
        let id = client_id.into();
        self.core.put("update_client", "v2/api/clients/{client_id}", &[id.as_str()]).wrapped("client").into()
    }

    /// Deletes a client with its secrets, consents and tokens, and returns its last state.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#delete_client).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn delete_client(&self, client_id: impl Into<ClientId>) -> Request<ClientDocument> {
        self.core.delete("delete_client", "v2/api/clients/{client_id}", &[client_id.into().as_str()]).into()
    }
}

impl Call {
    /// The same for a client of this kind.
    pub(in crate::auth) fn kind(self, kind: ClientKind) -> Self {
        match kind {
            ClientKind::Type(client_type) => self.field("client_type", client_type.as_str()),
            ClientKind::Public(public) => self.field("public_client", public),
        }
    }
}

/// The service takes both addresses or none.
pub(in crate::auth) fn links(
    terms_and_conditions: impl Into<String>,
    privacy_policy: impl Into<String>,
) -> Value {
    json!({"terms_and_conditions": terms_and_conditions.into(), "privacy_policy": privacy_policy.into()})
}

request! {
    /// [`AuthClient::create_client`].
    pub struct CreateClient => ClientDocument {
        /// Who can look it up; those who manage it, when not given.
        body visibility: Visibility as json;
        /// Where users may be sent after a login.
        body redirect_uris: many as json_list;
        /// The identity provider that users must have an identity of.
        body required_idp: IdentityProviderId as json_text;
        /// The identity provider that is proposed at login.
        body preselect_idp: IdentityProviderId as json_text;
    }
}

impl CreateClient {
    /// The addresses of what users agree to: terms and conditions, privacy policy.
    pub fn links(
        mut self,
        terms_and_conditions: impl Into<String>,
        privacy_policy: impl Into<String>,
    ) -> Self {
        self.call_mut().set_field("links", links(terms_and_conditions, privacy_policy));
        self
    }

    /// Sets a field that this version does not know.
    pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.call_mut().set_field(name, value.into());
        self
    }
}

request! {
    /// [`AuthClient::update_client`].
    pub struct UpdateClient => ClientDocument {
        /// The name that users see when they consent.
        body name: String as json_text;
        /// Who can look it up.
        body visibility: Visibility as json;
        /// Where users may be sent after a login, in place of all before.
        body redirect_uris: many as json_list;
        /// The identity provider that users must have an identity of; `None` for any.
        body required_idp: Nullable<IdentityProviderId> as json;
        /// The identity provider that is proposed at login; `None` for none.
        body preselect_idp: Nullable<IdentityProviderId> as json;
    }
}

impl UpdateClient {
    /// The addresses of what users agree to: terms and conditions, privacy policy.
    pub fn links(
        mut self,
        terms_and_conditions: impl Into<String>,
        privacy_policy: impl Into<String>,
    ) -> Self {
        self.call_mut().set_field("links", links(terms_and_conditions, privacy_policy));
        self
    }

    /// Takes these addresses away.
    pub fn without_links(mut self) -> Self {
        let none = json!({"terms_and_conditions": null, "privacy_policy": null});
        self.call_mut().set_field("links", none);
        self
    }

    /// Sets a field that this version does not know.
    pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.call_mut().set_field(name, value.into());
        self
    }
}
