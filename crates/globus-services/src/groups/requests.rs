//! What the methods of the client return: requests, named after the method.

use serde_json::Value;

use super::Group;
use crate::model::{GroupId, Nullable};
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
        /// What the document holds [beyond the group itself](super::GroupInclude).
        query include: many as comma_joined;
    }
}

request! {
    /// [`GroupsClient::create_group`](super::GroupsClient::create_group) and
    /// [`GroupsManager::create_group`](super::GroupsManager::create_group).
    pub struct CreateGroup => Group {
        /// What the group is for.
        body description: Nullable<String> as json;
        /// The group above it; `None` for none.
        body parent_id: Nullable<GroupId> as json;
        /// What one agrees to by joining.
        body terms_and_conditions: Nullable<String> as json;
    }
}

request! {
    /// [`GroupsClient::update_group`](super::GroupsClient::update_group).
    pub struct UpdateGroup => Group {
        /// Its name.
        body name: String as json_text;
        /// What it is for.
        body description: Nullable<String> as json;
        /// What one agrees to by joining.
        body terms_and_conditions: Nullable<String> as json;
    }
}

/// Fields of the document that this version does not know.
macro_rules! additional_field {
    ($($name:ident),*) => { $(
        impl $name {
            /// Sets a field of the group that this version does not know.
            pub fn additional_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.0.call_mut().set_field(name, value.into());
                self
            }
        }
    )* };
}
additional_field!(CreateGroup, UpdateGroup);
