//! [`DeleteData`]: what a deletion is made of.

use serde::Serialize;
use serde_json::{Map, Value};

use super::submission;
use crate::model::{CollectionId, Timestamp};

submission! {
    /// A deletion to submit.
    ///
    /// ```
    /// use globus_services::transfer::DeleteData;
    ///
    /// let data = DeleteData::new("31ce9ba0-176d-45a5-add3-f37d233ba47d").recursive(true).item("/~/old-run/");
    /// assert_eq!(data.len(), 1);
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#delete_specific_fields)
    pub struct DeleteData(endpoint: CollectionId) of DeleteItem, tagged "delete" {
        /// Its name, as people see it: letters, digits, spaces, and `-`, `_`, `,`.
        label: String,
        /// When it is given up, if it is not done; a day after it was submitted, when not set.
        deadline: Timestamp,
        /// Whether directories are deleted with all that is in them.
        recursive: bool,
        /// Whether a path that does not exist is no fault.
        ignore_missing: bool,
        /// Whether `*`, `?` and `[` in the last part of a path are patterns.
        interpret_globs: bool,
        /// The local account to act as.
        local_user: String,
        /// Whether an email is sent when the task succeeds.
        notify_on_succeeded: bool,
        /// Whether an email is sent when the task fails.
        notify_on_failed: bool,
        /// Whether an email is sent when the task waits for its owner.
        notify_on_inactive: bool,
    }
}

impl DeleteData {
    /// Adds one file or directory.
    pub fn item(self, path: impl Into<String>) -> Self {
        self.items([DeleteItem::new(path)])
    }
}

/// One file or directory of a deletion.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "DATA_TYPE", rename = "delete_item")]
#[must_use = "an item does nothing until it is added to a DeleteData"]
pub struct DeleteItem {
    path: String,
    /// Hardly any item has some, so they take one word.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    additional: Option<Box<Map<String, Value>>>,
}

impl DeleteItem {
    /// Deletes `path`.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), additional: None }
    }

    /// Adds a field that this version does not know.
    pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.additional.get_or_insert_default().insert(name.into(), value.into());
        self
    }
}
