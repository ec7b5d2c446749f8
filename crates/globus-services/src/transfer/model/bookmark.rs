//! Bookmarks: places on collections that a user has given a name.

use crate::model::{CollectionId, model};
use crate::request::payload;

model! {
    /// A bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#bookmark_document)
    pub struct Bookmark {
        /// Its id.
        id: String = key,
        /// Its name; a user has no two of the same.
        name: Option<String>,
        /// The collection.
        endpoint_id: Option<CollectionId>,
        /// The directory, with a slash at the end.
        path: Option<String>,
        /// Whether it stands first in lists.
        pinned: Option<bool>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

payload! {
    /// A bookmark to make.
    pub struct BookmarkData {
        new(endpoint_id: CollectionId as json; path: String as json; name: String as json);
        /// Whether it stands first in lists.
        pinned: bool as json;
    }
}

payload! {
    /// What to change of a bookmark.
    pub struct BookmarkUpdate {
        new();
        /// Its name.
        name: String as json;
        /// Whether it stands first in lists.
        pinned: bool as json;
    }
}
