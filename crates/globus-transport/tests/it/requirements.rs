//! Every form of a demand for a login, with either status that services use for it.

use globus_transport::{ApiError, Service};
use serde_json::{Value, json};

fn forms() -> Vec<(Service, Value)> {
    let parameters = json!({"required_scopes": ["s"]});
    vec![
        (Service::Transfer, json!({"code": "ConsentRequired", "message": "m", "required_scopes": ["s"]})),
        (Service::Transfer, json!({"code": "ConsentRequired", "description": "m", "required_scope": "s"})),
        (
            Service::Auth,
            json!({"error": "dependent_consent_required", "errors": [{"unapproved_scopes": ["s"]}]}),
        ),
        (Service::Search, json!({"code": "AuthorizationRequired", "authorization_parameters": parameters})),
        (Service::Search, json!({"authorization_parameters": parameters})),
        (Service::Transfer, json!({"errors": [{"code": "ConsentRequired", "required_scopes": ["s"]}]})),
        (Service::Transfer, json!({"errors": [{"code": "X", "authorization_parameters": parameters}]})),
        (Service::Flows, json!({"error": {"code": "ConsentRequired", "required_scope": "s"}})),
        (Service::Timers, json!({"error": {"code": "ConsentRequired", "required_scopes": ["s"]}})),
        (
            Service::Gcs,
            json!({"code": "permission_denied", "detail": {"DATA_TYPE": "x", "authorization_parameters": parameters}}),
        ),
        (
            Service::Compute,
            json!({"code": 3, "reason": "r", "authorization_parameters": parameters, "errors": [{"authorization_parameters": parameters}]}),
        ),
    ]
}

#[test]
fn a_demand_for_a_login_is_read_in_every_form_at_401_as_well_as_403() {
    for (service, body) in forms() {
        for status in [401, 403] {
            let api = ApiError::from_response(service, status, Some("application/json"), body.to_string());
            let found = api.auth_requirement().unwrap_or_else(|| panic!("{status} {body}"));
            assert_eq!(found.authorization_parameters.required_scopes.unwrap(), ["s"], "{status} {body}");
        }
    }
}
