//! What the service documents have in common: ids, open enums, times, unknown fields.

mod document;
mod extra;
mod ids;
mod json_api;
mod nullable;
mod open_enum;
mod text;
mod timestamp;

pub(crate) use document::model;
pub use extra::Extra;
pub(crate) use extra::compact;
pub use ids::{
    ClientId, CollectionId, CredentialId, GroupId, IdentityId, IdentityProviderId, PolicyId, ProjectId,
    ScopeId, SubmissionId, SubscriptionId, TaskId,
};
pub use json_api::{JsonApiDocument, JsonApiEmpty, JsonApiLinks, JsonApiList};
pub use nullable::Nullable;
pub(crate) use nullable::Texts;
pub(crate) use open_enum::open_enum;
pub use timestamp::Timestamp;

#[cfg(test)]
mod tests;
