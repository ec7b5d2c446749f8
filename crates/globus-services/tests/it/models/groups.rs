//! The documents of Groups.

use globus_services::groups::{
    BatchMembershipResult, Group, GroupPoliciesDocument, GroupSubscription, IdentityMembershipFields,
    IdentityPreferences, SubscriptionAdminVerified,
};

use super::models;

models! {
    "groups":
    group: Group = "GroupsClient.get_group", ["id", "identity_id"];
    group_list: Vec<Group> = "GroupsClient.get_my_groups", ["id", "identity_id"];
    group_policies: GroupPoliciesDocument = "GroupsClient.get_group_policies", [];
    group_subscription: GroupSubscription = "GroupsClient.get_group_by_subscription_id", ["group_id"];
    subscription_admin_verified: SubscriptionAdminVerified = "GroupsClient.set_subscription_admin_verified", [];
    batch_membership_result: BatchMembershipResult = "GroupsClient.batch_membership_action", ["identity_id"];
    identity_preferences: IdentityPreferences = "GroupsClient.get_identity_preferences", [];
    membership_fields: IdentityMembershipFields = "GroupsClient.get_membership_fields", [];
}
