//! Groups.

use serde_json::Value;

use super::{
    GroupMemberVisibility, GroupRequiredSignupFields, GroupType, GroupVisibility, Membership,
    SubscriptionInfo,
};
use crate::model::{GroupId, SubscriptionId, model};

model! {
    /// A group.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_group_v2_groups__group_id__get)
    pub struct Group {
        /// Its id.
        id: GroupId = key,
        /// Its name.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// The group above it.
        parent_id: Option<GroupId>,
        /// Which kind of group it is.
        group_type: Option<GroupType>,
        /// Whether members must have logged in lately to use it.
        enforce_session: Option<bool>,
        /// How many seconds ago that login may be.
        session_limit: Option<i64>,
        /// By identity, when it must log in again.
        session_timeouts: Option<Value>,
        /// How the caller's identities belong to it.
        my_memberships: Vec<Membership> = list,
        /// Who belongs to it; when asked for.
        memberships: Vec<Membership> = list,
        /// Who sees it and who may join.
        policies: Option<GroupPoliciesDocument>,
        /// What the caller may do; when asked for.
        allowed_actions: Option<Value>,
        /// The groups below it; when asked for.
        child_ids: Vec<GroupId> = list,
        /// What one agrees to by joining.
        terms_and_conditions: Option<String>,
        /// The subscription that it belongs to.
        subscription_id: Option<SubscriptionId>,
        /// The subscription whose administrator has verified it.
        subscription_admin_verified_id: Option<SubscriptionId>,
        /// More about the subscription that it belongs to.
        subscription_info: Option<SubscriptionInfo>,
    }
}

model! {
    /// Who sees a group and who may join.
    ///
    /// To change them, make a [`GroupPolicies`](crate::groups::GroupPolicies) of it.
    pub struct GroupPoliciesDocument {
        /// Whether members must have logged in lately to use the group.
        is_high_assurance: Option<bool>,
        /// Who sees that it exists.
        group_visibility: Option<GroupVisibility>,
        /// Who sees its members.
        group_members_visibility: Option<GroupMemberVisibility>,
        /// Whether one may ask to join.
        join_requests: Option<bool>,
        /// What one must fill in to join.
        signup_fields: Vec<GroupRequiredSignupFields> = list,
        /// How many seconds a login counts for a high assurance group.
        authentication_assurance_timeout: Option<i64>,
    }
}
