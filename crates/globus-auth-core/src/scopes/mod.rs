//! Scopes: what a login asks for, and what a token allows.
//!
//! | for | use |
//! |---|---|
//! | the scopes of a service | the constants, such as [`TRANSFER`] and its `all` |
//! | the scopes of one collection, endpoint or flow | the functions of [`gcs`] and [`specific_flow`] |
//! | one scope with the scopes it depends on | [`Scope`] |
//! | a whole scope string, merged | [`Scopes`] |
//! | an argument that takes any of these | [`IntoScopes`] |
//! | whether a user has consented to what is needed | [`ConsentForest`] |

mod consents;
mod error;
pub mod gcs;
mod graph;
mod into_scopes;
mod list;
mod named;
mod parse;
mod scope;
pub mod specific_flow;

pub use consents::{Consent, ConsentForest};
pub use error::{ScopeParseError, ScopeParseErrorKind};
pub use into_scopes::IntoScopes;
pub use list::Scopes;
pub use named::{
    AUTH, AuthScopes, COMPUTE, ComputeScopes, FLOWS, FlowsScopes, GROUPS, GroupsScopes, NEXUS, NexusScopes,
    SEARCH, SearchScopes, TIMERS, TRANSFER, TimersScopes, TransferScopes,
};
pub use scope::Scope;
