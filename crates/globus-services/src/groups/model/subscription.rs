//! Subscriptions.

use std::collections::BTreeMap;

use crate::model::{GroupId, SubscriptionId, model};

model! {
    /// The group that provides a subscription.
    pub struct GroupSubscription {
        /// The group.
        group_id: GroupId = key,
        /// The subscription.
        subscription_id: Option<SubscriptionId>,
        /// More about it.
        subscription_info: Option<SubscriptionInfo>,
    }
}

model! {
    /// What a subscription allows.
    pub struct SubscriptionInfo {
        /// Whether it is for data that takes high assurance.
        is_high_assurance: Option<bool>,
        /// Whether a business associate agreement goes with it.
        is_baa: Option<bool>,
        /// The connectors that it allows, by their ids.
        connectors: Option<BTreeMap<String, Option<SubscriptionConnector>>>,
    }
}

model! {
    /// How a subscription allows a connector.
    pub struct SubscriptionConnector {
        /// Whether for data that takes high assurance.
        is_ha: Option<bool>,
        /// Whether under a business associate agreement.
        is_baa: Option<bool>,
    }
}

model! {
    /// Whether a subscription's administrator has verified a group.
    pub struct SubscriptionAdminVerified {
        /// The group.
        group_id: Option<GroupId>,
        /// The subscription whose administrator has; none when it is not verified.
        subscription_admin_verified_id: Option<SubscriptionId>,
    }
}
