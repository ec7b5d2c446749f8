//! What the methods of the client return: requests, named after the method.

use super::Group;
use crate::model::GroupId;
use crate::request::request;

request! {
    /// [`GroupsClient::get_my_groups`](super::GroupsClient::get_my_groups).
    pub struct GetMyGroups => Vec<Group> {
        /// Only groups in which the caller has one of these [statuses](super::MembershipStatus); `active` when not given.
        query statuses: many as comma_joined;
    }
}

request! {
    /// [`GroupsClient::get_group`](super::GroupsClient::get_group).
    pub struct GetGroup => Group {
        /// What the document holds beyond the group itself, such as `memberships`, `policies`, `child_ids`.
        query include: many as comma_joined;
    }
}

request! {
    /// [`GroupsClient::create_group`](super::GroupsClient::create_group).
    pub struct CreateGroup => Group {
        /// What the group is for.
        body description: String as json_text;
        /// The group above it.
        body parent_id: GroupId as json_text;
    }
}
