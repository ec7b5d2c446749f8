use proptest::prelude::*;
use serde_json::json;

use super::*;

const SERVICES: [Service; 9] = [
    Service::Auth,
    Service::Transfer,
    Service::Groups,
    Service::Search,
    Service::Flows,
    Service::Timers,
    Service::Compute,
    Service::Gcs,
    Service::Other,
];

fn read(service: Service, body: &Value) -> ApiError {
    ApiError::from_response(service, 403, Some("application/json"), body.to_string())
}

#[test]
fn several_demands_become_one_login() {
    let error = read(
        Service::Transfer,
        &json!({"errors": [
            {"code": "ConsentRequired", "required_scopes": ["s1", "s2"], "message": "first"},
            {"code": "ConsentRequired", "required_scopes": ["s2", "s3"]},
            {"code": "X", "authorization_parameters": {"session_required_mfa": true, "session_required_identities": ["i"]}},
        ]}),
    );
    assert_eq!(error.auth_requirements().len(), 3);
    let merged = error.auth_requirement().unwrap();
    let asked = &merged.authorization_parameters;
    assert_eq!(asked.required_scopes.as_deref().unwrap(), ["s1", "s2", "s3"]);
    assert_eq!(asked.session_required_identities.as_deref().unwrap(), ["i"]);
    assert_eq!((asked.session_required_mfa, asked.session_message.as_deref()), (Some(true), Some("first")));
    assert_eq!(merged.advice(), "log in again with consent to s1 s2 s3, as one of i, with a second factor");
}

#[test]
fn of_thousands_of_demands_a_hundred_are_read_and_a_line_of_them_is_shown() {
    let demands: Vec<_> = (0..10_000)
        .map(|at| json!({"code": "ConsentRequired", "required_scope": format!("s{at}")}))
        .collect();
    let error = read(Service::Transfer, &json!({"errors": demands}));
    assert_eq!((error.errors().len(), error.auth_requirements().len()), (10_000, 100));
    assert_eq!(
        error.auth_requirement().unwrap().authorization_parameters.required_scopes.unwrap().len(),
        100
    );
    let scopes = |from: u32| (from..from + 10_000).map(|at| at.to_string()).collect::<Vec<_>>();
    let error = read(
        Service::Transfer,
        &json!({"errors": [
            {"code": "ConsentRequired", "required_scopes": scopes(0), "message": "m".repeat(10_000)},
            {"code": "ConsentRequired", "required_scopes": scopes(5_000)},
        ]}),
    );
    let merged = error.auth_requirement().unwrap();
    assert_eq!(
        merged.authorization_parameters.required_scopes.as_deref(),
        Some(&*{
            let mut all = scopes(0);
            all.extend(scopes(5_000).split_off(5_000));
            all
        })
    );
    assert!(crate::Error::from_api(Box::new(error)).to_string().len() < 4_000);
}

#[test]
fn a_stored_reason_is_read_like_an_error() {
    let stored = json!({"code": "ConsentRequired", "required_scopes": ["s"], "resource": "/x"});
    let requirement = AuthRequirement::from_json(&stored).unwrap();
    assert_eq!(requirement.extra["resource"], "/x");
    let written = requirement.to_json();
    assert_eq!(AuthRequirement::from_json(&written), Some(requirement));
    assert_eq!(AuthRequirement::from_json(&json!("ConsentRequired")), None);
}

#[test]
fn debug_leaves_the_body_out() {
    let error = read(Service::Auth, &json!({"code": "c", "message": "m", "token": "AgHidden"}));
    assert!(!format!("{error:?}").contains("AgHidden"));
}

/// Documents made of the names that are looked at.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop_oneof!["[a-z,]{0,6}", Just("ConsentRequired".to_owned())].prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "code",
        "message",
        "detail",
        "title",
        "errors",
        "error",
        "id",
        "meta",
        "request_id",
        "msg",
        "loc",
        "reason",
        "authorization_parameters",
        "required_scopes",
        "required_scope",
        "unapproved_scopes",
        "session_required_mfa",
        "error_description",
        "DATA_TYPE",
    ]);
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..5).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

#[test]
fn parameters_of_another_type_beside_an_older_form_are_no_part_of_the_demand() {
    let body = json!({"code": "ConsentRequired", "required_scope": "s", "authorization_parameters": null, "more": 1});
    let requirement = AuthRequirement::from_json(&body).unwrap();
    assert_eq!(requirement.extra.keys().collect::<Vec<_>>(), ["more"]);
    assert_eq!(AuthRequirement::from_json(&requirement.to_json()), Some(requirement));
}

proptest! {
    #[test]
    fn every_document_of_every_service_can_be_read(body in document(), jsonapi in any::<bool>()) {
        let content_type = if jsonapi { "application/vnd.api+json" } else { "application/json" };
        for service in SERVICES {
            let error = ApiError::from_response(service, 403, Some(content_type), body.to_string());
            prop_assert_eq!(error.message().is_none(), error.messages().is_empty());
            for requirement in error.auth_requirements() {
                prop_assert_eq!(AuthRequirement::from_json(&requirement.to_json()), Some(requirement));
            }
            let line = crate::Error::from_api(Box::new(error)).to_string();
            prop_assert!(!line.contains('\n'));
        }
    }

    #[test]
    fn every_body_can_be_read(body in prop::collection::vec(any::<u8>(), 0..64), content_type in ".*") {
        let error = ApiError::from_response(Service::Flows, 500, Some(&content_type), body);
        prop_assert!(!crate::Error::from_api(Box::new(error)).to_string().is_empty());
    }
}
