//! The Groups service: groups, who is in them, and who may join.
//!
//! [`GroupsClient`] has a method for each route. [`GroupsManager`] does one thing to one member; to do several at once,
//! fill a [`BatchMembershipActions`] and hand it to [`GroupsClient::batch_membership_action`].
//!
//! [Service documentation](https://docs.globus.org/api/groups/)

mod actions;
mod crud;
mod manager;
mod memberships;
mod model;
mod policies;
mod preferences;
pub mod requests;

pub use actions::BatchMembershipActions;
pub use manager::GroupsManager;
pub use model::{
    BatchMembershipResult, Group, GroupInclude, GroupMemberVisibility, GroupPoliciesDocument,
    GroupRequiredSignupFields, GroupRole, GroupSubscription, GroupType, GroupVisibility,
    IdentityMembershipFields, IdentityPreferences, Membership, MembershipAction, MembershipActionError,
    MembershipFields, MembershipStatus, SubscriptionAdminVerified, SubscriptionConnector, SubscriptionInfo,
};
pub use policies::GroupPolicies;

use globus_auth_core::scopes::GroupsScopes;
use globus_transport::Service;

use crate::client::service_client;

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
