//! The committed list of a service.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Which shape each method answers with, and how it refuses.
pub(super) struct List {
    documents: Map<String, Value>,
    answers: BTreeMap<String, Value>,
    refusals: BTreeMap<String, Value>,
}

impl List {
    pub(super) fn read(text: &str) -> Self {
        let mut list: Map<String, Value> = serde_json::from_str(text).unwrap();
        let mut part = |name: &str| match list.remove(name) {
            Some(Value::Object(part)) => part,
            _ => panic!("the list has no object {name}"),
        };
        let documents = part("documents");
        let answers = part("answers").into_iter().collect();
        let refusals = part("refusals").into_iter().collect();
        assert!(list.is_empty(), "the list has what nobody reads: {:?}", list.keys());
        Self { documents, answers, refusals }
    }

    /// Method, whether it is a success, and the shape.
    pub(super) fn shapes(&self) -> Vec<(&str, bool, Value)> {
        let answers = self.answers.iter().map(|(method, shape)| (method, true, shape));
        let refusals = self.refusals.iter().map(|(method, shape)| (method, false, shape));
        answers
            .chain(refusals)
            .map(|(method, success, shape)| (method.as_str(), success, self.whole(shape)))
            .collect()
    }

    /// The shape, with documents in the place of their names.
    fn whole(&self, shape: &Value) -> Value {
        match shape {
            Value::String(text) => match text.strip_prefix('@') {
                Some(name) => self.whole(
                    self.documents.get(name).unwrap_or_else(|| panic!("no document is called {name}")),
                ),
                None => shape.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.whole(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| (name.clone(), self.whole(field))).collect()
            }
            _ => shape.clone(),
        }
    }
}
