//! Documents of the Groups service.

mod batch;
mod enums;
mod group;
mod membership;
mod preferences;
mod subscription;

pub use batch::{BatchMembershipResult, MembershipActionError};
pub use enums::{
    GroupInclude, GroupMemberVisibility, GroupRequiredSignupFields, GroupRole, GroupType, GroupVisibility,
    MembershipAction, MembershipStatus,
};
pub use group::{Group, GroupPoliciesDocument};
pub use membership::{IdentityMembershipFields, Membership, MembershipFields};
pub use preferences::IdentityPreferences;
pub use subscription::{
    GroupSubscription, SubscriptionAdminVerified, SubscriptionConnector, SubscriptionInfo,
};
