//! Subscriptions.

use serde::Deserialize;
use serde_json::Value;

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
        /// The connectors that it allows, by their ids, as the service wrote them; [`SubscriptionInfo::connectors`] reads it.
        connectors: Option<Value>,
    }
}

impl SubscriptionInfo {
    /// The ids of the connectors that it allows, and how it allows them.
    pub fn connectors(&self) -> impl Iterator<Item = (&str, SubscriptionConnector)> {
        let all = self.connectors.as_ref().and_then(Value::as_object);
        all.into_iter()
            .flatten()
            .filter_map(|(id, how)| Some((id.as_str(), SubscriptionConnector::deserialize(how).ok()?)))
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
