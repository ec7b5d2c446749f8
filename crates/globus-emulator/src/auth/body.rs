//! Reading the documents that clients send to the API.

use serde_json::{Map, Value};

use super::error::AuthError;
use crate::http::Call;

/// A document, from which fields are taken one by one.
pub(crate) struct Body {
    fields: Map<String, Value>,
}

/// A field that may be absent, or be there with or without a value.
pub(crate) type Change<T> = Option<Option<T>>;

impl Body {
    /// The object below `name` of the call's body.
    pub(crate) fn of(call: &Call, name: &str) -> Result<Self, AuthError> {
        match call.object().and_then(|mut body| body.remove(name)) {
            Some(Value::Object(fields)) => Ok(Self { fields }),
            _ => Err(AuthError::invalid(&format!("The body must be {{\"{name}\": {{…}}}}"))),
        }
    }

    /// A text, which must not be empty; `None` where the field is absent.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, AuthError> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(wrong(name, "a text that is not empty")),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Result<String, AuthError> {
        self.text(name)?.ok_or_else(|| AuthError::invalid(&format!("{name} is missing")))
    }

    /// A text, or null.
    pub(crate) fn text_or_null(&mut self, name: &str) -> Result<Change<String>, AuthError> {
        match self.fields.get(name) {
            Some(Value::Null) => {
                self.fields.remove(name);
                Ok(Some(None))
            }
            _ => Ok(self.text(name)?.map(Some)),
        }
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, AuthError> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(wrong(name, "true or false")),
        }
    }

    /// A number of seconds, or null.
    pub(crate) fn seconds(&mut self, name: &str) -> Result<Change<i64>, AuthError> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => match value.as_i64().filter(|seconds| *seconds > 0) {
                Some(seconds) => Ok(Some(Some(seconds))),
                None => Err(wrong(name, "a positive number of seconds, or null")),
            },
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, AuthError> {
        match self.texts_or_null(name)? {
            Some(None) => Err(wrong(name, "a list of texts")),
            Some(texts) => Ok(texts),
            None => Ok(None),
        }
    }

    /// A list of texts, or null. A single text is a list of one.
    pub(crate) fn texts_or_null(&mut self, name: &str) -> Result<Change<Vec<String>>, AuthError> {
        let list = match self.fields.remove(name) {
            None => return Ok(None),
            Some(Value::Null) => return Ok(Some(None)),
            Some(Value::String(text)) => return Ok(Some(Some(vec![text]))),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(wrong(name, "a list of texts")),
        };
        let texts: Option<Vec<String>> = list.iter().map(|text| Some(text.as_str()?.to_owned())).collect();
        texts.map(|texts| Some(Some(texts))).ok_or_else(|| wrong(name, "a list of texts"))
    }

    /// A list of objects.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Option<Vec<Self>>, AuthError> {
        let list = match self.fields.remove(name) {
            None => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(wrong(name, "a list of objects")),
        };
        let read = |item| match item {
            Value::Object(fields) => Some(Self { fields }),
            _ => None,
        };
        let objects: Option<Vec<Self>> = list.into_iter().map(read).collect();
        objects.map(Some).ok_or_else(|| wrong(name, "a list of objects"))
    }

    /// An object.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, AuthError> {
        match self.fields.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self { fields })),
            Some(_) => Err(wrong(name, "an object")),
        }
    }
}

fn wrong(name: &str, wanted: &str) -> AuthError {
    AuthError::invalid(&format!("{name} must be {wanted}"))
}
