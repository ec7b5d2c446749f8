//! Whatever a service answers, the error that comes of it can be printed.

use globus_transport::{ApiError, Service};
use proptest::prelude::*;

use crate::chain::assert_said_once;
use crate::hostile::{Server, said};
use crate::{builder, get};

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

/// JSON with the names that errors are read from, and anything in their places.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "code",
        "message",
        "errors",
        "error",
        "detail",
        "title",
        "request_id",
        "meta",
        "authorization_parameters",
        "required_scopes",
        "required_scope",
        "session_required_policies",
        "session_message",
        "loc",
        "msg",
        "id",
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        ".*".prop_map(|text| format!("{text:?}")
            .replace("\\u{", "\\\\u{")
            .replace("\\'", "'")
            .replace("\\0", "0")),
        Just("\"ConsentRequired\"".to_owned()),
    ];
    let value = leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((prop::sample::select(names.to_vec()), inner), 0..6).prop_map(|fields| {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("{name:?}: {value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    });
    value.prop_map(String::into_bytes)
}

fn content_type() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        Just(Some("application/json".to_owned())),
        Just(Some("application/vnd.api+json; charset=utf-8".to_owned())),
        Just(Some("text/plain".to_owned())),
        Just(Some("TEXT/HTML".to_owned())),
        ".*".prop_map(Some),
    ]
}

fn is_one_plain_line(text: &str) -> bool {
    !text.is_empty() && text.len() < 8000 && !text.contains(char::is_control)
}

proptest! {
    #[test]
    fn no_body_of_an_error_brings_it_down(
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..2000), document()],
        content_type in content_type(),
        status in 400_u16..1000,
        service in prop::sample::select(SERVICES.to_vec()),
    ) {
        let error = ApiError::from_response(service, status, content_type.as_deref(), body.clone());
        prop_assert_eq!(error.raw_body().as_ref(), &body[..]);
        let _ = (error.message(), error.consent_required(), error.authorization_parameters(), error.detail_data_type());
        for requirement in error.auth_requirements() {
            let _ = requirement.to_json();
        }
        let debug = format!("{error:?}");
        prop_assert!(debug.len() < 200_000);
    }
}

#[test]
fn what_is_printed_of_an_error_is_one_plain_line_and_not_long() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let transport = builder().max_retries(0).build().unwrap();
    let bodies = prop_oneof![prop::collection::vec(any::<u8>(), 0..500), document()];
    proptest!(ProptestConfig::with_cases(64), |(
        body in bodies,
        kind in prop::sample::select(vec!["application/json", "text/plain", "text/html", "application/vnd.api+json"]),
        status in prop::sample::select(vec![400, 401, 403, 429, 502]),
    )| {
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let error = runtime.block_on(async {
            let server = Server::new([said([head.as_bytes(), &body].concat())]).await;
            transport.send(get(&server.url)).await.unwrap_err()
        });
        assert_said_once(&error);
        prop_assert!(is_one_plain_line(&error.to_string()), "{}", error);
        prop_assert_eq!(error.status(), Some(status));
    });
}
