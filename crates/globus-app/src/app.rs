//! What both kinds of apps can do.

use std::future::Future;
use std::pin::Pin;

use crate::AppError;

/// What an app's requests are awaited by.
pub type AppFuture<T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send>>;

/// The methods and traits of an app type that holds its `core`.
macro_rules! impl_app {
    ($app:ident) => {
        impl $app {
            pub(crate) fn of(core: ::std::sync::Arc<$crate::core::Core>) -> Self {
                Self { core }
            }

            /// A builder of an app with this name, which people see at login and operators in requests. Apps with one name and
            /// one client share their login, also with those of the Python SDK.
            pub fn builder(name: impl Into<String>) -> $crate::AppBuilder<Self> {
                $crate::AppBuilder::new(name.into())
            }

            /// The app's name.
            pub fn name(&self) -> &str {
                &self.core.shared.name
            }

            /// Which Globus it is for.
            pub fn environment(&self) -> ::globus_transport::Environment {
                self.core.shared.environment
            }

            /// The id of its client.
            pub fn client_id(&self) -> &str {
                self.core.shared.client.client_id()
            }

            /// Where the tokens are kept: the storage in the app's namespace.
            pub fn token_storage(&self) -> &::std::sync::Arc<dyn ::globus_tokenstorage::TokenStorage> {
                &self.core.storage
            }

            /// Adds to what tokens for `resource_server` must allow, from the next request on. Clients made by `from_app` do it
            /// for themselves.
            ///
            /// # Errors
            /// When `scopes` cannot be read, or a scope depends on itself through what was added before.
            pub fn add_scope_requirements(
                &self,
                resource_server: &str,
                scopes: impl ::globus_auth_core::IntoScopes,
            ) -> Result<(), $crate::AppError> {
                let scopes = ::globus_auth_core::Scopes::parse(&scopes.into_scope_string())?;
                Ok(self.core.shared.requirements.of(resource_server).add(&scopes)?)
            }

            /// What tokens must allow, by resource server.
            pub fn scope_requirements(
                &self,
            ) -> ::std::collections::BTreeMap<String, ::globus_auth_core::Scopes> {
                self.core.shared.requirements.all()
            }

            /// What gives the headers of requests to `resource_server`, for clients that are not made by `from_app`. It does no I/O.
            pub fn get_authorizer(&self, resource_server: &str) -> $crate::AppAuthorizer {
                self.core.authorizer(resource_server)
            }

            /// Ends the tokens that are stored, or in use, for what the app requires, and then forgets them. Where Auth could not be
            /// told, they stay, so that it can be tried again; see [`forget`](crate::Logout::forget).
            ///
            /// # Errors
            /// The first failure; the tokens for other services are ended all the same.
            pub fn logout(&self) -> $crate::Logout {
                $crate::Logout::new(&self.core)
            }

            /// Waits until nothing is being renewed any more, and what could not be stored is, for this app and all its profiles
            /// and subjects: to be called before the program ends. Requests should have ended before.
            ///
            /// Dropping the future is safe: what it waits for goes on.
            pub async fn settle(&self) {
                self.core.settle().await;
            }

            /// The app for another profile in the same storage, with logins of its own. It does no I/O.
            ///
            /// # Errors
            /// When that cannot be the name of a profile, or the storage has no namespaces; on the app of a subject, which has
            /// no profiles.
            pub fn with_profile(&self, name: &str) -> Result<Self, $crate::AppError> {
                self.core.with_profile(name).map(Self::of)
            }

            /// The profiles that hold tokens, in the order of their names. The app without a profile is not among them.
            ///
            /// # Errors
            /// When what is stored cannot be read; on the app of a subject.
            pub async fn profiles(&self) -> Result<Vec<String>, $crate::AppError> {
                self.core.profiles().await
            }

            /// Gives a profile another name, under which nothing may be stored yet. Whatever interrupts it, no token is lost, and
            /// calling it again goes on with it.
            ///
            /// # Errors
            /// When there is no such profile, or the other holds tokens; when the storage fails; on the app of a subject.
            pub async fn rename_profile(&self, from: &str, to: &str) -> Result<(), $crate::AppError> {
                self.core.rename_profile(from, to).await
            }

            /// Forgets the tokens of a profile without ending them; `false` when there were none. To end them, log the profile
            /// out: `app.with_profile(name)?.logout().sweep(true).await`.
            ///
            /// # Errors
            /// When that cannot be the name of a profile, or the storage fails; on the app of a subject.
            pub async fn delete_profile(&self, name: &str) -> Result<bool, $crate::AppError> {
                self.core.delete_profile(name).await
            }

            /// Logs all profiles out, and the app without a profile, whichever of them this is: all tokens in their namespaces are
            /// ended and forgotten. Subjects are not among them.
            ///
            /// # Errors
            /// The first failure; the other profiles are logged out all the same. On the app of a subject.
            pub async fn logout_all_profiles(&self) -> Result<(), $crate::AppError> {
                let mut result = $crate::Logout::new(&self.core.without_profile()?).sweep(true).await;
                for name in self.profiles().await? {
                    let ended = self.with_profile(&name)?.logout().sweep(true).await;
                    result = result.and(ended);
                }
                result
            }
        }

        impl ::globus_services::App for $app {
            fn name(&self) -> &str {
                &self.core.shared.name
            }

            fn environment(&self) -> ::globus_transport::Environment {
                self.core.shared.environment
            }

            fn service_url(
                &self,
                service: ::globus_transport::Service,
            ) -> Result<::globus_transport::BaseUrl, ::globus_transport::Error> {
                self.core.shared.environment.service_url_in(service, &self.core.shared.variables)
            }

            fn transport(&self) -> Result<::globus_transport::Transport, ::globus_transport::Error> {
                Ok(self.core.shared.transport.clone())
            }

            fn authorizer(
                &self,
                resource_server: &str,
            ) -> ::std::sync::Arc<dyn ::globus_authorizers::Authorizer> {
                ::std::sync::Arc::new(self.core.authorizer(resource_server))
            }

            fn require_scopes(
                &self,
                resource_server: &str,
                scopes: &::globus_auth_core::Scopes,
            ) -> Result<(), ::globus_transport::Error> {
                Ok(self.add_scope_requirements(resource_server, scopes)?)
            }

            fn required_scopes(&self, resource_server: &str) -> ::globus_auth_core::Scopes {
                self.core.shared.requirements.of(resource_server).scopes()
            }
        }
    };
}
pub(crate) use impl_app;
