#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(all(feature = "auth", feature = "groups", feature = "transfer")),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "the mechanism is whole, whichever services use it"
    )
)]

mod app;
#[cfg(feature = "auth")]
pub mod auth;
mod client;
#[cfg(feature = "groups")]
pub mod groups;
#[cfg(feature = "local-endpoints")]
pub mod local_endpoint;
mod model;
mod paging;
mod request;
#[cfg(feature = "transfer")]
pub mod transfer;

pub use app::App;
pub use client::{ClientBuilder, ClientCore, ServiceClient};
pub use globus_transport::{Error, ErrorKind};
pub use model::{
    ClientId, CollectionId, CredentialId, Extra, GroupId, IdentityId, IdentityProviderId, JsonApiDocument,
    JsonApiEmpty, JsonApiLinks, JsonApiList, Nullable, PolicyId, ProjectId, ScopeId, SubmissionId,
    SubscriptionId, TaskId, Timestamp,
};
pub use paging::{Cursor, Items, Page, Pages};
pub use request::{OneOrMany, RawRequest, Request, ResponseFuture};
