//! What collections with high assurance want to know of a login.

use serde_json::{Value, json};

use super::collection::Collection;
use super::error::TransferError;
use crate::app::App;
use crate::auth::Grant;
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
    if is_recent(collection, grant.logged_in, app.clock.seconds()) {
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

/// Whether a login, at a time in seconds, still counts. A client that acts as itself shows its secret for every token.
fn is_recent(collection: &Collection, logged_in: Option<i64>, now: i64) -> bool {
    let Some(logged_in) = logged_in.filter(|_| collection.is_high_assurance()) else { return true };
    let timeout = collection.more.get("authentication_timeout_mins").and_then(Value::as_i64);
    now < logged_in.saturating_add(timeout.unwrap_or(TIMEOUT_MINS).saturating_mul(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_counts_as_long_as_the_collection_says() {
        let mut collection = Collection::new("c", "c", "GCSv5_mapped_collection", ("o", "o@x"));
        assert!(is_recent(&collection, Some(0), 10_000));
        collection.more.insert("high_assurance".to_owned(), true.into());
        assert!(is_recent(&collection, Some(0), TIMEOUT_MINS * 60 - 1));
        assert!(!is_recent(&collection, Some(0), TIMEOUT_MINS * 60));
        assert!(is_recent(&collection, None, i64::MAX));
        collection.more.insert("authentication_timeout_mins".to_owned(), 1.into());
        assert!(!is_recent(&collection, Some(0), 60));
    }
}
