//! [`Extra`]: what a document held beyond the fields of its type.

use serde_json::Value;

/// The fields of a document that its type does not know, kept so that a round trip loses nothing.
///
/// ```
/// # #[cfg(feature = "transfer")] {
/// use globus_services::transfer::Task;
///
/// let task: Task = serde_json::from_str(r#"{"task_id": "1", "status": "ACTIVE", "new_field": 7}"#)?;
/// assert_eq!(task.extra.get("new_field"), Some(&7.into()));
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    unknown: Vec<(Box<str>, Value)>,
    /// A bit for each known field that was there, but empty: `null`, or a list without elements.
    empty: u128,
}

impl Extra {
    /// The value of the unknown field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.unknown.iter().find(|(key, _)| **key == *name).map(|(_, value)| value)
    }

    /// Names and values in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.unknown.iter().map(|(key, value)| (&**key, value))
    }

    /// How many unknown fields there are.
    pub fn len(&self) -> usize {
        self.unknown.len()
    }

    /// Whether every field of the document was known.
    pub fn is_empty(&self) -> bool {
        self.unknown.is_empty()
    }

    pub(crate) fn push(&mut self, name: Box<str>, value: Value) {
        self.unknown.push((name, value));
    }

    pub(crate) fn note_empty(&mut self, field: u32) {
        self.empty |= 1 << field;
    }

    pub(crate) fn was_empty(&self, field: u32) -> bool {
        self.empty & (1 << field) != 0
    }
}
