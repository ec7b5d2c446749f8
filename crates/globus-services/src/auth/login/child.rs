//! Clients that clients make.

use serde_json::Value;

use super::{ConfidentialAppAuthClient, NativeAppAuthClient};
use crate::Request;
use crate::auth::management::links;
use crate::auth::{ClientDocument, ClientKind, NativeAppInstance, Visibility};
use crate::model::{ClientId, IdentityProviderId};
use crate::request::request;

impl NativeAppAuthClient {
    /// Makes a client for this installation of a program: an instance of the template, with a secret of its own, which the program
    /// keeps for its user. Only templates that Globus has marked as such can be used.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_client).
    /// Needs no authorization. A lost answer is not tried again, since a second client could come of it.
    pub fn create_native_app_instance(
        &self,
        template_id: impl Into<ClientId>,
        name: impl Into<String>,
    ) -> Request<NativeAppInstance> {
        self.login
            .core
            .post("create_native_app_instance", "v2/api/clients", &[])
            .wrapped("client")
            .field("template_id", String::from(template_id.into()))
            .field("name", name.into())
            .into()
    }
}

impl ConfidentialAppAuthClient {
    /// Makes a client whose parent is this one: a [`ClientType`](crate::auth::ClientType), or another [`ClientKind`].
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_client).
    /// The client authorizes it by its own id and secret. A lost answer is not tried again, since a second client could come of it.
    pub fn create_child_client(
        &self,
        name: impl Into<String>,
        kind: impl Into<ClientKind>,
    ) -> CreateChildClient {
        let call = self.login.core.post("create_child_client", "v2/api/clients", &[]).wrapped("client");
        call.field("name", name.into()).kind(kind.into()).into()
    }
}

request! {
    /// [`ConfidentialAppAuthClient::create_child_client`].
    pub struct CreateChildClient => ClientDocument {
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

impl CreateChildClient {
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
