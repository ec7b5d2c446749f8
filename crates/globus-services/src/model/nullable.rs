//! [`Nullable`]: a value, or `null` said on purpose.

use std::time::SystemTime;

use serde::{Serialize, Serializer};

use super::Timestamp;

/// A value to set, or `null` to take it away. A field that is to stay as it is, is not mentioned at all.
///
/// What takes one takes a plain value and an `Option` as well.
///
/// ```
/// use globus_services::Nullable;
///
/// let set: Nullable<String> = "text".into();
/// let removed: Nullable<String> = None.into();
/// assert_eq!(set, Nullable::Value("text".to_owned()));
/// assert_eq!(removed, Nullable::Null);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Nullable<T> {
    /// `null`.
    Null,
    /// The value.
    Value(T),
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

/// A list of texts, as the inner type of a [`Nullable`] in `request!` and `payload!`.
pub(crate) type Texts = Vec<String>;

impl<const N: usize> From<[&str; N]> for Nullable<Vec<String>> {
    fn from(value: [&str; N]) -> Self {
        Self::Value(value.map(str::to_owned).into())
    }
}

impl<const N: usize> From<[String; N]> for Nullable<Vec<String>> {
    fn from(value: [String; N]) -> Self {
        Self::Value(value.into())
    }
}

impl From<Vec<&str>> for Nullable<Vec<String>> {
    fn from(value: Vec<&str>) -> Self {
        Self::Value(value.into_iter().map(str::to_owned).collect())
    }
}

impl From<&str> for Nullable<Timestamp> {
    fn from(time: &str) -> Self {
        Self::Value(time.into())
    }
}

impl From<SystemTime> for Nullable<Timestamp> {
    fn from(time: SystemTime) -> Self {
        Self::Value(time.into())
    }
}
