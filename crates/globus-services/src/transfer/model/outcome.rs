//! What a transfer did with single files.

use crate::model::{Timestamp, model};

model! {
    /// A file that was copied.
    pub struct SuccessfulTransfer {
        /// Where it was.
        source_path: Option<String>,
        /// Where it is now.
        destination_path: Option<String>,
        /// The kind of checksum that was compared.
        checksum_algorithm: Option<String>,
        /// The checksum, as the algorithm writes it.
        checksum: Option<String>,
        /// Its size in bytes.
        size: Option<u64>,
        /// Whether it is a file, a directory or a link.
        file_type as "type": Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

model! {
    /// A file that was left out, with the reason.
    pub struct SkippedError {
        /// Where it is.
        source_path: Option<String>,
        /// Where it should have gone.
        destination_path: Option<String>,
        /// Why, such as `PERMISSION_DENIED`.
        error_code: Option<String>,
        /// Why, in words.
        error_details: Option<String>,
        /// When.
        error_time: Option<Timestamp>,
        /// Whether it is a directory.
        is_directory: Option<bool>,
        /// Whether it is a symbolic link.
        is_symlink: Option<bool>,
        /// Whether it was to be deleted at the destination.
        is_delete_destination_extra: Option<bool>,
        /// The kind of the checksum that came with the item.
        checksum_algorithm: Option<String>,
        /// The checksum that came with the item.
        external_checksum: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
