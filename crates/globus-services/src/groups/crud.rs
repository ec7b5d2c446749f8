//! Groups as such.

use super::requests::{CreateGroup, GetGroup, GetMyGroups, UpdateGroup};
use super::{Group, GroupSubscription, GroupsClient, SubscriptionAdminVerified};
use crate::model::{GroupId, Nullable, SubscriptionId};
use crate::request::{Request, encode};

/// The route of one group.
pub(super) const GROUP: &str = "v2/groups/{group_id}";

impl GroupsClient {
    /// Lists the groups that the caller belongs to, all at once.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_my_groups_and_memberships_v2_groups_my_groups_get).
    /// Scope `view_my_groups_and_memberships`. Fails with status 401 or 403 when the token does not allow it, and never because there
    /// are no groups: the list is empty then.
    pub fn get_my_groups(&self) -> GetMyGroups {
        self.core.get("get_my_groups", "v2/groups/my_groups", &[]).into()
    }

    /// Looks up one group.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_group_v2_groups__group_id__get).
    /// Scope `all`; with `view_my_groups_and_memberships` only what concerns the caller's own memberships. Fails with
    /// `GROUP_NOT_FOUND` when there is none that the caller may see.
    pub fn get_group(&self, group_id: impl Into<GroupId>) -> GetGroup {
        self.core.get("get_group", GROUP, &[group_id.into().as_str()]).into()
    }

    /// Finds the group that provides a subscription.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_group_by_subscription_id_v2_subscription_info__subscription_id__get).
    /// Scope `all` or `view_my_groups_and_memberships`. Fails with status 404 when there is no such subscription.
    pub fn get_group_by_subscription_id(
        &self,
        subscription_id: impl Into<SubscriptionId>,
    ) -> Request<GroupSubscription> {
        let id = subscription_id.into();
        let route = "v2/subscription_info/{subscription_id}";
        self.core.get("get_group_by_subscription_id", route, &[id.as_str()]).into()
    }

    /// Makes a group, whose administrator the caller becomes.
    ///
    /// A lost answer is not tried again, since a second group could come of it.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/create_group_v2_groups_post).
    /// Scope `all`. Fails with `BAD_REQUEST` when a field has an unusable value, and with `FORBIDDEN` when the caller may not make
    /// groups below `parent_id`.
    pub fn create_group(&self, name: impl Into<String>) -> CreateGroup {
        self.core.post("create_group", "v2/groups", &[]).field("name", name.into()).into()
    }

    /// Changes a group: what is set, and nothing else.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/update_group_v2_groups__group_id__put).
    /// Scope `all`, as an administrator of the group. Fails with `GROUP_NOT_FOUND`, `FORBIDDEN` and `BAD_REQUEST`.
    pub fn update_group(&self, group_id: impl Into<GroupId>) -> UpdateGroup {
        self.core.put("update_group", GROUP, &[group_id.into().as_str()]).fields().into()
    }

    /// Deletes a group, and returns its last state.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/delete_group_v2_groups__group_id__delete).
    /// Scope `all`, as an administrator of the group. Fails with `GROUP_NOT_FOUND` and `FORBIDDEN`. A second try, after a lost
    /// answer, may find the group gone.
    pub fn delete_group(&self, group_id: impl Into<GroupId>) -> Request<Group> {
        self.core.delete("delete_group", GROUP, &[group_id.into().as_str()]).into()
    }

    /// Says that a subscription's administrator has verified the group, or with `None` that this is no longer so.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/update_subscription_admin_verified_id_v2_groups__group_id__subscription_admin_verified_put).
    /// Scope `all`, as an administrator of the subscription. Fails with `GROUP_NOT_FOUND` and `FORBIDDEN`.
    pub fn set_subscription_admin_verified(
        &self,
        group_id: impl Into<GroupId>,
        subscription_id: impl Into<Nullable<SubscriptionId>>,
    ) -> Request<SubscriptionAdminVerified> {
        let route = "v2/groups/{group_id}/subscription_admin_verified";
        let id = encode::json(subscription_id.into());
        let call = self.core.put("set_subscription_admin_verified", route, &[group_id.into().as_str()]);
        call.field("subscription_admin_verified_id", id).into()
    }
}
