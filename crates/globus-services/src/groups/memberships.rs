//! Members come and go.

use super::crud::GROUP;
use super::{BatchMembershipActions, BatchMembershipResult, GroupsClient};
use crate::model::GroupId;
use crate::request::Request;

impl GroupsClient {
    /// Does several things to members of the group at once. Some may succeed and others fail: see
    /// [`BatchMembershipResult::errors`].
    ///
    /// ```no_run
    /// use globus_services::groups::{BatchMembershipActions, GroupRole, GroupsClient};
    ///
    /// # async fn example(groups: GroupsClient, group_id: &str, new: Vec<String>, old: &str) -> Result<(), globus_transport::Error> {
    /// let actions = BatchMembershipActions::new().add_members(new, GroupRole::Member).remove_members([old]);
    /// let result = groups.batch_membership_action(group_id, actions).await?;
    /// for (action, error) in result.errors() {
    ///     eprintln!("{action}: {error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A lost answer is not tried again: what was done already would come back as errors.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/membership/operation/group_membership_post_actions_v2_groups__group_id__post).
    /// Scope `all`. What others are asked for takes a manager or an administrator of the group; accepting, declining, joining,
    /// asking to join and leaving takes one of the caller's own identities. Fails with `GROUP_NOT_FOUND` and `BAD_REQUEST`.
    pub fn batch_membership_action(
        &self,
        group_id: impl Into<GroupId>,
        actions: BatchMembershipActions,
    ) -> Request<BatchMembershipResult> {
        let call = self.core.post("batch_membership_action", GROUP, &[group_id.into().as_str()]);
        call.json(&actions).into()
    }
}
