//! The setters that configurations and builders have in common.

/// The setters, for a type whose configuration is at `$config`.
macro_rules! config_settings {
    ($self:ident => $config:expr) => {
        /// Which Globus it is for, in place of `GLOBUS_SDK_ENVIRONMENT`.
        pub fn environment(mut $self, environment: ::globus_transport::Environment) -> Self {
            $config.environment = Some(environment);
            $self
        }

        /// The environment variables that settings come from, in place of those of the process: `GLOBUS_SDK_…`,
        /// `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET`, and the one that names the home directory.
        pub fn variables(mut $self, variables: ::globus_transport::Variables) -> Self {
            $config.variables = variables;
            $self
        }

        /// What requests go through, in place of a transport that names the app in its `User-Agent`.
        pub fn transport(mut $self, transport: ::globus_transport::Transport) -> Self {
            $config.transport = Some(transport);
            $self
        }

        /// Keeps the tokens in `storage`, which other apps may use as well: in the namespace
        /// `<environment>/<client id>/DEFAULT`, and those of profiles and subjects beside it, unless [`namespace`](Self::namespace)
        /// names another. All of it is below the storage's own namespace, where that is not the default one.
        ///
        /// A storage that has no namespaces is used as it is: keep it to one client.
        pub fn storage(mut $self, storage: impl ::globus_tokenstorage::TokenStorage + 'static) -> Self {
            $config.storage = $crate::config::Storage::Given(::std::sync::Arc::new(storage));
            $self
        }

        /// Keeps the tokens in memory: they live as long as the app.
        pub fn memory_storage(mut $self) -> Self {
            $config.storage = $crate::config::Storage::Memory;
            $self
        }

        /// Keeps the tokens in a JSON file, where the Python SDK does. This is the default.
        #[cfg(feature = "json")]
        pub fn json_storage(mut $self) -> Self {
            $config.storage = $crate::config::Storage::Json;
            $self
        }

        /// Keeps the tokens in an SQLite database, where the Python SDK does.
        #[cfg(feature = "sqlite")]
        pub fn sqlite_storage(mut $self) -> Self {
            $config.storage = $crate::config::Storage::Sqlite;
            $self
        }

        /// The directory of token files, in place of `~/.globus` (`%LOCALAPPDATA%\globus` on Windows). Where the user has
        /// set `GLOBUS_SDK_HOME`, that counts. Nothing is made there before the first write.
        pub fn home(mut $self, directory: impl Into<::std::path::PathBuf>) -> Self {
            $config.home = Some(directory.into());
            $self
        }

        /// The namespace of the tokens in their storage, in place of one that is made of environment and client id, or `DEFAULT`
        /// in the app's own file. Profiles and subjects have theirs below it, as `<name>/<profile>`. Who names it keeps different
        /// clients apart: `DEFAULT` is where the Python SDK, and a file of the app, have them.
        pub fn namespace(mut $self, name: impl Into<String>) -> Self {
            $config.namespace = Some(name.into());
            $self
        }

        /// The profile whose tokens are used: one of several logins of one person, or of several, in one storage.
        pub fn profile(mut $self, name: impl Into<String>) -> Self {
            $config.profile = Some(name.into());
            $self
        }

        /// What tokens for `resource_server` must allow, from the beginning; `add_scope_requirements` of the app adds to it. What
        /// cannot be read is told when the app is built.
        pub fn scope_requirements(
            mut $self,
            resource_server: impl Into<String>,
            scopes: impl ::globus_auth_core::IntoScopes,
        ) -> Self {
            $config.scope_requirements.push((resource_server.into(), scopes.into_scope_string()));
            $self
        }

        /// What the consent page proposes as the name of a login with a native client, in place of the app's name and the machine's.
        pub fn named_grant(mut $self, name: impl Into<String>) -> Self {
            $config.named_grant = Some(name.into());
            $self
        }

        /// Whether logins ask for refresh tokens, so that nobody has to log in again when an access token has ended. They do
        /// not by default. A client app needs none.
        pub fn request_refresh_tokens(mut $self, wanted: bool) -> Self {
            $config.request_refresh_tokens = wanted;
            $self
        }

        /// Who brings people to log in, in place of a browser or the terminal, whichever there is
        /// (`InteractiveLogin`, with the feature `login`).
        pub fn login_flow_manager(
            mut $self,
            manager: impl $crate::login::LoginFlowManager + 'static,
        ) -> Self {
            $config.login_flow_manager = Some(::std::sync::Arc::new(manager));
            $self
        }

        /// Where the browser is sent after a login. It must be registered with the login client, and is needed where that has
        /// a secret.
        pub fn login_redirect_uri(mut $self, uri: impl Into<String>) -> Self {
            $config.login_redirect_uri = Some(uri.into());
            $self
        }

        /// How long a person has for logging in (15 minutes), and how long another program that asks for the same login is
        /// waited for.
        pub fn login_timeout(mut $self, timeout: ::std::time::Duration) -> Self {
            $config.login_timeout = timeout;
            $self
        }

        /// What reads ID tokens, in place of a verification with Auth's keys.
        pub fn id_token_decoder(mut $self, decoder: impl $crate::IdTokenDecoder + 'static) -> Self {
            $config.id_token_decoder = Some(::std::sync::Arc::new(decoder));
            $self
        }

        /// Decides what is done about stored tokens that are not to be used. Somebody is brought to log in by default, but for
        /// tokens of different people ([`IdentityMismatch`](crate::TokenValidationErrorKind::IdentityMismatch)): no login can be
        /// stored beside those, so that nobody is asked for one, whatever is decided.
        pub fn token_validation_error_handler(
            mut $self,
            handler: impl Fn(&$crate::TokenValidationError) -> $crate::InvalidTokens + Send + Sync + 'static,
        ) -> Self {
            $config.on_invalid_tokens = ::std::sync::Arc::new(handler);
            $self
        }

        /// Whether a demand of a service for a consent or another session leads to a login, after which the request is sent
        /// once more. It does by default; otherwise the caller gets the service's error.
        pub fn auto_redrive(mut $self, redrive: bool) -> Self {
            $config.auto_redrive = redrive;
            $self
        }

        /// The clock by which tokens end.
        pub fn clock(mut $self, clock: impl ::globus_auth_core::Clock + 'static) -> Self {
            $config.clock = ::std::sync::Arc::new(clock);
            $self
        }
    };
}
