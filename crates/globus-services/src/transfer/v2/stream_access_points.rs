//! Stream access points.

use super::{StreamAccessPoint, TransferClientV2};
use crate::model::JsonApiList;
use crate::paging::Paging;
use crate::request::request;

impl TransferClientV2 {
    /// Lists stream access points.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`.
    pub fn list_stream_access_points(&self) -> ListStreamAccessPoints {
        self.core.get("list_stream_access_points", "v2/stream_access_points", &[]).into()
    }
}

const LINKED: Paging = Paging::link();

request! {
    /// [`TransferClientV2::list_stream_access_points`].
    pub struct ListStreamAccessPoints => JsonApiList<StreamAccessPoint>, paged by LINKED {
        /// Only those that this text is found in; the id of one brings it alone.
        query filter_fulltext: String as text, named "filter[fulltext]";
        /// Only those on endpoints where the caller has the administrator role.
        query filter_endpoint_admin: bool as true_false, named "filter[endpoint_admin]";
        /// How many there may be in a page.
        query page_limit: u64 as number, named "page[limit]";
        /// Starts where a page has said that the next one starts.
        query page_marker: String as text, named "page[marker]";
    }
}
