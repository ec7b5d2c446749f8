//! Pause rules on the endpoints of a manager.

use crate::model::CollectionId;
use crate::request::{Request, request};
use crate::transfer::{
    OperationResult, PauseRule, PauseRuleData, PauseRuleUpdate, TransferClient, TransferList,
};

/// The route of one rule.
const RULE: &str = "v0.10/endpoint_manager/pause_rule/{pause_rule_id}";

impl TransferClient {
    /// Lists the pause rules on the endpoints that the caller monitors.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_pause_rules).
    /// Scope `all`, and the activity monitor role.
    pub fn endpoint_manager_pause_rule_list(&self) -> EndpointManagerPauseRuleList {
        let template = "v0.10/endpoint_manager/pause_rule_list";
        self.core.get("endpoint_manager_pause_rule_list", template, &[]).into()
    }

    /// Makes a pause rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#create_pause_rule).
    /// Scope `all`, and the activity manager role. Fails with `PermissionDenied`, `EndpointNotFound`, and `BadRequest`.
    pub fn endpoint_manager_create_pause_rule(&self, data: PauseRuleData) -> Request<PauseRule> {
        let template = "v0.10/endpoint_manager/pause_rule";
        self.core.post("endpoint_manager_create_pause_rule", template, &[]).json(&data).into()
    }

    /// Looks up one pause rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#get_pause_rule).
    /// Scope `all`, and the activity monitor role. Fails with `PermissionDenied` and `PauseRuleNotFound`.
    pub fn endpoint_manager_get_pause_rule(&self, pause_rule_id: impl Into<String>) -> Request<PauseRule> {
        self.core.get("endpoint_manager_get_pause_rule", RULE, &[&pause_rule_id.into()]).into()
    }

    /// Changes a pause rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#update_pause_rule).
    /// Scope `all`, and the activity manager role. Fails with `PermissionDenied` and `PauseRuleNotFound`.
    pub fn endpoint_manager_update_pause_rule(
        &self,
        pause_rule_id: impl Into<String>,
        data: PauseRuleUpdate,
    ) -> Request<PauseRule> {
        let id = pause_rule_id.into();
        self.core.put("endpoint_manager_update_pause_rule", RULE, &[&id]).json(&data).into()
    }

    /// Deletes a pause rule: what it held goes on.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#delete_pause_rule).
    /// Scope `all`, and the activity manager role. Fails with `PermissionDenied` and `PauseRuleNotFound`.
    pub fn endpoint_manager_delete_pause_rule(
        &self,
        pause_rule_id: impl Into<String>,
    ) -> Request<OperationResult> {
        self.core.delete("endpoint_manager_delete_pause_rule", RULE, &[&pause_rule_id.into()]).into()
    }
}

request! {
    /// [`TransferClient::endpoint_manager_pause_rule_list`].
    pub struct EndpointManagerPauseRuleList => TransferList<PauseRule> {
        /// Only rules on this endpoint.
        query filter_endpoint: CollectionId as text;
    }
}
