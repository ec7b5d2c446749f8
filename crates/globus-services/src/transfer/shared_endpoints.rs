//! Guest collections.

use super::{
    Endpoint, EndpointCreated, SharedEndpointData, SharedEndpointList, TransferClient, TransferList,
};
use crate::model::CollectionId;
use crate::paging::{End, Paging};
use crate::request::{Request, request};

impl TransferClient {
    /// Makes a guest collection on a Globus Connect Personal mapped collection, or on a host of Globus Connect Server 4. Guest
    /// collections of Globus Connect Server 5 are made by its own manager.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/gcp_management/#create_guest_collection).
    /// Scope `all`. Fails with `PermissionDenied` when the caller may not share from there, and with `EndpointNotFound`.
    pub fn create_shared_endpoint(&self, data: SharedEndpointData) -> Request<EndpointCreated> {
        self.core.post("create_shared_endpoint", "v0.10/shared_endpoint", &[]).json(&data).into()
    }

    /// Lists the guest collections on a collection that the caller has made.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_my_guest_collection_list).
    /// Scope `all`. Fails with `EndpointNotFound` when there is no such collection.
    pub fn my_shared_endpoint_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<Endpoint>> {
        let id = endpoint_id.into();
        self.core
            .get(
                "my_shared_endpoint_list",
                "v0.10/endpoint/{endpoint_id}/my_shared_endpoint_list",
                &[id.as_str()],
            )
            .into()
    }

    /// Lists all guest collections on a collection, of every owner.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_guest_collection_list).
    /// Scope `all`, and the administrator or activity manager role; fails with `EndpointNotFound` or `PermissionDenied` otherwise.
    pub fn get_shared_endpoint_list(&self, endpoint_id: impl Into<CollectionId>) -> GetSharedEndpointList {
        let id = endpoint_id.into();
        self.core
            .get(
                "get_shared_endpoint_list",
                "v0.10/endpoint/{endpoint_id}/shared_endpoint_list",
                &[id.as_str()],
            )
            .into()
    }
}

const PAGING: Paging = Paging::marker("next_token", End::NoMarker).sized_by("max_results");

request! {
    /// [`TransferClient::get_shared_endpoint_list`].
    pub struct GetSharedEndpointList => SharedEndpointList, paged by PAGING {
        /// At most so many in a page; 1 to 1000.
        query max_results: u64 as number;
        /// Starts where a page has said that the next one starts.
        query next_token: String as text;
    }
}
