//! [`AppBuilder`]: how an app is made.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use globus_auth_core::{Scopes, Secret};
use globus_services::auth::{ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
use globus_transport::{Environment, Service, Settings, Transport, Variables};

use crate::config::Storage;
use crate::core::{Core, Kind, Shared, User};
use crate::login::LoginFlowManager;
use crate::requirements::Requirements;
use crate::{AppError, ClientApp, GlobusAppConfig, LoginClient, UserApp, spaces};

const CLIENT_ID: &str = "GLOBUS_CLIENT_ID";
const CLIENT_SECRET: &str = "GLOBUS_CLIENT_SECRET";

/// The name of an app that has none, as in the Python SDK.
const UNNAMED: &str = "Unnamed Globus App";

/// Builds an app. Building does no I/O: nothing is read, made or asked for before it is needed.
#[must_use = "a builder makes nothing until `build` is called"]
pub struct AppBuilder<A> {
    name: String,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    login_client: Option<LoginClient>,
    config: GlobusAppConfig,
    app: PhantomData<fn() -> A>,
}

impl<A> AppBuilder<A> {
    pub(crate) fn new(name: String) -> Self {
        let name = if name.is_empty() { UNNAMED.to_owned() } else { name };
        let config = GlobusAppConfig::new();
        Self { name, client_id: None, client_secret: None, login_client: None, config, app: PhantomData }
    }

    /// The id under which the program is registered with Auth; `GLOBUS_CLIENT_ID` otherwise.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// The secret that goes with the id. Where neither is given, `GLOBUS_CLIENT_SECRET` is looked at; by a client app also where
    /// the id is given, unless `GLOBUS_CLIENT_ID` names another client.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// The login client, in place of an id and a secret.
    pub fn login_client(mut self, client: impl Into<LoginClient>) -> Self {
        self.login_client = Some(client.into());
        self
    }

    /// Settings that several apps share, in place of all that were made before.
    pub fn config(mut self, config: GlobusAppConfig) -> Self {
        self.config = config;
        self
    }

    config_settings!(self => self.config);

    fn core(
        self,
        make: impl FnOnce(&GlobusAppConfig, &LoginClient) -> Result<Made, AppError>,
    ) -> Result<Arc<Core>, AppError> {
        let Self { name, client_id, client_secret, login_client, config, app: _ } = self;
        let environment = match config.environment {
            Some(environment) => environment,
            None => Environment::from_variables(&config.variables)?,
        };
        let transport = match &config.transport {
            Some(transport) => transport.clone(),
            None => transport(&name, &config.variables)?,
        };
        let client = match (login_client, &client_id) {
            (Some(_), Some(_)) => {
                return Err(AppError::usage(
                    "an app has a login client or a client id, and not both; leave one out",
                ));
            }
            (Some(client), None) => for_environment(client, environment)?,
            (None, _) => {
                let (id, secret) = credentials(client_id, client_secret, &config.variables)?;
                login_client_for(id, secret, environment, &transport, &config)?
            }
        };
        let made = make(&config, &client)?;
        for (resource_server, scopes) in &config.scope_requirements {
            made.requirements.of(resource_server).add(&Scopes::parse(scopes)?)?;
        }
        let (storage, prefix) = storage(&config, &name, environment, client.client_id())?;
        let base = storage.namespace().to_owned();
        let storage = match &config.profile {
            Some(profile) => {
                spaces::check_profile(profile)?;
                let namespace = spaces::profile(&prefix, profile);
                storage.in_namespace(&namespace).ok_or_else(|| {
                    AppError::usage(
                        "the storage has no namespaces, and so no profiles; leave the profile out",
                    )
                })?
            }
            None => storage,
        };
        let shared = Shared {
            name,
            environment,
            variables: config.variables,
            transport,
            exchange: client.exchange(),
            client,
            kind: made.kind,
            auto_redrive: config.auto_redrive,
            clock: config.clock,
            requirements: made.requirements,
            base,
            prefix,
            siblings: Mutex::new(HashMap::new()),
            leaving: Mutex::default(),
        };
        Ok(Core::first(shared, storage))
    }
}

/// What the kinds of apps differ in.
struct Made {
    kind: Kind,
    requirements: Requirements,
}

impl AppBuilder<UserApp> {
    /// Builds the app.
    ///
    /// # Errors
    /// When there is no client id or login client, or both; when a login client with a secret has no redirect URI; when the
    /// place of the tokens cannot be told, or an environment variable has an unusable value. The error says which.
    pub fn build(self) -> Result<UserApp, AppError> {
        let name = self.name.clone();
        self.core(|config, client| {
            if !client.is_native() && config.login_redirect_uri.is_none() {
                return Err(AppError::usage(
                    "a login client with a secret sends people back to an address that is registered for it; give it with \
                     `login_redirect_uri`, or use a `ClientApp` for what the client does for itself",
                ));
            }
            let manager = config.login_flow_manager.clone().unwrap_or_else(|| whoever_is_there(config));
            let decoder = config.id_token_decoder.clone().unwrap_or_else(|| Arc::new(client.clone()));
            let user = User {
                manager,
                redirect_uri: config.login_redirect_uri.clone(),
                refresh_tokens: config.request_refresh_tokens,
                named_grant: client
                    .is_native()
                    .then(|| config.named_grant.clone().unwrap_or_else(|| named_grant(&name))),
                timeout: config.login_timeout,
                decoder,
                on_invalid_tokens: Arc::clone(&config.on_invalid_tokens),
            };
            Ok(Made { kind: Kind::User(user), requirements: Requirements::with_identity()? })
        })
        .map(UserApp::of)
    }
}

impl AppBuilder<ClientApp> {
    /// Builds the app.
    ///
    /// # Errors
    /// When there is no client id and secret or login client, or both; when the client has no secret, or there is somebody to
    /// log people in; when the place of the tokens cannot be told, or an environment variable has an unusable value. The error
    /// says which.
    pub fn build(mut self) -> Result<ClientApp, AppError> {
        if let (Some(id), None) = (&self.client_id, &self.client_secret) {
            self.client_secret = secret_of(id, &self.config.variables);
        }
        self.core(|config, client| {
            if client.is_native() {
                return Err(AppError::usage(format!(
                    "a client app needs the secret of its client; give it with `client_secret`, or set {CLIENT_SECRET}, and {CLIENT_ID} \
                     to the same client or not at all"
                )));
            }
            if config.login_flow_manager.is_some() {
                return Err(AppError::usage("nobody logs in to a client app; leave the login flow manager out"));
            }
            Ok(Made { kind: Kind::Client, requirements: Requirements::new() })
        })
        .map(ClientApp::of)
    }
}

/// Those given, or else those of the environment; never one of each.
fn credentials(
    id: Option<String>,
    secret: Option<Secret>,
    variables: &Variables,
) -> Result<(String, Option<Secret>), AppError> {
    let set = |name| set(variables, name);
    match (id, secret) {
        (Some(id), secret) => Ok((id, secret)),
        (None, Some(_)) => Err(AppError::usage("a client secret goes with a client id; give both")),
        (None, None) => match set(CLIENT_ID) {
            Some(id) => Ok((id, set(CLIENT_SECRET).map(Secret::from))),
            None => Err(AppError::usage(format!(
                "an app needs a client id; give it with `client_id`, or set {CLIENT_ID}. \
                 Register a client at https://app.globus.org/settings/developers"
            ))),
        },
    }
}

/// The secret of the environment, if it may be that of the client `id`.
fn secret_of(id: &str, variables: &Variables) -> Option<Secret> {
    let is_another = set(variables, CLIENT_ID).is_some_and(|other| !other.trim().eq_ignore_ascii_case(id));
    set(variables, CLIENT_SECRET).filter(|_| !is_another).map(Secret::from)
}

fn set(variables: &Variables, name: &str) -> Option<String> {
    variables.get(name).filter(|value| !value.trim().is_empty())
}

/// Another environment knows neither the client nor its people.
fn for_environment(client: LoginClient, environment: Environment) -> Result<LoginClient, AppError> {
    match client.environment() {
        Some(other) if other != environment => Err(AppError::usage(format!(
            "the login client is for {other}, and the app for {environment}; make both for one environment"
        ))),
        _ => Ok(client),
    }
}

fn login_client_for(
    id: String,
    secret: Option<Secret>,
    environment: Environment,
    transport: &Transport,
    config: &GlobusAppConfig,
) -> Result<LoginClient, AppError> {
    let address = environment.service_url_in(Service::Auth, &config.variables)?;
    let (transport, clock) = (transport.clone(), Arc::clone(&config.clock));
    Ok(match secret {
        Some(secret) => {
            let builder = ConfidentialAppAuthClient::builder(id, secret).base_url(address.as_str());
            builder.transport(transport).clock(clock).build()?.into()
        }
        None => {
            let builder = NativeAppAuthClient::builder(id).base_url(address.as_str());
            builder.transport(transport).clock(clock).build()?.into()
        }
    })
}

/// One that names the app, as far as a header can.
fn transport(name: &str, variables: &Variables) -> Result<Transport, AppError> {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let builder = Transport::builder().settings(Settings::from_variables(variables)?);
    Ok(builder.app_name(name.trim()).build()?)
}

/// What keeps the tokens of the app without a profile, and what stands before the names of further namespaces in it.
#[cfg_attr(
    not(any(feature = "json", feature = "sqlite")),
    expect(unused_variables, reason = "no file is named")
)]
fn storage(
    config: &GlobusAppConfig,
    name: &str,
    environment: Environment,
    client_id: &str,
) -> Result<spaces::Space, AppError> {
    let mut is_own = true;
    let storage: Arc<dyn TokenStorage> = match &config.storage {
        #[cfg(feature = "json")]
        Storage::Json => Arc::new(globus_tokenstorage::JsonTokenStorage::new(file(
            config,
            name,
            environment,
            client_id,
            "json",
        )?)),
        #[cfg(feature = "sqlite")]
        Storage::Sqlite => Arc::new(globus_tokenstorage::SqliteTokenStorage::new(file(
            config,
            name,
            environment,
            client_id,
            "db",
        )?)),
        Storage::Memory => Arc::new(MemoryTokenStorage::new()),
        Storage::Given(storage) => {
            is_own = false;
            Arc::clone(storage)
        }
    };
    match &config.namespace {
        Some(name) => spaces::named(&storage, name),
        None if is_own => Ok((storage, String::new())),
        None => Ok(spaces::part(storage, environment, client_id)),
    }
}

#[cfg(any(feature = "json", feature = "sqlite"))]
fn file(
    config: &GlobusAppConfig,
    name: &str,
    environment: Environment,
    client_id: &str,
    extension: &str,
) -> Result<std::path::PathBuf, AppError> {
    use crate::place;
    let home = place::home(&config.variables, config.home.as_deref())?;
    place::token_file(&home, client_id, name, environment, extension)
}

/// Asks as the place allows.
#[cfg(feature = "login")]
fn whoever_is_there(config: &GlobusAppConfig) -> Arc<dyn LoginFlowManager> {
    Arc::new(crate::login::InteractiveLogin::with_variables(&config.variables))
}

#[cfg(not(feature = "login"))]
fn whoever_is_there(_config: &GlobusAppConfig) -> Arc<dyn LoginFlowManager> {
    Arc::new(crate::login::NoLogin)
}

/// What the consent page proposes as the name of the login.
fn named_grant(app_name: &str) -> String {
    let host = gethostname::gethostname();
    match host.to_string_lossy().trim() {
        "" => app_name.to_owned(),
        host => format!("{app_name} on {host}"),
    }
}

impl<A> fmt::Debug for AppBuilder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppBuilder")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("login_client", &self.login_client)
            .field("config", &self.config)
            .finish()
    }
}
