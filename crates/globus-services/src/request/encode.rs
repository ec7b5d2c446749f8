//! How arguments become query parameters and fields of bodies. Each operation names, per parameter, the one that its service expects.

use globus_auth_core::Secret;
use serde_json::Value;

/// What a parameter is sent as: not at all, once, or repeated.
pub(crate) struct QueryValue(Vec<String>);

impl QueryValue {
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.0.into_iter()
    }
}

/// Text and enums as they are.
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

/// A list in one parameter, joined by commas.
pub(crate) fn comma_joined<T: Into<String>>(values: impl IntoIterator<Item = T>) -> QueryValue {
    let values: Vec<String> = values.into_iter().map(Into::into).collect();
    QueryValue(vec![values.join(",")])
}

/// A list with a parameter for each element.
pub(crate) fn repeated<T: Into<String>>(values: impl IntoIterator<Item = T>) -> QueryValue {
    QueryValue(values.into_iter().map(Into::into).collect())
}

/// Text and enums as a JSON string.
pub(crate) fn json_text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

/// A list in one field of a form, joined by commas.
pub(crate) fn form_list<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Secret {
    let values: Vec<String> = values.into_iter().map(Into::into).collect();
    Secret::from(values.join(","))
}
