//! What a program that uses Globus starts with: `use globus_sdk::prelude::*;`.

#[cfg(feature = "groups")]
pub use crate::GroupsClient;
pub use crate::authorizers::{
    AccessTokenAuthorizer, Authorizer, BasicAuthorizer, ClientCredentialsAuthorizer, RefreshTokenAuthorizer,
};
pub use crate::services::ServiceClient;
#[cfg(feature = "json")]
pub use crate::tokenstorage::JsonTokenStorage;
#[cfg(feature = "sqlite")]
pub use crate::tokenstorage::SqliteTokenStorage;
pub use crate::tokenstorage::{MemoryTokenStorage, TokenStorage};
#[cfg(feature = "auth")]
pub use crate::{AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient};
#[cfg(feature = "app")]
pub use crate::{ClientApp, UserApp};
#[cfg(feature = "transfer")]
pub use crate::{DeleteData, TransferClient, TransferData, TransferItem};
pub use crate::{Error, ErrorKind, Scope, Secret};
