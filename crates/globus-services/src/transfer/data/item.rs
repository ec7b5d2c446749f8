//! [`TransferItem`]: one file or directory of a transfer.

use serde::Serialize;
use serde_json::{Map, Value};

/// One file or directory of a transfer.
///
/// A file needs a file name as its destination, not the directory it goes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "DATA_TYPE", rename = "transfer_item")]
#[must_use = "an item does nothing until it is added to a TransferData"]
pub struct TransferItem {
    source_path: String,
    destination_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recursive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_checksum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum_algorithm: Option<String>,
    #[serde(flatten)]
    additional: Additional,
}

impl TransferItem {
    /// Copies `source_path` to `destination_path`.
    pub fn new(source_path: impl Into<String>, destination_path: impl Into<String>) -> Self {
        Self {
            source_path: source_path.into(),
            destination_path: destination_path.into(),
            recursive: None,
            external_checksum: None,
            checksum_algorithm: None,
            additional: Additional::default(),
        }
    }

    /// Says what the source must be: a directory (true) or a file (false). Without it the service takes what it finds.
    pub fn recursive(mut self, recursive: bool) -> Self {
        self.recursive = Some(recursive);
        self
    }

    /// The checksum that the file must have when it has arrived, and its algorithm, such as `SHA256`.
    pub fn checksum(mut self, checksum: impl Into<String>, algorithm: impl Into<String>) -> Self {
        self.external_checksum = Some(checksum.into());
        self.checksum_algorithm = Some(algorithm.into());
        self
    }

    /// Adds a field that this version does not know.
    pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.additional.0.get_or_insert_default().insert(name.into(), value.into());
        self
    }
}

/// Fields that hardly any item has, in one word.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
struct Additional(Option<Box<Map<String, Value>>>);
