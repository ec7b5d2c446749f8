//! [`TransferItem`]: one file or directory of a transfer.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// One file or directory of a transfer.
///
/// A file needs a file name as its destination, not the directory it goes to.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an item does nothing until it is added to a TransferData"]
pub struct TransferItem {
    source_path: String,
    destination_path: String,
    recursive: Option<bool>,
    checksum: Option<Checksum>,
    /// Hardly any item has some, so they take one word.
    additional: Option<Box<Map<String, Value>>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Checksum {
    value: String,
    algorithm: String,
}

impl TransferItem {
    /// Copies `source_path` to `destination_path`.
    pub fn new(source_path: impl Into<String>, destination_path: impl Into<String>) -> Self {
        Self {
            source_path: source_path.into(),
            destination_path: destination_path.into(),
            recursive: None,
            checksum: None,
            additional: None,
        }
    }

    /// Where it comes from.
    pub fn source_path(&self) -> &str {
        &self.source_path
    }

    /// Where it goes.
    pub fn destination_path(&self) -> &str {
        &self.destination_path
    }

    /// Says what the source must be: a directory (true) or a file (false). Without it the service takes what it finds.
    pub fn recursive(mut self, recursive: bool) -> Self {
        self.recursive = Some(recursive);
        self
    }

    /// The checksum that the file must have when it has arrived, and its algorithm, such as `SHA256`.
    pub fn checksum(mut self, checksum: impl Into<String>, algorithm: impl Into<String>) -> Self {
        self.checksum = Some(Checksum { value: checksum.into(), algorithm: algorithm.into() });
        self
    }

    /// Adds a field that this version does not know; it wins over a known one of that name.
    pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.additional.get_or_insert_default().insert(name.into(), value.into());
        self
    }
}

impl Serialize for TransferItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let known =
            |name: &str| self.additional.as_ref().is_none_or(|additional| !additional.contains_key(name));
        let checksum = self.checksum.as_ref();
        let texts = [
            ("DATA_TYPE", Some("transfer_item")),
            ("source_path", Some(self.source_path.as_str())),
            ("destination_path", Some(self.destination_path.as_str())),
            ("external_checksum", checksum.map(|checksum| checksum.value.as_str())),
            ("checksum_algorithm", checksum.map(|checksum| checksum.algorithm.as_str())),
        ];
        for (name, text) in texts {
            if let (Some(text), true) = (text, known(name)) {
                map.serialize_entry(name, text)?;
            }
        }
        if let (Some(recursive), true) = (self.recursive, known("recursive")) {
            map.serialize_entry("recursive", &recursive)?;
        }
        for (name, value) in self.additional.iter().flat_map(|additional| additional.iter()) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
