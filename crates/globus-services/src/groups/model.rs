//! Documents of the Groups service.

use serde_json::Value;

use crate::model::{GroupId, IdentityId, model, open_enum};

open_enum! {
    /// What a member may do.
    pub enum GroupRole {
        /// See the group.
        Member = "member",
        /// Manage its members.
        Manager = "manager",
        /// Manage everything.
        Admin = "admin",
    }
}

open_enum! {
    /// How someone belongs to a group.
    pub enum MembershipStatus {
        /// As a member.
        Active = "active",
        /// Not yet: has been invited.
        Invited = "invited",
        /// Not yet: has asked to join.
        Pending = "pending",
        /// Not: asked to join, and was turned down.
        Rejected = "rejected",
        /// No longer: was removed.
        Removed = "removed",
        /// No longer: has left.
        Left = "left",
        /// Not: was invited, and declined.
        Declined = "declined",
    }
}

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
        /// `regular` or `plus`.
        group_type: Option<String>,
        /// Whether members must have logged in lately to use it.
        enforce_session: Option<bool>,
        /// How many seconds ago that login may be.
        session_limit: Option<i64>,
        /// By identity, how many seconds are left until it must log in again.
        session_timeouts: Option<Value>,
        /// How the caller's identities belong to it.
        my_memberships: Vec<Membership> = list,
        /// Who belongs to it; when asked for.
        memberships: Vec<Membership> = list,
        /// Who sees it and who may join.
        policies: Option<GroupPolicies>,
        /// The groups below it; when asked for.
        child_ids: Vec<GroupId> = list,
        /// What one agrees to by joining.
        terms_and_conditions: Option<String>,
        /// The subscription that it belongs to.
        subscription_id: Option<String>,
        /// The subscription whose administrator has verified it.
        subscription_admin_verified_id: Option<String>,
        /// More about that subscription.
        subscription_info: Option<Value>,
    }
}

model! {
    /// How an identity belongs to a group.
    pub struct Membership {
        /// The identity.
        identity_id: IdentityId = key,
        /// The group.
        group_id: Option<GroupId>,
        /// The identity's username.
        username: Option<String>,
        /// What it may do.
        role: Option<GroupRole>,
        /// How it belongs.
        status: Option<MembershipStatus>,
        /// The mail address that the group knows; when asked for.
        invite_email_address: Option<String>,
    }
}

model! {
    /// Who sees a group and who may join.
    pub struct GroupPolicies {
        /// Whether it is a high assurance group.
        is_high_assurance: Option<bool>,
        /// Who sees that it exists: `authenticated` or `private`.
        group_visibility: Option<String>,
        /// Who sees its members: `members` or `managers`.
        group_members_visibility: Option<String>,
        /// Whether one may ask to join.
        join_requests: Option<bool>,
        /// What one must fill in to join.
        signup_fields: Vec<String> = list,
        /// How many seconds a login counts for a high assurance group.
        authentication_assurance_timeout: Option<i64>,
    }
}
