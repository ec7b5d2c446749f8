//! Endpoints and collections one by one: what they are, their servers, and what their administrators decide.

use super::{
    Endpoint, EndpointServer, EndpointUpdate, OperationResult, PauseRule, TransferClient, TransferList,
};
use crate::model::{CollectionId, Nullable};
use crate::request::Request;
use crate::request::encode::json;

impl TransferClient {
    /// Looks up one endpoint or collection.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_endpoint_or_collection_by_id).
    /// Scope `all`. Fails with `EndpointNotFound` when there is none, or none that the caller may see.
    pub fn get_endpoint(&self, endpoint_id: impl Into<CollectionId>) -> Request<Endpoint> {
        self.core.get("get_endpoint", "v0.10/endpoint/{endpoint_id}", &[endpoint_id.into().as_str()]).into()
    }

    /// Changes an endpoint or a Globus Connect Personal collection; collections of Globus Connect Server 5 are changed through its own
    /// manager.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/gcp_management/#update_collection_by_id).
    /// Scope `all`, and the administrator role. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn update_endpoint(
        &self,
        endpoint_id: impl Into<CollectionId>,
        data: EndpointUpdate,
    ) -> Request<OperationResult> {
        let id = endpoint_id.into();
        let call = self.core.put("update_endpoint", "v0.10/endpoint/{endpoint_id}", &[id.as_str()]);
        call.json(&data).into()
    }

    /// Deletes an endpoint or a Globus Connect Personal collection, with its access rules and roles. Files stay where they are.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/gcp_management/#delete_collection_by_id).
    /// Scope `all`, and the administrator role. Fails with `PermissionDenied` and `EndpointNotFound`; the latter also when an
    /// earlier try of the same call arrived although its answer was lost.
    pub fn delete_endpoint(&self, endpoint_id: impl Into<CollectionId>) -> Request<OperationResult> {
        let id = endpoint_id.into();
        self.core.delete("delete_endpoint", "v0.10/endpoint/{endpoint_id}", &[id.as_str()]).into()
    }

    /// Puts a Globus Connect Personal collection under a subscription: by its id, or by `DEFAULT` for the only one that the caller
    /// has. `None` takes it from under its subscription.
    ///
    /// ```no_run
    /// # async fn example(transfer: globus_services::transfer::TransferClient, id: &str) -> Result<(), globus_transport::Error> {
    /// transfer.set_subscription_id(id, "DEFAULT").await?;
    /// transfer.set_subscription_id(id, None).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/gcp_management/#associate_collection_subscription).
    /// Scope `all`, the administrator role, and membership in the group of the subscription. Fails with `PermissionDenied`,
    /// `EndpointNotFound`, and `BadRequest` when `DEFAULT` could mean several.
    pub fn set_subscription_id(
        &self,
        collection_id: impl Into<CollectionId>,
        subscription_id: impl Into<Nullable<String>>,
    ) -> Request<OperationResult> {
        let id = collection_id.into();
        let call = self.core.put(
            "set_subscription_id",
            "v0.10/endpoint/{collection_id}/subscription",
            &[id.as_str()],
        );
        call.field("subscription_id", json(subscription_id.into())).into()
    }

    /// Says whether a collection is verified by an administrator of its subscription.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/gcp_management/#set_subscription_admin_verified).
    /// Scope `all`, and an administrator of the subscription. Fails with `PermissionDenied`, `EndpointNotFound`, and with
    /// `BadRequest` when the caller's session lacks an identity that a high-assurance subscription wants.
    pub fn set_subscription_admin_verified(
        &self,
        collection_id: impl Into<CollectionId>,
        subscription_admin_verified: bool,
    ) -> Request<OperationResult> {
        let id = collection_id.into();
        let call = self.core.put(
            "set_subscription_admin_verified",
            "v0.10/endpoint/{collection_id}/subscription_admin_verified",
            &[id.as_str()],
        );
        call.field("subscription_admin_verified", subscription_admin_verified).into()
    }

    /// Lists the servers behind an endpoint.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_endpoint_or_collection_server_list).
    /// Scope `all`. Fails with `EndpointNotFound`.
    pub fn endpoint_server_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<EndpointServer>> {
        let id = endpoint_id.into();
        self.core
            .get("endpoint_server_list", "v0.10/endpoint/{endpoint_id}/server_list", &[id.as_str()])
            .into()
    }

    /// Looks up one server behind an endpoint, by its number.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_server_by_id).
    /// Scope `all`. Fails with `EndpointNotFound` and `ServerNotFound`.
    pub fn get_endpoint_server(
        &self,
        endpoint_id: impl Into<CollectionId>,
        server_id: u64,
    ) -> Request<EndpointServer> {
        let (id, server) = (endpoint_id.into(), server_id.to_string());
        self.core
            .get(
                "get_endpoint_server",
                "v0.10/endpoint/{endpoint_id}/server/{server_id}",
                &[id.as_str(), &server],
            )
            .into()
    }

    /// Lists the pause rules of an endpoint that apply to the caller.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#get_collection_pause_rules).
    /// Scope `all`. Fails with `EndpointNotFound`.
    pub fn my_effective_pause_rule_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<PauseRule>> {
        let id = endpoint_id.into();
        let template = "v0.10/endpoint/{endpoint_id}/my_effective_pause_rule_list";
        self.core.get("my_effective_pause_rule_list", template, &[id.as_str()]).into()
    }
}
