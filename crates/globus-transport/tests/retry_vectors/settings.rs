//! The cases about settings.

use std::time::Duration;

use globus_transport::{Environment, Service, Settings, Variables, VerifySsl};
use serde_json::Value;

use crate::Failure;

pub(crate) fn check(case: &Value) -> Result<Vec<String>, Failure> {
    let variables = case.as_object().into_iter().flatten();
    let variables = variables.filter(|(name, _)| name.starts_with("GLOBUS_SDK_"));
    let variables = Variables::from_pairs(
        variables.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?.to_owned()))),
    );
    let mut wrong = Vec::new();
    match case["setting"].as_str().unwrap_or_default() {
        // What is given to a builder is no variable.
        "http timeout" if case["argument"].is_null() => {
            let read = Settings::from_variables(&variables).map(|settings| settings.http_timeout);
            let seconds = read.ok().map(|timeout| timeout.map(|timeout: Duration| timeout.as_secs_f64()));
            compare(&mut wrong, "timeout", &case["timeout_seconds"], seconds.map(Value::from));
        }
        "http timeout" => {}
        "TLS verification" => {
            let read = Settings::from_variables(&variables).map(|settings| settings.verify_ssl);
            let verify = read.ok().map(|verify| match verify {
                VerifySsl::Platform => Value::from(true),
                VerifySsl::DangerNone => Value::from(false),
                other => Value::from(format!("{other:?}")),
            });
            compare(&mut wrong, "verification", &case["verify"], verify);
        }
        "service urls" => {
            let name = case["environment"].as_str().unwrap_or_default();
            let none = Variables::from_pairs([("GLOBUS_SDK_ENVIRONMENT", name)]);
            for service in SERVICES {
                let address = Environment::from_variables(&none)
                    .and_then(|environment| environment.service_url_in(service, &none))
                    .ok()
                    .map(|url| Value::from(url.as_str()));
                let name = if service == Service::Timers { "timer" } else { service.name() };
                compare(&mut wrong, name, &case["urls"][name], address);
            }
        }
        "service url override" => {
            let url = Environment::Production.service_url_in(Service::Transfer, &variables)?;
            compare(&mut wrong, "address", &case["request_url"], Some(url.join("/v0.10/x").into()));
        }
        other => return Err(format!("unknown setting {other:?}").into()),
    }
    Ok(wrong)
}

const SERVICES: [Service; 7] = [
    Service::Auth,
    Service::Transfer,
    Service::Groups,
    Service::Search,
    Service::Flows,
    Service::Timers,
    Service::Compute,
];

/// `read` is nothing when it was refused.
fn compare(wrong: &mut Vec<String>, what: &str, expected: &Value, read: Option<Value>) {
    let same = match &read {
        None => expected.get("raises").is_some(),
        Some(value) => value == expected,
    };
    if !same {
        wrong.push(format!("{what}: expected {expected}, was {read:?}"));
    }
}
