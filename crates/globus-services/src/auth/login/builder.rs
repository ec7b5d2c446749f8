//! [`LoginClientBuilder`]: where a login client's requests go, and by which clock it reckons.

use std::marker::PhantomData;
use std::sync::Arc;

use globus_auth_core::{Clock, Secret, SystemClock};
use globus_authorizers::{Authorizer, BasicAuthorizer, NullAuthorizer};
use globus_transport::{Error, ErrorKind, Service};

use super::tokens::Login;
use super::{ConfidentialAppAuthClient, NativeAppAuthClient};
use crate::client::{Address, address_settings};

/// Builds a login client. Whatever is not set comes from the environment variables `GLOBUS_SDK_…`, else is the production default.
#[derive(Debug)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct LoginClientBuilder<C> {
    address: Address,
    client_id: String,
    client_secret: Option<Secret>,
    clock: Arc<dyn Clock>,
    client: PhantomData<fn() -> C>,
}

impl<C> LoginClientBuilder<C> {
    pub(super) fn new(client_id: String, client_secret: Option<Secret>) -> Self {
        let (address, clock) = (Address::default(), Arc::new(SystemClock));
        Self { address, client_id, client_secret, clock, client: PhantomData }
    }

    address_settings!();

    /// The clock that is used to compute when tokens expire.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    fn login(self) -> Result<Login, Error> {
        if self.client_id.is_empty() || self.client_id.contains(':') {
            let message = format!(
                "`{}` is not a client id; register one at https://app.globus.org/settings/developers",
                self.client_id
            );
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let names_itself = self.client_secret.is_none();
        let authorizer: Arc<dyn Authorizer> = match self.client_secret {
            Some(secret) => Arc::new(BasicAuthorizer::new(self.client_id.as_str(), secret)),
            None => Arc::new(NullAuthorizer::new()),
        };
        let core = self.address.core(Service::Auth, authorizer)?;
        Ok(Login { core, client_id: self.client_id.into(), names_itself, clock: self.clock })
    }
}

impl LoginClientBuilder<NativeAppAuthClient> {
    /// Builds the client. It does no I/O.
    ///
    /// # Errors
    /// When the client id, an address, or an environment variable that is read for it, is not usable; the error names it.
    pub fn build(self) -> Result<NativeAppAuthClient, Error> {
        Ok(NativeAppAuthClient { login: self.login()? })
    }
}

impl LoginClientBuilder<ConfidentialAppAuthClient> {
    /// Builds the client. It does no I/O.
    ///
    /// # Errors
    /// When the client id, an address, or an environment variable that is read for it, is not usable; the error names it.
    pub fn build(self) -> Result<ConfidentialAppAuthClient, Error> {
        Ok(ConfidentialAppAuthClient { login: self.login()? })
    }
}
