//! The files that a transfer has copied.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One file that has arrived. Paths are absolute in their collections.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Success {
    /// Which item of the document it is part of.
    #[serde(default)]
    pub(crate) item: usize,
    pub(crate) source_path: String,
    pub(crate) destination_path: String,
    /// In bytes.
    pub(crate) size: u64,
    /// In hexadecimal digits, if it was asked for.
    pub(crate) checksum: Option<String>,
    pub(crate) checksum_algorithm: Option<String>,
}

impl Success {
    /// Where it comes in the list: files arrive in no order, but are told by item and path.
    fn place(&self) -> (usize, &str, &str) {
        (self.item, &self.source_path, &self.destination_path)
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "DATA_TYPE": "successful_transfer",
            "source_path": self.source_path,
            "destination_path": self.destination_path,
            "size": self.size,
            "checksum": self.checksum,
            "checksum_algorithm": self.checksum_algorithm,
            "dynamic_checksum": null,
        })
    }
}

/// The places of the files in the list, in the order in which they are told.
pub(crate) fn order(files: &[Success]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| files[*at].place());
    order
}
