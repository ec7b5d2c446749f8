//! Who sees a group, and who may join.

use serde_json::{Map, Value};

use super::{
    GroupMemberVisibility, GroupPoliciesDocument, GroupRequiredSignupFields, GroupVisibility, GroupsClient,
};
use crate::model::{GroupId, Nullable};
use crate::request::{Request, payload};

type SignupFields = Vec<GroupRequiredSignupFields>;

payload! {
    /// Who sees a group, and who may join, as it is sent.
    ///
    /// To change one policy and leave the others, make it of those that are:
    ///
    /// ```no_run
    /// use globus_services::groups::{GroupPolicies, GroupsClient};
    ///
    /// # async fn example(groups: GroupsClient, group_id: &str) -> Result<(), globus_transport::Error> {
    /// let policies = groups.get_group_policies(group_id).await?;
    /// groups.set_group_policies(group_id, GroupPolicies::from(policies).join_requests(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct GroupPolicies {
        new(
            is_high_assurance: bool as json;
            group_visibility: GroupVisibility as json;
            group_members_visibility: GroupMemberVisibility as json;
            join_requests: bool as json;
            signup_fields: SignupFields as json
        );
        /// Whether members must have logged in lately to use the group.
        is_high_assurance: bool as json;
        /// Who sees that the group exists.
        group_visibility: GroupVisibility as json;
        /// Who sees its members.
        group_members_visibility: GroupMemberVisibility as json;
        /// Whether one may ask to join.
        join_requests: bool as json;
        /// What one must fill in to join.
        signup_fields: SignupFields as json;
        /// How many seconds a login counts for a high assurance group; `None` for the service's own limit.
        authentication_assurance_timeout: Nullable<u64> as json;
    }
}

impl From<GroupPoliciesDocument> for GroupPolicies {
    fn from(document: GroupPoliciesDocument) -> Self {
        // A document is an object: it can be written as one.
        let fields = serde_json::to_value(document).ok();
        Self::from(fields.as_ref().and_then(Value::as_object).cloned().unwrap_or_else(Map::new))
    }
}

impl GroupPolicies {
    /// The same with the timeout said: `null` unless it is set.
    pub(super) fn with_timeout_said(mut self) -> Self {
        self.0.entry("authentication_assurance_timeout").or_insert(Value::Null);
        self
    }
}

const POLICIES: &str = "v2/groups/{group_id}/policies";

impl GroupsClient {
    /// Who sees the group, and who may join.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_policies_v2_groups__group_id__policies_get).
    /// Scope `all`. Fails with `GROUP_NOT_FOUND` and `FORBIDDEN`.
    pub fn get_group_policies(&self, group_id: impl Into<GroupId>) -> Request<GroupPoliciesDocument> {
        self.core.get("get_group_policies", POLICIES, &[group_id.into().as_str()]).into()
    }

    /// Says who sees the group, and who may join, in place of all that was said before.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/update_policies_v2_groups__group_id__policies_put).
    /// Scope `all`, as an administrator of the group. Fails with `GROUP_NOT_FOUND`, `FORBIDDEN` and `BAD_REQUEST`.
    pub fn set_group_policies(
        &self,
        group_id: impl Into<GroupId>,
        policies: impl Into<GroupPolicies>,
    ) -> Request<GroupPoliciesDocument> {
        let call = self.core.put("set_group_policies", POLICIES, &[group_id.into().as_str()]);
        call.json(&policies.into()).into()
    }
}
