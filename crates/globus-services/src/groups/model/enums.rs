//! The words of the service.

use crate::model::open_enum;

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

open_enum! {
    /// What is done to a member.
    pub enum MembershipAction {
        /// Accept an invitation.
        Accept = "accept",
        /// Add without asking.
        Add = "add",
        /// Let in someone who has asked.
        Approve = "approve",
        /// Give another role.
        ChangeRole = "change_role",
        /// Decline an invitation.
        Decline = "decline",
        /// Invite.
        Invite = "invite",
        /// Join.
        Join = "join",
        /// Leave.
        Leave = "leave",
        /// Turn down someone who has asked.
        Reject = "reject",
        /// Remove.
        Remove = "remove",
        /// Ask to join.
        RequestJoin = "request_join",
    }
}

open_enum! {
    /// Which kind of group.
    pub enum GroupType {
        /// As anyone can make.
        Regular = "regular",
        /// With a subscription.
        Plus = "plus",
    }
}

open_enum! {
    /// Who sees that a group exists.
    pub enum GroupVisibility {
        /// Whoever has logged in.
        Authenticated = "authenticated",
        /// Its members.
        Private = "private",
    }
}

open_enum! {
    /// Who sees the members of a group.
    pub enum GroupMemberVisibility {
        /// Its members.
        Members = "members",
        /// Its managers and administrators.
        Managers = "managers",
    }
}

open_enum! {
    /// What someone who joins can be asked to fill in.
    pub enum GroupRequiredSignupFields {
        /// Where one works.
        Institution = "institution",
        /// What one works on.
        CurrentProjectName = "current_project_name",
        /// An address.
        Address = "address",
        /// The address's city.
        City = "city",
        /// The address's state.
        State = "state",
        /// The address's country.
        Country = "country",
        /// The address's first line.
        Address1 = "address1",
        /// The address's second line.
        Address2 = "address2",
        /// The address's postal code.
        Zip = "zip",
        /// A telephone number.
        Phone = "phone",
        /// The part of the institution.
        Department = "department",
        /// The field of science.
        FieldOfScience = "field_of_science",
    }
}

open_enum! {
    /// What the document of a group can hold beyond the group itself.
    pub enum GroupInclude {
        /// Who belongs to it.
        Memberships = "memberships",
        /// How the caller belongs to it.
        MyMemberships = "my_memberships",
        /// Who sees it and who may join.
        Policies = "policies",
        /// What the caller may do.
        AllowedActions = "allowed_actions",
        /// The groups below it.
        ChildIds = "child_ids",
    }
}
