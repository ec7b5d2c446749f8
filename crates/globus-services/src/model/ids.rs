//! Ids of things: one type each, so that a task's cannot be given where a collection's is asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Nullable;
use super::text::Text;
use crate::request::OneOrMany;

macro_rules! id_type {
    ($( $(#[$meta:meta])* $name:ident ),* $(,)?) => { $(
        $(#[$meta])*
        ///
        /// It is kept as the service writes it, normally a UUID in lower case, and compares with text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Text);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id.into())
            }
        }

        impl From<&String> for $name {
            fn from(id: &String) -> Self {
                Self(id.as_str().into())
            }
        }

        impl From<&str> for Nullable<$name> {
            fn from(id: &str) -> Self {
                Self::Value(id.into())
            }
        }

        impl From<String> for Nullable<$name> {
            fn from(id: String) -> Self {
                Self::Value(id.into())
            }
        }

        impl From<&$name> for Nullable<$name> {
            fn from(id: &$name) -> Self {
                Self::Value(id.clone())
            }
        }

        impl From<&Self> for $name {
            fn from(id: &Self) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl From<&$name> for String {
            fn from(id: &$name) -> Self {
                id.as_str().to_owned()
            }
        }

        impl OneOrMany for $name {
            fn into_texts(self) -> Vec<String> {
                vec![self.into()]
            }
        }

        impl OneOrMany for &$name {
            fn into_texts(self) -> Vec<String> {
                vec![self.into()]
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )* };
}

id_type! {
    /// The id of an OAuth2 client.
    ClientId,
    /// The id of a collection or endpoint.
    CollectionId,
    /// The id of a secret of a client, by which it is managed; not the secret itself.
    CredentialId,
    /// The id of a group.
    GroupId,
    /// The id of an identity: a user's account, or a client's.
    IdentityId,
    /// The id of an identity provider: an organization whose members log in there.
    IdentityProviderId,
    /// The id of an authentication policy.
    PolicyId,
    /// The id of a project, to which clients and policies belong.
    ProjectId,
    /// The id of a scope, which is not its text.
    ScopeId,
    /// The id that makes one submission recognisable when it is sent again.
    SubmissionId,
    /// The id of a subscription, by which an organization pays for features.
    SubscriptionId,
    /// The id of a transfer or delete task.
    TaskId,
}
