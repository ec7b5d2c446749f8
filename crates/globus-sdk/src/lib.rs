#![doc = include_str!("../README.md")]

#[doc(inline)]
pub use globus_auth_core::{
    Clock, Grant, IntoScopes, OAuthToken, OAuthTokenResponse, Scope, Secret, TokenExchange, UnixTime, scopes,
};
#[doc(inline)]
pub use globus_authorizers::{
    AccessTokenAuthorizer, Authorizer, AuthorizerError, BasicAuthorizer, ClientCredentialsAuthorizer,
    NullAuthorizer, RefreshTokenAuthorizer,
};
#[doc(inline)]
pub use globus_services::{
    App, ClientId, CollectionId, Error, ErrorKind, GroupId, IdentityId, ServiceClient, SubmissionId, TaskId,
    Timestamp,
};
#[doc(inline)]
pub use globus_transport::{ApiError, Environment, Method, Service, Transport};

#[cfg(feature = "app")]
#[doc(inline)]
pub use globus_app::{AppError, AppErrorKind, ClientApp, GlobusAppConfig, UserApp};

#[cfg(feature = "json")]
#[doc(inline)]
pub use globus_tokenstorage::JsonTokenStorage;
#[cfg(feature = "sqlite")]
#[doc(inline)]
pub use globus_tokenstorage::SqliteTokenStorage;
#[cfg(feature = "encryption")]
#[doc(inline)]
pub use globus_tokenstorage::{EncryptedTokenStorage, EncryptionKey, EncryptionKeys};
#[doc(inline)]
pub use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
#[cfg(feature = "postgres")]
#[doc(inline)]
pub use globus_tokenstorage_postgres::PostgresTokenStorage;

#[cfg(feature = "auth")]
#[doc(inline)]
pub use globus_auth_core::{id_token, login};
#[cfg(feature = "auth")]
#[doc(inline)]
pub use globus_services::auth::{self, AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient};
#[cfg(feature = "groups")]
#[doc(inline)]
pub use globus_services::groups::{self, BatchMembershipActions, GroupsClient, GroupsManager};
#[cfg(feature = "local-endpoints")]
#[doc(inline)]
pub use globus_services::local_endpoint::{self, LocalGlobusConnectPersonal, LocalGlobusConnectServer};
#[cfg(feature = "transfer")]
#[doc(inline)]
pub use globus_services::transfer::{self, DeleteData, TransferClient, TransferData, TransferItem};

#[cfg(feature = "app")]
#[doc(no_inline)]
pub use globus_app as app;
#[doc(no_inline)]
pub use globus_auth_core as auth_core;
#[doc(no_inline)]
pub use globus_authorizers as authorizers;
#[doc(no_inline)]
pub use globus_services as services;
#[doc(no_inline)]
pub use globus_tokenstorage as tokenstorage;
#[cfg(feature = "postgres")]
#[doc(no_inline)]
pub use globus_tokenstorage_postgres as tokenstorage_postgres;
#[doc(no_inline)]
pub use globus_transport as transport;

pub mod prelude;

/// The page that tells how to test offline, whose example is run as one of ours.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/offline-testing.md")]
struct OfflineTesting;
