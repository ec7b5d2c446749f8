//! Finding endpoints and collections.

use super::{Endpoint, EntityType, TransferClient, TransferList};
use crate::model::{CollectionId, IdentityId, open_enum};
use crate::paging::{End, Paging};
use crate::request::request;

open_enum! {
    /// Among which endpoints a search looks.
    pub enum EndpointSearchScope {
        /// All that the caller can see. Needs a text to look for.
        All = "all",
        /// Those that the caller owns.
        MyEndpoints = "my-endpoints",
        /// Globus Connect Personal endpoints that the caller owns.
        MyGcpEndpoints = "my-gcp-endpoints",
        /// Those that the caller has used lately.
        RecentlyUsed = "recently-used",
        /// Those on which the caller's tasks run.
        InUse = "in-use",
        /// Those that others shared with the caller.
        SharedWithMe = "shared-with-me",
        /// Those that the caller shared.
        SharedByMe = "shared-by-me",
        /// Those that the caller administers.
        AdministeredByMe = "administered-by-me",
    }
}

impl TransferClient {
    /// Searches endpoints and collections; pages of 100, and at most 1000 in all.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoint_and_collection_search/).
    /// Scope `all`. Fails with a `BadRequest` code when neither a text nor a scope other than `all` is given.
    pub fn endpoint_search(&self) -> EndpointSearch {
        self.core.get("endpoint_search", "v0.10/endpoint_search", &[]).into()
    }
}

/// The service takes no offset beyond 1000.
const PAGING: Paging = Paging::offset(End::NoNextPage, 100).capped(1000);

request! {
    /// [`TransferClient::endpoint_search`].
    pub struct EndpointSearch => TransferList<Endpoint>, paged by PAGING {
        /// Looks for this text in names, descriptions, keywords, owners and organizations.
        query filter_fulltext: String as text;
        /// Looks among these endpoints.
        query filter_scope: EndpointSearchScope as text;
        /// Only those that this identity owns.
        query filter_owner_id: IdentityId as text;
        /// Only guest collections on this host.
        query filter_host_endpoint: CollectionId as text;
        /// Only non-functional host endpoints; with `false`, only functional ones.
        query filter_non_functional: bool as one_zero;
        /// Only those of this kind.
        query filter_entity_type: EntityType as text;
        /// At most so many: in one page with `.await`, over all pages with `.pages()` and `.items()`.
        query limit: u64 as number;
        /// Skips so many.
        query offset: u64 as number;
    }
}
