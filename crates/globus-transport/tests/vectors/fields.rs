//! An [`ApiError`] in the words of the vectors.

use globus_transport::ApiError;
use serde_json::{Map, Value, json};

/// Marks in recordings where the recorded library failed on the answer itself.
const ACCIDENTS: [&str; 2] = ["gare_error", "info_error"];

/// The fields in which `api` is not as `expected`, each with what is wrong.
pub(crate) fn compare(api: &ApiError, expected: &Map<String, Value>) -> Vec<(String, String)> {
    let read = read(api);
    let mut wrong = Vec::new();
    for (field, value) in expected {
        let what = match read.get(field) {
            _ if ACCIDENTS.contains(&field.as_str()) && value.is_null() => continue,
            _ if ACCIDENTS.contains(&field.as_str()) => "a failure of the recorded library".to_owned(),
            None => "unknown to this test".to_owned(),
            Some(read) if read == value => continue,
            Some(read) => format!("expected {value}, read {read}"),
        };
        wrong.push((field.clone(), what));
    }
    wrong
}

fn read(api: &ApiError) -> Value {
    let errors: Vec<Value> =
        api.errors().iter().map(|error| json!({"code": error.code, "message": error.message})).collect();
    let requirements = api.auth_requirements();
    json!({
        "http_status": api.http_status(),
        "code": api.code(),
        "message": api.message(),
        "messages": api.messages(),
        "request_id": api.request_id(),
        "errors": errors,
        "json_recognised": api.raw_json().is_some(),
        "authorization_scheme": api.authorization_scheme(),
        "authorization_parameters": parameters(api),
        "consent_required": match api.consent_required() {
            Some(scopes) => json!({"present": true, "required_scopes": scopes}),
            None => json!({"present": false}),
        },
        "gare": requirements.first().map(globus_transport::AuthRequirement::to_json),
        "gare_count": requirements.len(),
        "error_data": api.error_data(),
        "detail": api.detail(),
        "detail_data_type": api.detail_data_type(),
    })
}

fn parameters(api: &ApiError) -> Value {
    match api.authorization_parameters() {
        None => json!({"present": false}),
        Some(read) => json!({
            "present": true,
            "session_message": read.session_message,
            "session_required_identities": read.session_required_identities,
            "session_required_single_domain": read.session_required_single_domain,
            "session_required_policies": read.session_required_policies,
            "session_required_mfa": read.session_required_mfa,
        }),
    }
}
