//! Authorize URLs against recorded ones: those of `GLOBUS_CONTRACT_DIR`, or else `authorize-urls.json`.
//!
//! Two differences are on purpose: the recorded default state is the constant `_default`, which protects nothing, and here it
//! is random; and a parameter that is null there is sent as the text `None`, while here a value is always a text.

use globus_auth_core::Scope;
use globus_auth_core::login::{LoginFlow, LoginFlowBuilder};
use serde_json::Value;

use crate::contract;
use crate::support::{AUTH, FakeExchange, now, param};

/// Every case of `method`, with the class of its client.
fn cases(method: &str) -> Vec<(String, Value)> {
    let file = contract::read("auth.json", "it/fixtures/authorize-urls.json").unwrap();
    let methods = file["methods"].as_array().unwrap().iter().filter(|held| held["name"] == method);
    methods
        .flat_map(|held| {
            let client = held["client"].as_str().unwrap().to_owned();
            held["cases"].as_array().unwrap().iter().map(move |case| (client.clone(), case.clone()))
        })
        // Without a flow nothing can be asked of it here.
        .filter(|(_, case)| case["id"] != "before-start-flow")
        .collect()
}

/// The builder for the flow that a case sets up, and the same with the constant state of the recording.
fn set_up(client: &str, exchange: &std::sync::Arc<FakeExchange>, case: &Value) -> LoginFlowBuilder {
    let setup = &case["setup"][0]["args"];
    let text = |name: &str| setup[name].as_str().map(str::to_owned);
    let scopes = texts(&setup["requested_scopes"]);
    let mut builder = if client == "NativeAppAuthClient" {
        LoginFlowBuilder::native(exchange.clone(), AUTH, scopes)
    } else {
        LoginFlowBuilder::confidential(exchange.clone(), AUTH, text("redirect_uri").unwrap(), scopes)
    };
    for (name, _) in setup.as_object().unwrap() {
        builder = match name.as_str() {
            "requested_scopes" => builder,
            "redirect_uri" => builder.redirect_uri(text(name).unwrap()),
            "refresh_tokens" => builder.refresh_tokens(setup[name].as_bool().unwrap()),
            "state" => builder,
            "verifier" => builder.code_verifier(text(name).unwrap()),
            "prefill_named_grant" => builder.prefill_named_grant(text(name).unwrap()),
            other => panic!("{other} is not known"),
        };
    }
    builder.state(text("state").unwrap_or_else(|| "_default".to_owned()))
}

fn with_arguments(mut builder: LoginFlowBuilder, arguments: &Value) -> LoginFlowBuilder {
    for (name, value) in arguments.as_object().unwrap() {
        let text = || value.as_str().unwrap();
        builder = match name.as_str() {
            "session_required_identities" => builder.session_required_identities(texts(value)),
            "session_required_single_domain" => builder.session_required_single_domain(texts(value)),
            "session_required_policies" => builder.session_required_policies(texts(value)),
            "session_required_mfa" => builder.session_required_mfa(value.as_bool().unwrap()),
            "session_message" => builder.session_message(text()),
            "prompt" => builder.prompt(text()),
            "query_params" => value.as_object().unwrap().iter().fold(builder, |builder, (name, value)| {
                builder.query_param(name, value.as_str().unwrap_or("None"))
            }),
            other => panic!("{other} is not known"),
        };
    }
    builder
}

/// A text, or each of a list, in the value language of the recording.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(_) if value.get("$uuid").is_some() => texts(&value["$uuid"]),
        Value::Object(_) => vec![Scope::parse(value["$scope"].as_str().unwrap()).unwrap().to_string()],
        text => vec![text.as_str().unwrap().to_owned()],
    }
}

fn start(client: &str, case: &Value) -> Result<LoginFlow, String> {
    let builder = with_arguments(set_up(client, &FakeExchange::new(), case), &case["args"]);
    builder.start().map_err(|err| err.to_string())
}

#[test]
fn authorize_urls_are_the_recorded_ones() {
    let cases = cases("oauth2_get_authorize_url");
    assert!(cases.len() >= 8);
    for (client, case) in cases {
        let started = start(&client, &case);
        let Some(expected) = case["result"]["url"].as_str() else {
            assert!(started.is_err(), "{client} {} must not start", case["id"]);
            continue;
        };
        let url = started.unwrap().authorize_url().to_owned();
        // The order of parameters is not part of the contract; their encoding is compared letter for letter.
        let parts = |url: &str| {
            let mut parts: Vec<String> = url.split(['?', '&']).map(str::to_owned).collect();
            let generated = |part: &String| {
                let name = part.split('=').next().unwrap_or_default();
                case["generated"].as_array().is_some_and(|names| names.iter().any(|held| held == name))
            };
            parts.retain(|part| !generated(part));
            parts.sort_unstable();
            parts
        };
        assert_eq!(parts(&url), parts(expected), "{client} {}", case["id"]);
    }
}

#[test]
fn a_code_is_traded_with_the_recorded_form() {
    for (client, case) in cases("oauth2_exchange_code_for_tokens") {
        let exchange = FakeExchange::new();
        let flow = set_up(&client, &exchange, &case).start().unwrap();
        now(flow.exchange_code_for_tokens(case["args"]["auth_code"].as_str().unwrap())).unwrap();
        let mut got = exchange.forms().remove(0);
        let mut expected: Vec<(String, String)> = case["request"]["body"]
            .as_object()
            .unwrap()
            .iter()
            // The client says who it is when it sends the form.
            .filter(|(name, _)| *name != "client_id")
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        if case["request"]["generated"].is_array() {
            got.retain(|(name, _)| name != "code_verifier");
            expected.retain(|(name, _)| name != "code_verifier");
        }
        got.sort_unstable();
        expected.sort_unstable();
        assert_eq!(got, expected, "{client} {}", case["id"]);
    }
}

#[test]
fn the_recorded_default_state_is_replaced_by_a_random_one() {
    let flow = LoginFlowBuilder::native(FakeExchange::new(), AUTH, "openid").start().unwrap();
    assert_ne!(flow.state(), "_default");
    assert_eq!(param(flow.authorize_url(), "state").unwrap().len(), 43);
}
