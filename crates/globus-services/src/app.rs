//! [`App`]: what a client needs of the object that owns login, tokens and consents.

use std::fmt;
use std::sync::Arc;

use globus_auth_core::{IntoScopes, Scopes};
use globus_authorizers::Authorizer;
use globus_transport::{BaseUrl, Environment, Error, ErrorKind, Service, Transport};

/// What a client needs of an app: the apps of `globus-app` implement it, and so can one of your own.
///
/// Clients are made with it by `from_app`. They register the scopes that they need, and ask it for the `Authorization`
/// header of each request; making them does no I/O.
pub trait App: fmt::Debug + Send + Sync {
    /// The name, for people and for the operators of the services.
    fn name(&self) -> &str;

    /// Which Globus it is for.
    fn environment(&self) -> Environment;

    /// The address of a service there.
    ///
    /// # Errors
    /// As [`Environment::service_url`].
    fn service_url(&self, service: Service) -> Result<BaseUrl, Error> {
        self.environment().service_url(service)
    }

    /// What requests go through.
    ///
    /// # Errors
    /// As [`Transport::shared`].
    fn transport(&self) -> Result<Transport, Error> {
        Transport::shared()
    }

    /// Gives the headers of requests to the services that go by this name, such as `transfer.api.globus.org`.
    fn authorizer(&self, resource_server: &str) -> Arc<dyn Authorizer>;

    /// Adds to what tokens for `resource_server` must allow.
    ///
    /// # Errors
    /// When a scope depends on itself through what was added before.
    fn require_scopes(&self, resource_server: &str, scopes: &Scopes) -> Result<(), Error>;

    /// What tokens for `resource_server` must allow.
    fn required_scopes(&self, resource_server: &str) -> Scopes;
}

impl<A: App + ?Sized> App for Arc<A> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn environment(&self) -> Environment {
        (**self).environment()
    }

    fn service_url(&self, service: Service) -> Result<BaseUrl, Error> {
        (**self).service_url(service)
    }

    fn transport(&self) -> Result<Transport, Error> {
        (**self).transport()
    }

    fn authorizer(&self, resource_server: &str) -> Arc<dyn Authorizer> {
        (**self).authorizer(resource_server)
    }

    fn require_scopes(&self, resource_server: &str, scopes: &Scopes) -> Result<(), Error> {
        (**self).require_scopes(resource_server, scopes)
    }

    fn required_scopes(&self, resource_server: &str) -> Scopes {
        (**self).required_scopes(resource_server)
    }
}

/// The app that a client belongs to, and the name under which the client's tokens are there.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) app: Arc<dyn App>,
    pub(crate) resource_server: Arc<str>,
}

impl Binding {
    /// Binds a client to `app`, and registers the scopes that it needs.
    pub(crate) fn new(
        app: Arc<dyn App>,
        resource_server: impl Into<Arc<str>>,
        scopes: impl IntoScopes,
    ) -> Result<Self, Error> {
        let binding = Self { app, resource_server: resource_server.into() };
        binding.require(scopes)?;
        Ok(binding)
    }

    pub(crate) fn require(&self, scopes: impl IntoScopes) -> Result<(), Error> {
        let scopes = Scopes::parse(&scopes.into_scope_string())
            .map_err(|err| Error::with_source(ErrorKind::Usage, "these are no scopes for an app", err))?;
        self.app.require_scopes(&self.resource_server, &scopes)
    }
}
