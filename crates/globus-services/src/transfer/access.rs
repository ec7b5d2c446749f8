//! Access rules on guest collections.

use super::{
    AccessRule, AccessRuleCreated, AccessRuleData, AccessRuleUpdate, OperationResult, TransferClient,
    TransferList,
};
use crate::model::CollectionId;
use crate::request::Request;

/// The route of one rule.
const RULE: &str = "v0.10/endpoint/{endpoint_id}/access/{rule_id}";

impl TransferClient {
    /// Lists the access rules of a guest collection, those that come with roles among them.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#rest_access_get_list).
    /// Scope `all`, and the administrator or access manager role. Fails with `PermissionDenied` and `EndpointNotFound`.
    pub fn endpoint_acl_list(
        &self,
        endpoint_id: impl Into<CollectionId>,
    ) -> Request<TransferList<AccessRule>> {
        let id = endpoint_id.into();
        self.core.get("endpoint_acl_list", "v0.10/endpoint/{endpoint_id}/access_list", &[id.as_str()]).into()
    }

    /// Looks up one access rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#get_access_rule_by_id).
    /// Scope `all`, and the administrator or access manager role. Fails with `AccessRuleNotFound`, `PermissionDenied` and
    /// `EndpointNotFound`.
    pub fn get_endpoint_acl_rule(
        &self,
        endpoint_id: impl Into<CollectionId>,
        rule_id: impl Into<String>,
    ) -> Request<AccessRule> {
        let (id, rule) = (endpoint_id.into(), rule_id.into());
        self.core.get("get_endpoint_acl_rule", RULE, &[id.as_str(), &rule]).into()
    }

    /// Adds an access rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#rest_access_create).
    /// Scope `all`, and the administrator or access manager role. Fails with `Exists` when there is a rule for the same principal
    /// and path, `BadRequest` for a rule that the service refuses, `PermissionDenied`, `EndpointNotFound`, and `LimitExceeded`.
    pub fn add_endpoint_acl_rule(
        &self,
        endpoint_id: impl Into<CollectionId>,
        rule_data: AccessRuleData,
    ) -> Request<AccessRuleCreated> {
        let id = endpoint_id.into();
        let call =
            self.core.post("add_endpoint_acl_rule", "v0.10/endpoint/{endpoint_id}/access", &[id.as_str()]);
        call.json(&rule_data).into()
    }

    /// Changes what an access rule allows, or until when.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#update_access_rule).
    /// Scope `all`, and the administrator or access manager role. Fails as [`Self::get_endpoint_acl_rule`], and with `BadRequest`.
    pub fn update_endpoint_acl_rule(
        &self,
        endpoint_id: impl Into<CollectionId>,
        rule_id: impl Into<String>,
        rule_data: AccessRuleUpdate,
    ) -> Request<OperationResult> {
        let (id, rule) = (endpoint_id.into(), rule_id.into());
        let call = self.core.put("update_endpoint_acl_rule", RULE, &[id.as_str(), &rule]);
        call.json(&rule_data).into()
    }

    /// Deletes an access rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/acl/#delete_access_rule).
    /// Scope `all`, and the administrator or access manager role. Fails as [`Self::get_endpoint_acl_rule`].
    pub fn delete_endpoint_acl_rule(
        &self,
        endpoint_id: impl Into<CollectionId>,
        rule_id: impl Into<String>,
    ) -> Request<OperationResult> {
        let (id, rule) = (endpoint_id.into(), rule_id.into());
        self.core.delete("delete_endpoint_acl_rule", RULE, &[id.as_str(), &rule]).into()
    }
}
