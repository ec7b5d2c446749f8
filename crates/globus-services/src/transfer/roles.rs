//! Roles on endpoints and collections.

use super::{OperationResult, Role, RoleData, TransferClient, TransferList};
use crate::model::CollectionId;
use crate::request::Request;

impl TransferClient {
    /// Lists who has which role on an endpoint or collection.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/roles/#role_list).
    /// Scope `all`, and a role on the collection. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn endpoint_role_list(&self, endpoint_id: impl Into<CollectionId>) -> Request<TransferList<Role>> {
        let id = endpoint_id.into();
        self.core.get("endpoint_role_list", "v0.10/endpoint/{endpoint_id}/role_list", &[id.as_str()]).into()
    }

    /// Gives a role to an identity or group.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/roles/#create_role).
    /// Scope `all`, and the administrator role. Fails with `Exists` when it has been given, `PermissionDenied`, `EndpointNotFound`,
    /// and `LimitExceeded` when there are too many.
    pub fn add_endpoint_role(
        &self,
        endpoint_id: impl Into<CollectionId>,
        role_data: RoleData,
    ) -> Request<Role> {
        let id = endpoint_id.into();
        let call = self.core.post("add_endpoint_role", "v0.10/endpoint/{endpoint_id}/role", &[id.as_str()]);
        call.json(&role_data).into()
    }

    /// Looks up one role.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/roles/#get_role_by_id).
    /// Scope `all`, and a role on the collection. Fails with `RoleNotFound`, `PermissionDenied` and `EndpointNotFound`.
    pub fn get_endpoint_role(
        &self,
        endpoint_id: impl Into<CollectionId>,
        role_id: impl Into<String>,
    ) -> Request<Role> {
        let (id, role) = (endpoint_id.into(), role_id.into());
        self.core
            .get("get_endpoint_role", "v0.10/endpoint/{endpoint_id}/role/{role_id}", &[id.as_str(), &role])
            .into()
    }

    /// Takes a role away.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/roles/#delete_role_by_id).
    /// Scope `all`, and the administrator role. Fails with `RoleNotFound`, `PermissionDenied` and `EndpointNotFound`.
    pub fn delete_endpoint_role(
        &self,
        endpoint_id: impl Into<CollectionId>,
        role_id: impl Into<String>,
    ) -> Request<OperationResult> {
        let (id, role) = (endpoint_id.into(), role_id.into());
        self.core
            .delete(
                "delete_endpoint_role",
                "v0.10/endpoint/{endpoint_id}/role/{role_id}",
                &[id.as_str(), &role],
            )
            .into()
    }
}
