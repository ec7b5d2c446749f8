//! An [`ApiError`] in the words of the vectors.

use globus_transport::ApiError;
use serde_json::{Map, Value, json};

use crate::Failure;

/// Marks in recordings where the recorded library failed on the answer itself.
const ACCIDENTS: [&str; 2] = ["gare_error", "info_error"];

/// The fields in which `api` is not as `expected`, `difference` considered.
pub(crate) fn compare(
    api: &ApiError,
    expected: &Map<String, Value>,
    difference: Option<&Value>,
) -> Result<Vec<String>, Failure> {
    let read = read(api);
    let mut wanted = expected.clone();
    let mut wrong = Vec::new();
    for (field, value) in difference.and_then(Value::as_object).into_iter().flatten() {
        if wanted.get(field) == Some(value) {
            wrong.push(format!("{field}: the listed difference is none"));
        }
        wanted.insert(field.clone(), value.clone());
    }
    for (field, value) in &wanted {
        if ACCIDENTS.contains(&field.as_str()) {
            if !value.is_null() {
                wrong
                    .push(format!("{field}: a failure of the recorded library, without a listed difference"));
            }
            continue;
        }
        match read.get(field) {
            None => wrong.push(format!("{field}: unknown to this test")),
            Some(read) if read != value => wrong.push(format!("{field}: expected {value}, read {read}")),
            Some(_) => {}
        }
    }
    Ok(wrong)
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
