//! Bookmarks.

use globus_transport::{Idempotency, Method};

use super::{Bookmark, BookmarkCreateDocument, BookmarkUpdateDocument, TransferClientV2};
use crate::model::{JsonApiDocument, JsonApiEmpty, JsonApiList};
use crate::paging::Paging;
use crate::request::{Request, request};

/// The route of one bookmark.
const BOOKMARK: &str = "v2/bookmarks/{bookmark_id}";

impl TransferClientV2 {
    /// Lists the caller's bookmarks. The path of one on a high assurance collection is not told.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`.
    pub fn list_bookmarks(&self) -> ListBookmarks {
        self.core.get("list_bookmarks", "v2/bookmarks", &[]).into()
    }

    /// Makes a bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `CONFLICT` when the caller has a bookmark
    /// of that name, and when a high assurance collection wants another login.
    pub fn create_bookmark(&self, data: BookmarkCreateDocument) -> Request<JsonApiDocument<Bookmark>> {
        self.core.post("create_bookmark", "v2/bookmarks", &[]).json(&data).into()
    }

    /// Looks up one bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`, and when a high assurance
    /// collection wants another login.
    pub fn get_bookmark(&self, bookmark_id: impl Into<String>) -> GetBookmark {
        self.core.get("get_bookmark", BOOKMARK, &[&bookmark_id.into()]).into()
    }

    /// Changes a bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails as [`Self::get_bookmark`], and with `CONFLICT`
    /// when another bookmark has that name. What is set is the same when it is set twice, so it is tried again after a passing failure.
    pub fn update_bookmark(
        &self,
        bookmark_id: impl Into<String>,
        update_document: BookmarkUpdateDocument,
    ) -> Request<JsonApiDocument<Bookmark>> {
        let call = self.core.call("update_bookmark", Method::Patch, BOOKMARK, &[&bookmark_id.into()]);
        call.json(&update_document).idempotency(Idempotency::Safe).into()
    }

    /// Deletes a bookmark.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`.
    pub fn delete_bookmark(&self, bookmark_id: impl Into<String>) -> Request<JsonApiEmpty> {
        self.core.delete("delete_bookmark", BOOKMARK, &[&bookmark_id.into()]).into()
    }
}

const LINKED: Paging = Paging::link();

request! {
    /// [`TransferClientV2::list_bookmarks`].
    pub struct ListBookmarks => JsonApiList<Bookmark>, paged by LINKED {
        /// `collection`, to have the collections among the [included](JsonApiList::included) documents.
        query include: String as text;
        /// How many there may be in a page.
        query page_limit: u64 as number, named "page[limit]";
        /// Starts where a page has said that the next one starts.
        query page_marker: String as text, named "page[marker]";
    }
}

request! {
    /// [`TransferClientV2::get_bookmark`].
    pub struct GetBookmark => JsonApiDocument<Bookmark> {
        /// `collection`, to have the collection among the [included](JsonApiDocument::included) documents.
        query include: String as text;
    }
}
