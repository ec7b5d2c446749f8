//! Looking up identities, and who vouches for them.

use std::future::IntoFuture;

use globus_transport::Error;

use super::{AuthClient, IdentityList, IdentityProviderList};
use crate::OneOrMany;
use crate::request::{Call, Request, ResponseFuture, call_settings, encode, request};

impl AuthClient {
    /// Looks up identities by id or by username; those that are not known are left out. The service bounds how many it takes at
    /// once: an [`IdentityMap`](super::IdentityMap) asks for any number, and keeps what it has learned.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_identities).
    /// More is told of an identity, the more the token allows, such as by `view_identities`. Fails with `UNAUTHORIZED` without a token,
    /// and when neither ids nor usernames are given.
    pub fn get_identities(&self) -> GetIdentities {
        let call = self.core.get("get_identities", "v2/api/identities", &[]);
        GetIdentities { request: call.into(), provision: false }
    }

    /// Looks up identity providers: those of some domains, or those with some ids.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_identity_providers).
    /// Needs a token, with any scope.
    ///
    /// ```no_run
    /// # use globus_services::auth::AuthClient;
    /// # async fn example(auth: AuthClient) -> Result<(), globus_transport::Error> {
    /// let found = auth.get_identity_providers().domains(["example.org"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_identity_providers(&self) -> GetIdentityProviders {
        self.core.get("get_identity_providers", "v2/api/identity_providers", &[]).into()
    }
}

/// [`AuthClient::get_identities`].
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetIdentities {
    request: Request<IdentityList>,
    provision: bool,
}

impl GetIdentities {
    /// The ids to look up.
    pub fn ids(mut self, ids: impl OneOrMany) -> Self {
        self.call_mut().set_query("ids", encode::comma_joined(ids));
        self
    }

    /// The usernames to look up.
    pub fn usernames(mut self, usernames: impl OneOrMany) -> Self {
        self.call_mut().set_query("usernames", encode::comma_joined(usernames));
        self.send_provision()
    }

    /// Whether identities that do not exist yet are made. It counts for usernames only; they are not, when not given.
    pub fn provision(mut self, provision: bool) -> Self {
        self.provision = provision;
        self.send_provision()
    }

    fn send_provision(mut self) -> Self {
        if self.call().has_query("usernames") {
            let provision = encode::true_false(self.provision);
            self.call_mut().set_query("provision", provision);
        }
        self
    }

    fn call(&self) -> &Call {
        self.request.call()
    }

    fn call_mut(&mut self) -> &mut Call {
        self.request.call_mut()
    }

    call_settings!();
}

impl IntoFuture for GetIdentities {
    type Output = Result<IdentityList, Error>;
    type IntoFuture = ResponseFuture<IdentityList>;

    fn into_future(self) -> Self::IntoFuture {
        self.request.into_future()
    }
}

request! {
    /// [`AuthClient::get_identity_providers`]: the service takes domains or ids, so that the first that is given completes it.
    pub struct GetIdentityProviders => IdentityProviderList {}
}

impl GetIdentityProviders {
    /// The domains whose identity providers are looked up.
    pub fn domains(mut self, domains: impl OneOrMany) -> Request<IdentityProviderList> {
        self.call_mut().set_query("domains", encode::comma_joined(domains));
        self.0
    }

    /// The ids of the identity providers.
    pub fn ids(mut self, ids: impl OneOrMany) -> Request<IdentityProviderList> {
        self.call_mut().set_query("ids", encode::comma_joined(ids));
        self.0
    }
}
