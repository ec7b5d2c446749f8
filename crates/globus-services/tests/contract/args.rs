//! The recorded arguments: taken out by name, so that one nobody asks for is noticed.

use std::cell::RefCell;

use globus_services::Timestamp;
use serde_json::{Map, Value};

use crate::Failure;

#[derive(Debug)]
pub(crate) struct Args {
    given: RefCell<Map<String, Value>>,
    /// Whether a list is to be read to its end.
    pub(crate) paged: bool,
}

impl Args {
    pub(crate) fn new(args: &Map<String, Value>) -> Self {
        let plain = args.iter().map(|(name, value)| (name.clone(), plain(value)));
        let given = plain.filter(|(_, value)| value.get("$omit").is_none()).collect();
        Self { given: RefCell::new(given), paged: false }
    }

    /// The same, for a list that is read to its end.
    pub(crate) fn paged(self) -> Self {
        Self { paged: true, ..self }
    }

    /// The names that nobody has asked for.
    pub(crate) fn left(&self) -> Vec<String> {
        self.given.borrow().keys().cloned().collect()
    }

    /// Takes the argument, whatever it is; `None` when it is not given, or is `null`.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        self.given.borrow_mut().remove(name).filter(|value| !value.is_null())
    }

    /// Takes the argument, `null` included.
    pub(crate) fn nullable(&self, name: &str) -> Option<Value> {
        self.given.borrow_mut().remove(name)
    }

    /// Takes the argument if it is `null`.
    pub(crate) fn take_null(&self, name: &str) -> bool {
        let mut given = self.given.borrow_mut();
        given.get(name).is_some_and(Value::is_null) && given.remove(name).is_some()
    }

    /// Takes all arguments.
    pub(crate) fn take(&self) -> Map<String, Value> {
        self.given.take()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| text(&value))
    }

    /// A text, or `null`.
    pub(crate) fn nullable_text(&self, name: &str) -> Option<Option<String>> {
        self.nullable(name).map(|value| (!value.is_null()).then(|| text(&value)))
    }

    /// A time as text, or `null`.
    pub(crate) fn nullable_time(&self, name: &str) -> Option<Option<Timestamp>> {
        self.nullable_text(name).map(|text| text.map(Timestamp::from))
    }

    /// A required text.
    pub(crate) fn id(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// One text, or several, or `null` said on purpose.
    pub(crate) fn nullable_texts(&self, name: &str) -> Option<Option<Vec<String>>> {
        self.nullable(name).map(|value| match value {
            Value::Null => None,
            Value::Array(values) => Some(values.iter().map(text).collect()),
            value => Some(vec![text(&value)]),
        })
    }

    /// Names and values of an object.
    pub(crate) fn members(&self, name: &str) -> Vec<(String, Value)> {
        match self.value(name) {
            Some(Value::Object(members)) => members.into_iter().collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.value(name).and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()))
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.value(name).and_then(|value| value.as_bool())
    }

    /// One text, or several.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        self.value(name).map(|value| match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => vec![text(&value)],
        })
    }

    /// The arguments of a helper object, or of a plain object.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        self.value(name).and_then(|value| value.as_object().map(Self::new))
    }

    /// Names and values of `query_params`; `null` means that it is not sent.
    pub(crate) fn query_params(&self) -> Vec<(String, String)> {
        self.pairs("query_params")
    }

    /// Names and values of an object, a list as several of one name.
    pub(crate) fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let pairs = self.members(name).into_iter();
        pairs
            .flat_map(|(name, value)| match &value {
                Value::Array(values) => values.iter().map(|value| (name.clone(), text(value))).collect(),
                Value::Null => Vec::new(),
                // Such a parameter is text, and the spelling of a flag the caller's.
                Value::Bool(true) => vec![(name, "True".to_owned())],
                Value::Bool(false) => vec![(name, "False".to_owned())],
                value => vec![(name, text(value))],
            })
            .collect()
    }

    pub(crate) fn check_empty(&self) -> Result<(), Failure> {
        match self.left() {
            left if left.is_empty() => Ok(()),
            left => Err(format!("no way to give {}", left.join(", ")).into()),
        }
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The value with its notation for Python objects taken off: ids, times and enums as text, iterators as lists. Helper objects
/// (`$new`) stay as they are.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            for notation in ["$uuid", "$datetime", "$scope", "$timedelta"] {
                if let Some(inner) = object.get(notation) {
                    return inner.clone();
                }
            }
            if let Some(Value::String(name)) = object.get("$enum") {
                return Value::String(name.rsplit('.').next().unwrap_or(name).to_owned());
            }
            if let Some(list) = object.get("$iter").or_else(|| object.get("$tuple")) {
                return plain(list);
            }
            Value::Object(object.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(plain).collect()),
        value => value.clone(),
    }
}
