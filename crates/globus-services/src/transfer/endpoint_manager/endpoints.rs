//! Endpoints as their managers see them.

use crate::model::CollectionId;
use crate::request::Request;
use crate::transfer::{AccessRule, Endpoint, TransferClient, TransferList};

impl TransferClient {
    /// Lists the endpoints on which the caller has the activity monitor role, or one that includes it.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_monitored_endpoints_and_collections).
    /// Scope `all`.
    pub fn endpoint_manager_monitored_endpoints(&self) -> Request<TransferList<Endpoint>> {
        let template = "v0.10/endpoint_manager/monitored_endpoints";
        self.core.get("endpoint_manager_monitored_endpoints", template, &[]).into()
    }

    /// Lists the guest collections that an endpoint hosts.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_hosted_collection_list).
    /// Scope `all`, and the activity monitor role. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn endpoint_manager_hosted_endpoint_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<Endpoint>> {
        let template = "v0.10/endpoint_manager/endpoint/{endpoint_id}/hosted_endpoint_list";
        let id = endpoint_id.into();
        self.core.get("endpoint_manager_hosted_endpoint_list", template, &[id.as_str()]).into()
    }

    /// Looks up an endpoint as its manager.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#mc_get_endpoint_or_collection).
    /// Scope `all`, and the activity monitor role there or on its host. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn endpoint_manager_get_endpoint(&self, endpoint_id: impl Into<CollectionId>) -> Request<Endpoint> {
        let template = "v0.10/endpoint_manager/endpoint/{endpoint_id}";
        self.core.get("endpoint_manager_get_endpoint", template, &[endpoint_id.into().as_str()]).into()
    }

    /// Lists the access rules of a guest collection as a manager of its host.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_guest_collection_access_list_as_admin).
    /// Scope `all`, and the administrator role on the host. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn endpoint_manager_acl_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<AccessRule>> {
        let template = "v0.10/endpoint_manager/endpoint/{endpoint_id}/access_list";
        self.core.get("endpoint_manager_acl_list", template, &[endpoint_id.into().as_str()]).into()
    }
}
