//! Directory listings.

use crate::model::{CollectionId, Timestamp, model, open_enum};
use crate::paging::{Page, PageInfo, Paged};

open_enum! {
    /// What an entry of a directory is.
    pub enum FileType {
        /// A file.
        File = "file",
        /// A directory.
        Directory = "dir",
        /// A symbolic link that could not be followed.
        InvalidSymlink = "invalid_symlink",
        /// A character device.
        CharacterDevice = "chr",
        /// A block device.
        BlockDevice = "blk",
        /// A named pipe.
        Pipe = "pipe",
        /// Something else.
        Other = "other",
    }
}

model! {
    /// An entry of a directory.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#file_document)
    pub struct FileEntry {
        /// Its name, without the path.
        name: String = key,
        /// What it is.
        file_type as "type": Option<FileType>,
        /// Its size in bytes.
        size: Option<u64>,
        /// Its mode in octal, such as `0644`.
        permissions: Option<String>,
        /// When its content last changed.
        last_modified: Option<Timestamp>,
        /// The user that owns it.
        user: Option<String>,
        /// The group that owns it.
        group: Option<String>,
        /// What it points to, when it is a symbolic link.
        link_target: Option<String>,
        /// The size in bytes of the link itself.
        link_size: Option<u64>,
        /// When the link itself last changed.
        link_last_modified: Option<Timestamp>,
        /// The user that owns the link itself.
        link_user: Option<String>,
        /// The group that owns the link itself.
        link_group: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl FileEntry {
    /// Whether it is a directory.
    pub fn is_dir(&self) -> bool {
        self.file_type == Some(FileType::Directory)
    }
}

model! {
    /// A directory listing, or a page of one.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#dir_listing_response)
    pub struct FileList {
        /// The entries.
        data as "DATA": Vec<FileEntry> = list,
        /// The directory as it was asked for, with a slash at the end.
        path: Option<String>,
        /// The directory with `~` resolved.
        absolute_path: Option<String>,
        /// The collection.
        endpoint: Option<CollectionId>,
        /// How many entries this page holds.
        length: Option<u64>,
        /// How many entries the directory holds.
        total: Option<u64>,
        /// How many entries this page may hold.
        limit: Option<u64>,
        /// How many entries come before this page.
        offset: Option<u64>,
        /// Whether the collection can rename.
        rename_supported: Option<bool>,
        /// Whether the collection can make symbolic links.
        symlink_supported: Option<bool>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl Page for FileList {
    type Item = FileEntry;
}

impl Paged<FileEntry> for FileList {
    /// A service that does not count the entries sends them all at once.
    fn info(&self) -> PageInfo {
        let len = self.data.len() as u64;
        let total = self.total.unwrap_or_else(|| self.offset.unwrap_or(0).saturating_add(len));
        PageInfo { total: Some(total), ..PageInfo::default() }
    }

    fn items_mut(&mut self) -> &mut Vec<FileEntry> {
        &mut self.data
    }
}

impl IntoIterator for FileList {
    type Item = FileEntry;
    type IntoIter = std::vec::IntoIter<FileEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}
