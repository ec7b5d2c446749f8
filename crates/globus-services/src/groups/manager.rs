//! [`GroupsManager`].

use super::requests::CreateGroup;
use super::{
    BatchMembershipActions, BatchMembershipResult, GroupPolicies, GroupPoliciesDocument, GroupRole,
    GroupsClient,
};
use crate::model::{GroupId, IdentityId};
use crate::request::Request;

/// The usual things to do to a group, one member at a time: a thin layer over [`GroupsClient`].
///
/// ```no_run
/// use globus_services::groups::{GroupRole, GroupsClient, GroupsManager};
///
/// # async fn example(groups: GroupsClient, someone: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let manager = GroupsManager::new(groups);
/// let group = manager.create_group("Ocean models", "Whoever runs them").await?;
/// manager.add_member(&group.id, someone, GroupRole::Member).await?.complete()?;
/// # Ok(())
/// # }
/// ```
///
/// The service answers a refused action with success and a list of errors: [`BatchMembershipResult::complete`] makes an error of
/// it.
#[derive(Clone, Debug)]
pub struct GroupsManager {
    client: GroupsClient,
}

/// The methods that do one thing to one identity.
macro_rules! one_by_one {
    ($( $(#[$meta:meta])* $method:ident = $many:ident $(, $role:ident)?; )*) => { $(
        $(#[$meta])*
        ///
        /// [Service documentation](https://groups.api.globus.org/redoc#tag/membership/operation/group_membership_post_actions_v2_groups__group_id__post).
        /// Scope `all`. Fails with `GROUP_NOT_FOUND`; that the action was refused is told by the result.
        pub fn $method(
            &self,
            group_id: impl Into<GroupId>,
            identity_id: impl Into<IdentityId>,
            $($role: impl Into<GroupRole>)?
        ) -> Request<BatchMembershipResult> {
            let actions = BatchMembershipActions::new().$many([identity_id] $(, $role)?);
            self.client.batch_membership_action(group_id, actions)
        }
    )* };
}

impl GroupsManager {
    /// A manager of groups by way of `client`.
    pub fn new(client: GroupsClient) -> Self {
        Self { client }
    }

    /// What it goes by way of.
    pub fn client(&self) -> &GroupsClient {
        &self.client
    }

    /// Makes a group, whose administrator the caller becomes; at the top unless `parent_id` is set.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/create_group_v2_groups_post).
    /// Scope `all`. Fails as [`GroupsClient::create_group`] does.
    pub fn create_group(&self, name: impl Into<String>, description: impl Into<String>) -> CreateGroup {
        self.client.create_group(name).description(description.into()).parent_id(None)
    }

    /// Says who sees the group, and who may join, in place of all that was said before. A timeout that is not set goes back to the
    /// service's own.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/update_policies_v2_groups__group_id__policies_put).
    /// Scope `all`, as an administrator of the group. Fails as [`GroupsClient::set_group_policies`] does.
    pub fn set_group_policies(
        &self,
        group_id: impl Into<GroupId>,
        policies: impl Into<GroupPolicies>,
    ) -> Request<GroupPoliciesDocument> {
        self.client.set_group_policies(group_id, policies.into().with_timeout_said())
    }

    one_by_one! {
        /// Accepts an invitation of one of the caller's own identities.
        accept_invite = accept_invites;
        /// Adds a member with this role (`member` as a rule), without asking, where the identity's preferences allow it.
        add_member = add_members, role;
        /// Lets in someone who has asked to join.
        approve_pending = approve_pending;
        /// Gives a member another role.
        change_role = change_roles, role;
        /// Declines an invitation of one of the caller's own identities.
        decline_invite = decline_invites;
        /// Invites an identity to become a member with this role (`member` as a rule).
        invite_member = invite_members, role;
        /// Joins with one of the caller's own identities, where the group lets anyone in.
        join = join;
        /// Leaves with one of the caller's own identities.
        leave = leave;
        /// Turns down someone who has asked to join.
        reject_join_request = reject_join_requests;
        /// Removes a member.
        remove_member = remove_members;
        /// Asks to join with one of the caller's own identities.
        request_join = request_join;
    }
}

impl From<GroupsClient> for GroupsManager {
    fn from(client: GroupsClient) -> Self {
        Self::new(client)
    }
}
