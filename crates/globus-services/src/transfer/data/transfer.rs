//! [`TransferData`]: what a transfer is made of.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::{TransferItem, submission};
use crate::model::{CollectionId, Timestamp, open_enum};

submission! {
    /// A transfer to submit.
    ///
    /// ```
    /// use globus_services::transfer::{SyncLevel, TransferData, TransferItem};
    ///
    /// let data = TransferData::new("6c54cade-bde5-45c1-bdea-f4bd71dba2cc", "31ce9ba0-176d-45a5-add3-f37d233ba47d")
    ///     .label("nightly copy")
    ///     .sync_level(SyncLevel::Checksum)
    ///     .item("/home/share/godata/file1.txt", "/~/file1.txt")
    ///     .items([TransferItem::new("/share/climate-run/", "/~/climate-run/").recursive(true)]);
    /// assert_eq!(data.len(), 2);
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/#transfer_specific_fields)
    pub struct TransferData(source_endpoint: CollectionId, destination_endpoint: CollectionId)
        of TransferItem, tagged "transfer"
    {
        /// Its name, as people see it: letters, digits, spaces, and `-`, `_`, `,`.
        label: String,
        /// Which files are copied when the destination has them already; all, when not set.
        sync_level: SyncLevel,
        /// When it is given up, if it is not done; a day after it was submitted, when not set.
        deadline: Timestamp,
        /// Whether every file is verified after it was copied; it is, when not set.
        verify_checksum: bool,
        /// Whether files keep their time of modification.
        preserve_timestamp: bool,
        /// Whether the data is encrypted on its way.
        encrypt_data: bool,
        /// Whether files that cannot be read at the source are skipped, and listed afterwards.
        skip_source_errors: bool,
        /// Whether a full quota at the destination ends it, instead of being tried again.
        fail_on_quota_errors: bool,
        /// Whether files in a destination directory that the source does not have are deleted. This loses data.
        delete_destination_extra: bool,
        /// What becomes of symbolic links in directories.
        recursive_symlinks: RecursiveSymlinks,
        /// The local account to act as at the source.
        source_local_user: String,
        /// The local account to act as at the destination.
        destination_local_user: String,
        /// Whether an email is sent when the task succeeds.
        notify_on_succeeded: bool,
        /// Whether an email is sent when the task fails.
        notify_on_failed: bool,
        /// Whether an email is sent when the task waits for its owner.
        notify_on_inactive: bool,
        /// Which files take part; the first rule that fits a file decides. See [`TransferData::filter_rule`].
        filter_rules: Vec<FilterRule>,
    }
}

impl TransferData {
    /// Adds one file or directory.
    pub fn item(self, source_path: impl Into<String>, destination_path: impl Into<String>) -> Self {
        self.items([TransferItem::new(source_path, destination_path)])
    }

    /// Adds an item, to a document that has no submission id.
    pub(in crate::transfer) fn push_item(&mut self, item: &TransferItem) {
        self.items.push(item);
    }

    /// Adds a rule after those that are there: files (and directories) whose name fits the pattern `name` are
    /// included or excluded.
    pub fn filter_rule(self, method: FilterMethod, name: impl Into<String>) -> Self {
        self.rule(FilterRule::new(method, name))
    }

    /// Adds a rule after those that are there.
    pub fn rule(mut self, rule: FilterRule) -> Self {
        let mut rules = self.filter_rules.take().unwrap_or_default();
        rules.push(rule);
        self.filter_rules(rules)
    }
}

/// Which files are copied when the destination has them already. Each level copies what the one before it does, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SyncLevel {
    /// Those that are missing: level 0.
    Exists,
    /// Those of another size as well: level 1.
    Size,
    /// Those that are newer at the source as well: level 2.
    Mtime,
    /// Those of another checksum as well: level 3.
    Checksum,
}

impl Serialize for SyncLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

impl FromStr for SyncLevel {
    type Err = UnknownSyncLevel;

    /// Reads the name of a level, such as `checksum`, or its number.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "exists" | "0" => Self::Exists,
            "size" | "1" => Self::Size,
            "mtime" | "2" => Self::Mtime,
            "checksum" | "3" => Self::Checksum,
            _ => return Err(UnknownSyncLevel(())),
        })
    }
}

/// A text is no [`SyncLevel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSyncLevel(());

impl fmt::Display for UnknownSyncLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sync level is one of `exists`, `size`, `mtime` and `checksum`, or 0 to 3")
    }
}

impl std::error::Error for UnknownSyncLevel {}

open_enum! {
    /// What becomes of symbolic links in directories that are copied.
    pub enum RecursiveSymlinks {
        /// They are skipped.
        Ignore = "ignore",
        /// They are made anew at the destination.
        Keep = "keep",
        /// What they point to is copied.
        Copy = "copy",
    }
}

open_enum! {
    /// What a filter rule does with the files that it fits.
    pub enum FilterMethod {
        /// They take part.
        Include = "include",
        /// They do not.
        Exclude = "exclude",
    }
}

/// A rule that decides by name whether a file takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "DATA_TYPE", rename = "filter_rule")]
#[must_use = "a rule does nothing until it is added to a TransferData"]
pub struct FilterRule {
    method: FilterMethod,
    name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    applies_to: Option<String>,
}

impl FilterRule {
    /// A rule for names that fit the shell pattern `name`, such as `*.tmp`.
    pub fn new(method: FilterMethod, name: impl Into<String>) -> Self {
        Self { method, name: name.into(), applies_to: None }
    }

    /// The same for files (`file`) or directories (`dir`) only.
    pub fn applies_to(mut self, file_type: impl Into<String>) -> Self {
        self.applies_to = Some(file_type.into());
        self
    }
}
