//! The Groups service: groups, and who is in them.
//!
//! [Service documentation](https://docs.globus.org/api/groups/)

mod model;
pub mod requests;

pub use model::{Group, GroupPolicies, GroupRole, Membership, MembershipStatus};

use globus_auth_core::scopes::GroupsScopes;
use globus_transport::Service;

use crate::client::service_client;
use crate::model::GroupId;
use crate::request::Request;

use self::requests::{CreateGroup, GetGroup, GetMyGroups};

service_client! {
    /// A client of the Groups service.
    ///
    /// ```no_run
    /// use globus_authorizers::AccessTokenAuthorizer;
    /// use globus_services::groups::GroupsClient;
    ///
    /// # async fn example(token: &str) -> Result<(), globus_transport::Error> {
    /// let groups = GroupsClient::new(AccessTokenAuthorizer::new(token))?;
    /// for group in groups.get_my_groups().await? {
    ///     println!("{}: {}", group.id, group.name.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub struct GroupsClient { service: Service::Groups, scopes: GROUPS: GroupsScopes }
}

impl GroupsClient {
    /// Lists the groups that the caller belongs to, all at once.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_my_groups_and_memberships_v2_groups_my_groups_get).
    /// Needs `view_my_groups_and_memberships`.
    pub fn get_my_groups(&self) -> GetMyGroups {
        self.core.get("get_my_groups", "v2/groups/my_groups", &[]).into()
    }

    /// Looks up one group.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/get_group_v2_groups__group_id__get).
    /// Fails with `GROUP_NOT_FOUND` when there is none that the caller may see.
    pub fn get_group(&self, group_id: impl Into<GroupId>) -> GetGroup {
        self.core.get("get_group", "v2/groups/{group_id}", &[group_id.into().as_str()]).into()
    }

    /// Makes a group, whose administrator the caller becomes.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/create_group_v2_groups_post).
    /// Needs `all`. A lost answer is not tried again, since a second group could come of it.
    pub fn create_group(&self, name: impl Into<String>) -> CreateGroup {
        self.core.post("create_group", "v2/groups", &[]).field("name", name.into()).into()
    }

    /// Deletes a group, and returns its last state.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/groups/operation/delete_group_v2_groups__group_id__delete).
    /// Needs `all`, and to be an administrator of the group.
    pub fn delete_group(&self, group_id: impl Into<GroupId>) -> Request<Group> {
        self.core.delete("delete_group", "v2/groups/{group_id}", &[group_id.into().as_str()]).into()
    }
}
