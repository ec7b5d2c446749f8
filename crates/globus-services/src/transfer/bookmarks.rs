//! Bookmarks.

use super::{Bookmark, BookmarkData, BookmarkUpdate, OperationResult, TransferClient, TransferList};
use crate::request::Request;

/// The route of one bookmark.
const BOOKMARK: &str = "v0.10/bookmark/{bookmark_id}";

impl TransferClient {
    /// Lists the caller's bookmarks.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#get_list_of_bookmarks). Scope `all`.
    pub fn bookmark_list(&self) -> Request<TransferList<Bookmark>> {
        self.core.get("bookmark_list", "v0.10/bookmark_list", &[]).into()
    }

    /// Makes a bookmark.
    ///
    /// ```no_run
    /// use globus_services::transfer::BookmarkData;
    ///
    /// # async fn example(transfer: globus_services::transfer::TransferClient) -> Result<(), globus_transport::Error> {
    /// let data = BookmarkData::new("31ce9ba0-176d-45a5-add3-f37d233ba47d", "/share/godata/", "tutorial data");
    /// let bookmark = transfer.create_bookmark(data).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#create_bookmark).
    /// Scope `all`. Fails with `Exists` when the caller has a bookmark of that name, and with `LimitExceeded`.
    pub fn create_bookmark(&self, bookmark_data: BookmarkData) -> Request<Bookmark> {
        self.core.post("create_bookmark", "v0.10/bookmark", &[]).json(&bookmark_data).into()
    }

    /// Looks up one bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#get_bookmark_by_id).
    /// Scope `all`. Fails with `BookmarkNotFound`.
    pub fn get_bookmark(&self, bookmark_id: impl Into<String>) -> Request<Bookmark> {
        self.core.get("get_bookmark", BOOKMARK, &[&bookmark_id.into()]).into()
    }

    /// Changes a bookmark's name.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#update_bookmark).
    /// Scope `all`. Fails with `BookmarkNotFound`, and with `Exists` when another bookmark has that name.
    pub fn update_bookmark(
        &self,
        bookmark_id: impl Into<String>,
        bookmark_data: BookmarkUpdate,
    ) -> Request<Bookmark> {
        let call = self.core.put("update_bookmark", BOOKMARK, &[&bookmark_id.into()]);
        call.json(&bookmark_data).into()
    }

    /// Deletes a bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/collection_bookmarks/#delete_bookmark_by_id).
    /// Scope `all`. Fails with `BookmarkNotFound`.
    pub fn delete_bookmark(&self, bookmark_id: impl Into<String>) -> Request<OperationResult> {
        self.core.delete("delete_bookmark", BOOKMARK, &[&bookmark_id.into()]).into()
    }
}
