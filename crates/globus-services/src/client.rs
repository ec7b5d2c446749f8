//! What every service client is made of.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use globus_auth_core::IntoScopes;
use globus_authorizers::{Authorizer, NullAuthorizer};
use globus_transport::{BaseUrl, Environment, Error, ErrorKind, Method, Service, Transport};

use crate::App;
use crate::app::Binding;
use crate::request::{Call, RawRequest};

/// The methods of every builder that has an `address`.
macro_rules! address_settings {
    () => {
        /// The service's address, in place of the environment's.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.address.base_url = Some(url.into());
            self
        }

        /// The environment whose address is used, in place of `GLOBUS_SDK_ENVIRONMENT`.
        pub fn environment(mut self, environment: ::globus_transport::Environment) -> Self {
            self.address.environment = Some(environment);
            self
        }

        /// A transport with settings of its own, in place of the one that all clients share.
        pub fn transport(mut self, transport: ::globus_transport::Transport) -> Self {
            self.address.transport = Some(transport);
            self
        }
    };
}
pub(crate) use address_settings;

/// A client of one service. The clients of this crate implement it, and so can one of a service of your own.
///
/// A client is cheap to clone and to share among tasks: clones, and clients of other services, use one connection pool.
///
/// ```
/// use globus_services::{ClientCore, ServiceClient};
/// use globus_transport::Service;
///
/// /// A service of our own that accepts Globus tokens.
/// #[derive(Clone, Debug)]
/// struct Weather(ClientCore);
///
/// impl ServiceClient for Weather {
///     const SERVICE: Service = Service::Other;
///     const RESOURCE_SERVER: &'static str = "weather.example.org";
///     const DEFAULT_SCOPES: &'static [&'static str] = &["https://auth.globus.org/scopes/weather.example.org/read"];
///     fn from_core(core: ClientCore) -> Self {
///         Self(core)
///     }
///     fn core(&self) -> &ClientCore {
///         &self.0
///     }
/// }
///
/// let client = Weather::builder().base_url("https://weather.example.org/api/").build()?;
/// let request = client.core().request(globus_transport::Method::Get, "v1/stations").query("country", "NO");
/// assert_eq!(request.wire()?.url(), "https://weather.example.org/api/v1/stations?country=NO");
/// # Ok::<(), globus_transport::Error>(())
/// ```
pub trait ServiceClient: Sized {
    /// Which service: it decides the address, and how errors are read.
    const SERVICE: Service;

    /// The name under which tokens for the service are issued and stored.
    const RESOURCE_SERVER: &'static str;

    /// The scopes that a program needs to use the service in the usual way.
    const DEFAULT_SCOPES: &'static [&'static str];

    /// Wraps the shared part.
    fn from_core(core: ClientCore) -> Self;

    /// The shared part.
    fn core(&self) -> &ClientCore;

    /// A builder, for what `new` has no argument for: another environment, address or transport.
    fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// A client whose requests are authorized by `app`, which is told the scopes that the service is used with. It does no I/O:
    /// a login, if one is needed, comes with the first request, or with the app's own `login`.
    ///
    /// # Errors
    /// When an environment variable `GLOBUS_SDK_…` has an unusable value; the error names it.
    fn from_app(app: &(impl App + Clone + 'static)) -> Result<Self, Error> {
        Self::builder().app(app).build()
    }
}

/// The shared part of a service client: its address, its authorizer, and the transport.
#[derive(Clone)]
pub struct ClientCore(Arc<Inner>);

struct Inner {
    service: Service,
    base_url: BaseUrl,
    authorizer: Arc<dyn Authorizer>,
    transport: Transport,
    binding: Option<Binding>,
}

impl ClientCore {
    /// Which service it speaks to.
    pub fn service(&self) -> Service {
        self.0.service
    }

    /// The service's address, ending in a slash.
    pub fn base_url(&self) -> &BaseUrl {
        &self.0.base_url
    }

    /// What the requests go through.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// The app that the client was made with, if it was.
    pub fn app(&self) -> Option<&Arc<dyn App>> {
        self.0.binding.as_ref().map(|binding| &binding.app)
    }

    /// Tells the app of the client of further scopes that its tokens must allow. They count for the next login, and for every
    /// later one.
    ///
    /// # Errors
    /// When the client was not made with an app, when `scopes` cannot be read, or when a scope depends on itself through what
    /// was added before.
    pub fn add_app_scope(&self, scopes: impl IntoScopes) -> Result<(), Error> {
        match &self.0.binding {
            Some(binding) => binding.require(scopes),
            None => Err(Error::new(
                ErrorKind::Usage,
                "the client has no app to add a scope to; make it with `from_app`",
            )),
        }
    }

    /// A request to any route of the service, with the authorization, retries and errors of every other call.
    ///
    /// `path` is relative to the service's address and is sent as it is, so it must be percent-encoded.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self.clone(), method, path.into())
    }

    pub(crate) fn authorizer(&self) -> &Arc<dyn Authorizer> {
        &self.0.authorizer
    }

    /// A call to the route `template`, in which each `{…}` stands for one of `ids`.
    pub(crate) fn call(&self, operation: &'static str, method: Method, template: &str, ids: &[&str]) -> Call {
        Call::to_template(self.clone(), operation, method, template, ids)
    }

    pub(crate) fn get(&self, operation: &'static str, template: &str, ids: &[&str]) -> Call {
        self.call(operation, Method::Get, template, ids)
    }

    pub(crate) fn post(&self, operation: &'static str, template: &str, ids: &[&str]) -> Call {
        self.call(operation, Method::Post, template, ids)
    }

    pub(crate) fn put(&self, operation: &'static str, template: &str, ids: &[&str]) -> Call {
        self.call(operation, Method::Put, template, ids)
    }

    pub(crate) fn delete(&self, operation: &'static str, template: &str, ids: &[&str]) -> Call {
        self.call(operation, Method::Delete, template, ids)
    }
}

impl fmt::Debug for ClientCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCore")
            .field("service", &self.0.service)
            .field("base_url", &self.0.base_url.as_str())
            .field("authorizer", &self.0.authorizer)
            .finish_non_exhaustive()
    }
}

/// Builds a service client. Whatever is not set comes from the environment variables `GLOBUS_SDK_…`, else is the production default.
#[derive(Debug)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct ClientBuilder<C> {
    address: Address,
    authorizer: Option<Arc<dyn Authorizer>>,
    app: Option<Arc<dyn App>>,
    app_scopes: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C: ServiceClient> ClientBuilder<C> {
    fn new() -> Self {
        Self {
            address: Address::default(),
            authorizer: None,
            app: None,
            app_scopes: None,
            client: PhantomData,
        }
    }

    /// How requests are authorized. Without one, requests carry no `Authorization` header.
    pub fn authorizer(mut self, authorizer: impl Authorizer + 'static) -> Self {
        self.authorizer = Some(Arc::new(authorizer));
        self
    }

    /// The app that authorizes requests, in place of an authorizer. It also says which Globus is meant, and what requests go
    /// through.
    pub fn app(mut self, app: &(impl App + Clone + 'static)) -> Self {
        self.app = Some(Arc::new(app.clone()));
        self
    }

    /// The scopes that the app is told of, in place of [`ServiceClient::DEFAULT_SCOPES`].
    pub fn app_scopes(mut self, scopes: impl IntoScopes) -> Self {
        self.app_scopes = Some(scopes.into_scope_string());
        self
    }

    address_settings!();

    /// Builds the client. It does no I/O.
    ///
    /// # Errors
    /// When an address, or an environment variable that is read for it, is not usable; the error names it. When there is an
    /// app beside an authorizer, or one for another environment.
    pub fn build(self) -> Result<C, Error> {
        let Some(app) = self.app else {
            let authorizer = self.authorizer.unwrap_or_else(|| Arc::new(NullAuthorizer::new()));
            return Ok(C::from_core(self.address.core(C::SERVICE, authorizer)?));
        };
        if self.authorizer.is_some() {
            let why = "a client has an app or an authorizer, and not both; leave one out";
            return Err(Error::new(ErrorKind::Usage, why));
        }
        let scopes = self.app_scopes.unwrap_or_else(|| C::DEFAULT_SCOPES.into_scope_string());
        let core = self.address.core_of_app(C::SERVICE, app, C::RESOURCE_SERVER, scopes)?;
        Ok(C::from_core(core))
    }
}

/// Where a client's requests go, and through what.
#[derive(Debug, Default)]
pub(crate) struct Address {
    pub(crate) base_url: Option<String>,
    pub(crate) environment: Option<Environment>,
    pub(crate) transport: Option<Transport>,
}

impl Address {
    pub(crate) fn core(self, service: Service, authorizer: Arc<dyn Authorizer>) -> Result<ClientCore, Error> {
        let base_url = match (self.base_url, self.environment) {
            (Some(url), _) => BaseUrl::parse(&url)?,
            (None, Some(environment)) => environment.service_url(service)?,
            (None, None) => Environment::from_env()?.service_url(service)?,
        };
        let transport = self.transport.map_or_else(Transport::shared, Ok)?;
        Ok(ClientCore(Arc::new(Inner { service, base_url, authorizer, transport, binding: None })))
    }

    /// The same for a client of `app`, which is told of `scopes` of `resource_server`.
    pub(crate) fn core_of_app(
        self,
        service: Service,
        app: Arc<dyn App>,
        resource_server: &str,
        scopes: impl IntoScopes,
    ) -> Result<ClientCore, Error> {
        if let Some(environment) = self.environment.filter(|&environment| environment != app.environment()) {
            let why = format!(
                "the client is for {}, and its app {:?} for {}; make both for one environment",
                environment.name(),
                app.name(),
                app.environment().name()
            );
            return Err(Error::new(ErrorKind::Usage, why));
        }
        let base_url = match self.base_url {
            Some(url) => BaseUrl::parse(&url)?,
            None => app.service_url(service)?,
        };
        let transport = self.transport.map_or_else(|| app.transport(), Ok)?;
        let authorizer = app.authorizer(resource_server);
        let binding = Some(Binding::new(app, resource_server, scopes)?);
        Ok(ClientCore(Arc::new(Inner { service, base_url, authorizer, transport, binding })))
    }
}

/// Declares the client of one service that takes an authorizer.
macro_rules! service_client {
    ($(#[$meta:meta])* pub struct $name:ident { service: $service:expr, scopes: $scopes:ident: $scopes_type:ty }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            core: $crate::ClientCore,
        }

        impl $name {
            /// The scopes of the service by name.
            pub const SCOPES: $scopes_type = ::globus_auth_core::scopes::$scopes;

            /// The name under which tokens for the service are issued and stored.
            pub const RESOURCE_SERVER: &'static str = Self::SCOPES.resource_server;

            /// A client that authorizes its requests with `authorizer`. It does no I/O.
            ///
            /// # Errors
            /// When an environment variable `GLOBUS_SDK_…` has an unusable value; the error names it.
            pub fn new(
                authorizer: impl ::globus_authorizers::Authorizer + 'static,
            ) -> Result<Self, ::globus_transport::Error> {
                <Self as $crate::ServiceClient>::builder().authorizer(authorizer).build()
            }

            /// A client whose requests are authorized by `app`, which is told the scopes that the service is used with. It
            /// does no I/O: a login, if one is needed, comes with the first request, or with the app's own `login`.
            ///
            /// # Errors
            /// When an environment variable `GLOBUS_SDK_…` has an unusable value; the error names it.
            pub fn from_app(
                app: &(impl $crate::App + Clone + 'static),
            ) -> Result<Self, ::globus_transport::Error> {
                <Self as $crate::ServiceClient>::from_app(app)
            }

            /// Tells the app of the client of further scopes that its tokens must allow. They count for the next login, and
            /// for every later one.
            ///
            /// # Errors
            /// When the client was not made with an app, when `scopes` cannot be read, or when a scope depends on itself
            /// through what was added before.
            pub fn add_app_scope(
                &self,
                scopes: impl ::globus_auth_core::IntoScopes,
            ) -> Result<&Self, ::globus_transport::Error> {
                self.core.add_app_scope(scopes)?;
                Ok(self)
            }

            /// A builder, for what [`Self::new`] has no argument for: another environment, address or transport.
            pub fn builder() -> $crate::ClientBuilder<Self> {
                <Self as $crate::ServiceClient>::builder()
            }

            /// A request to any route of the service, with the authorization, retries and errors of every other call.
            ///
            /// `path` is relative to the service's address and is sent as it is, so it must be percent-encoded.
            pub fn request(&self, method: ::globus_transport::Method, path: impl Into<String>) -> $crate::RawRequest {
                self.core.request(method, path)
            }
        }

        impl $crate::ServiceClient for $name {
            const SERVICE: ::globus_transport::Service = $service;
            const RESOURCE_SERVER: &'static str = Self::SCOPES.resource_server;
            const DEFAULT_SCOPES: &'static [&'static str] = Self::SCOPES.default_scopes;

            fn from_core(core: $crate::ClientCore) -> Self {
                Self { core }
            }

            fn core(&self) -> &$crate::ClientCore {
                &self.core
            }
        }
    };
}
pub(crate) use service_client;
