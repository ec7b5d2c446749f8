//! Plays a case and compares.

use globus_transport::{Body, HttpRequest, Method, Settings};
use serde_json::Value;
use tokio::time::Instant;

use crate::Failure;
use crate::hostile::{Calm, Server, say};
use crate::scenario;

/// What is wrong with the case; nothing when it passes.
pub(crate) async fn check(calm: &Calm, section: &str, case: &Value) -> Result<Vec<String>, Failure> {
    let away = Server::in_virtual_time(calm, [say(200, "", "{}")]).await;
    let elsewhere = format!("{}/x", away.url.replace("127.0.0.1", "localhost"));
    let Some(scenario) = scenario::of(section, case, &elsewhere)? else {
        return Ok(vec!["there is no such thing here".to_owned()]);
    };
    let server = Server::in_virtual_time(calm, scenario.scripts).await;
    let base = if scenario.tls { server.url.replace("http:", "https:") } else { server.url.clone() };
    let url = scenario.url.unwrap_or_else(|| format!("{base}/ls"));
    let transport = scenario.transport.settings(Settings::default()).proxy_from_env(false).build()?;
    let sends = section == "redirects" && scenario.method != Method::Get && case["body_kept"] == true;
    let request = HttpRequest::new(scenario.service, "case", scenario.method, url)
        .with_body(if sends { Body::Json("{\"a\":1}".into()) } else { Body::None })
        .with_authorizer(scenario.authorizer.clone());
    let started = Instant::now();
    let result = calm.watch(transport.send((scenario.change)(request))).await;
    let seconds = started.elapsed().as_secs_f64();

    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: &Value, seen: Value| {
        if !expected.is_null() && *expected != seen {
            wrong.push(format!("{what}: expected {expected}, was {seen}"));
        }
    };
    let outcome = &case["outcome"];
    let (status, failed) = match &result {
        Ok(response) => (Value::from(response.status()), false),
        Err(error) => (error.status().map_or(Value::Null, Value::from), true),
    };
    let requests = server.arrived() + away.arrived();
    if !outcome.is_null() {
        same("fails", &Value::from(outcome.get("raises").is_some()), Value::from(failed));
    }
    same("status", &outcome["status"], status);
    same("requests", &case["requests"], Value::from(requests));
    let refreshes = scenario.authorizer.refusals.load(std::sync::atomic::Ordering::SeqCst);
    same("refreshes", &case["refreshes_requested"], Value::from(refreshes));
    let seen = [server.requests(), away.requests()].concat();
    if let Some(last) = seen.last() {
        same("method", &case["final_method"], last.split(' ').next().unwrap_or_default().into());
        let keeps = |what: &str| Value::from(last.contains(what));
        same("keeps the body", &case["body_kept"], keeps("{\"a\":1}"));
        same("keeps the token", &case["authorization_kept"], keeps("authorization: "));
    }
    let tokens: Vec<_> = seen.iter().filter_map(|request| token(request)).collect();
    same("tokens", &case["authorization_sent"], tokens.into());
    wrong.extend(waits(section, case, seconds));
    Ok(wrong)
}

fn token(request: &str) -> Option<&str> {
    request.lines().find_map(|line| line.strip_prefix("authorization: "))
}

/// The recorded waits are the middle of what was possible, so that the longest that ours may be is twice as long, up to the
/// longest of all; a wish of the service is waited for to the second.
fn waits(section: &str, case: &Value, seconds: f64) -> Option<String> {
    let recorded: Vec<f64> = case["sleeps"].as_array()?.iter().filter_map(Value::as_f64).collect();
    let asked = case["retry_after"].as_str().and_then(|wish| wish.trim().parse::<f64>().ok());
    let (least, most) = match asked {
        Some(wish) if wish >= 1.0 && recorded == [wish] => (wish, wish),
        // How long each attempt itself took is another matter.
        _ if section == "exceptions" => return None,
        _ => {
            let longest = case["max_sleep"].as_f64().unwrap_or(10.0);
            (0.0, recorded.iter().map(|wait| (2.0 * wait).min(longest)).sum::<f64>())
        }
    };
    // Timers go by milliseconds.
    let fits = (least - 0.01..=most + 0.01).contains(&seconds);
    (!fits).then(|| format!("waits: expected {least} s to {most} s, was {seconds} s"))
}
