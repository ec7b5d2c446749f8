//! How arguments become query parameters and fields of bodies. Each operation names, per parameter, the one that its
//! service expects.

use globus_auth_core::Secret;
use serde::Serialize;
use serde_json::Value;

/// What a query parameter is sent as: once, or repeated.
pub(crate) struct QueryValue(Vec<String>);

impl QueryValue {
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.0.into_iter()
    }
}

/// One value or several, for parameters that take either: `"name"`, an id, an enum, `["type", "name DESC"]`, a `Vec`.
pub trait OneOrMany {
    /// The values as text.
    fn into_texts(self) -> Vec<String>;
}

impl OneOrMany for &str {
    fn into_texts(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl OneOrMany for String {
    fn into_texts(self) -> Vec<String> {
        vec![self]
    }
}

impl<T: Into<String>, const N: usize> OneOrMany for [T; N] {
    fn into_texts(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String>> OneOrMany for Vec<T> {
    fn into_texts(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Clone + Into<String>> OneOrMany for &[T] {
    fn into_texts(self) -> Vec<String> {
        self.iter().cloned().map(Into::into).collect()
    }
}

/// Text, ids and enums as they are.
pub(crate) fn text(value: impl Into<String>) -> QueryValue {
    QueryValue(vec![value.into()])
}

/// A whole number in decimal.
pub(crate) fn number(value: u64) -> QueryValue {
    QueryValue(vec![value.to_string()])
}

/// Transfer's spelling of a flag: `1` or `0`.
pub(crate) fn one_zero(value: bool) -> QueryValue {
    QueryValue(vec![if value { "1" } else { "0" }.to_owned()])
}

/// Auth's spelling of a flag: `true` or `false`.
pub(crate) fn true_false(value: bool) -> QueryValue {
    QueryValue(vec![value.to_string()])
}

/// The spelling of a flag where the service's own clients write it with a capital: `True` or `False`.
pub(crate) fn capital_true_false(value: bool) -> QueryValue {
    QueryValue(vec![if value { "True" } else { "False" }.to_owned()])
}

/// A list in one parameter, joined by commas.
pub(crate) fn comma_joined(values: impl OneOrMany) -> QueryValue {
    QueryValue(vec![values.into_texts().join(",")])
}

/// A list with a parameter for each element.
pub(crate) fn repeated(values: impl OneOrMany) -> QueryValue {
    QueryValue(values.into_texts())
}

/// Text and ids as a JSON string.
pub(crate) fn json_text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

/// Whatever it is, as JSON.
pub(crate) fn json(value: impl Serialize) -> Value {
    // What is given here are texts, numbers, flags, and lists of them: they have a JSON form.
    serde_json::to_value(value).unwrap_or_default()
}

/// A list as a JSON list.
pub(crate) fn json_list(values: impl OneOrMany) -> Value {
    values.into_texts().into()
}

/// A list in one field of a form, joined by commas.
pub(crate) fn form_list(values: impl OneOrMany) -> Secret {
    Secret::from(values.into_texts().join(","))
}
