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
    /// Boxed, since most documents have none, and lists hold many documents.
    unknown: Option<Box<Unknown>>,
    /// A bit for each known field that was there, but empty: `null`, or a list without elements. Two words rather than a
    /// `u128`, whose alignment would cost a third.
    empty: [u64; 2],
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Unknown(Vec<(Box<str>, Value)>);

impl Extra {
    /// The value of the unknown field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Names and values in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.unknown.iter().flat_map(|unknown| &unknown.0).map(|(key, value)| (&**key, value))
    }

    /// How many unknown fields there are.
    pub fn len(&self) -> usize {
        self.unknown.as_ref().map_or(0, |unknown| unknown.0.len())
    }

    /// Whether every field of the document was known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn push(&mut self, name: Box<str>, value: Value) {
        self.unknown.get_or_insert_default().0.push((name, value));
    }

    pub(crate) fn note_empty(&mut self, field: u32) {
        self.empty[usize::from(field >= 64)] |= 1 << (field % 64);
    }

    pub(crate) fn was_empty(&self, field: u32) -> bool {
        self.empty[usize::from(field >= 64)] & (1 << (field % 64)) != 0
    }
}

/// Gives back what a short list has allocated for elements that did not come: a `Vec` begins with room for four.
pub(crate) fn compact<T>(list: &mut Vec<T>) {
    if list.len() < 4 {
        list.shrink_to_fit();
    }
}
