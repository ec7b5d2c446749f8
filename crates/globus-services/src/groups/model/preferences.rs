//! [`IdentityPreferences`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::model::IdentityId;

/// What identities prefer, both as it comes and as it is sent.
///
/// ```
/// use globus_services::groups::IdentityPreferences;
///
/// let preferences = IdentityPreferences::new().allow_add("ae332d86-d274-11e5-b885-b31714a110e9", false);
/// assert_eq!(preferences.allows_add("ae332d86-d274-11e5-b885-b31714a110e9"), Some(false));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityPreferences(Map<String, Value>);

impl IdentityPreferences {
    /// Nothing is said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with it said whether others may add this identity to groups without asking.
    #[must_use]
    pub fn allow_add(mut self, identity_id: impl Into<IdentityId>, allow: bool) -> Self {
        match self.0.entry(String::from(identity_id.into())).or_insert_with(|| json!({})) {
            Value::Object(preferences) => _ = preferences.insert("allow_add".to_owned(), allow.into()),
            other => *other = json!({"allow_add": allow}),
        }
        self
    }

    /// Whether others may add this identity to groups without asking; `None` when it is not said.
    pub fn allows_add(&self, identity_id: impl AsRef<str>) -> Option<bool> {
        self.0.get(identity_id.as_ref())?.get("allow_add")?.as_bool()
    }

    /// The identities about which something is said.
    pub fn identities(&self) -> impl Iterator<Item = IdentityId> {
        self.0.iter().filter(|(_, preferences)| preferences.is_object()).map(|(id, _)| id.into())
    }

    /// The document as it is on the wire.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Preferences as they are on the wire, for whoever has them as JSON.
impl From<Map<String, Value>> for IdentityPreferences {
    fn from(preferences: Map<String, Value>) -> Self {
        Self(preferences)
    }
}
