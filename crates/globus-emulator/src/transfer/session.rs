//! What collections with high assurance want to know of a login.

use serde_json::{Value, json};

use super::collection::Collection;
use super::error::TransferError;
use crate::app::App;
use crate::auth::{Authentication, Grant};
use crate::lock::lock;

/// A login is good for this long where the collection says nothing else.
const TIMEOUT_MINS: i64 = 30;

/// Refuses a login that is not good enough for the collection, and says which one would be.
pub(crate) fn demand(app: &App, grant: &Grant, id: &str) -> Result<(), TransferError> {
    match lock(&app.transfer).collections.get(id) {
        Some(collection) => check(app, grant, collection),
        None => Err(TransferError::no_endpoint(id)),
    }
}

/// The same, for those who have looked the collection up.
pub(crate) fn check(app: &App, grant: &Grant, collection: &Collection) -> Result<(), TransferError> {
    if !collection.is_high_assurance() || is_good_enough(app, grant, collection) {
        return Ok(());
    }
    let mut parameters = json!({
        "session_message": "Session reauthentication required",
        "session_required_identities": [grant.identity],
        "prompt": "login",
    });
    if let Some(policy) = collection.more.get("authentication_policy_id").filter(|id| !id.is_null()) {
        parameters["session_required_policies"] = json!([policy]);
    }
    if collection.more.get("mfa_required") == Some(&Value::Bool(true)) {
        parameters["session_required_mfa"] = true.into();
    }
    Err(TransferError::session_required(parameters))
}

/// Whether the login behind the token is recent, with a second factor and as the policy wants it, as far as the collection asks
/// for that. A client that acts as itself shows its secret for every token.
fn is_good_enough(app: &App, grant: &Grant, collection: &Collection) -> bool {
    let now = app.clock.seconds();
    let auth = lock(&app.auth);
    let Some(login) = auth.login_of(grant) else { return grant.session.is_none() };
    let policy = collection.more.get("authentication_policy_id").and_then(Value::as_str);
    let policy = policy.filter(|policy| auth.policies.contains_key(*policy));
    counts(collection, login, now) && policy.is_none_or(|policy| auth.satisfies(grant, policy, now))
}

fn counts(collection: &Collection, login: Authentication, now: i64) -> bool {
    let timeout = collection.more.get("authentication_timeout_mins").and_then(Value::as_i64);
    let needs_mfa = collection.more.get("mfa_required") == Some(&Value::Bool(true));
    let until = login.at.saturating_add(timeout.unwrap_or(TIMEOUT_MINS).saturating_mul(60));
    now < until && (login.mfa || !needs_mfa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_counts_as_long_as_the_collection_says() {
        let mut collection = Collection::new("c", "c", "GCSv5_mapped_collection", ("o", "o@x"));
        let login = Authentication { at: 0, mfa: false };
        assert!(counts(&collection, login, TIMEOUT_MINS * 60 - 1));
        assert!(!counts(&collection, login, TIMEOUT_MINS * 60));
        collection.more.insert("authentication_timeout_mins".to_owned(), 1.into());
        assert!(!counts(&collection, login, 60));
        collection.more.insert("mfa_required".to_owned(), true.into());
        assert!(!counts(&collection, login, 0));
        assert!(counts(&collection, Authentication { mfa: true, ..login }, 0));
    }
}
