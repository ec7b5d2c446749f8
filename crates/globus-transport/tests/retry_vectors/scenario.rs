//! What a case is about: what the server does, and what is sent.

use std::sync::Arc;

use globus_transport::{HttpRequest, Method, Service, Transport, TransportBuilder};
use serde_json::Value;

use crate::Failure;
use crate::hostile::{Act, Script, answer, dropped, hangs, said, say};
use crate::scripted::{Behaviour, Scripted};

pub(crate) struct Scenario {
    pub(crate) scripts: Vec<Script>,
    pub(crate) service: Service,
    pub(crate) method: Method,
    /// In place of the server's address.
    pub(crate) url: Option<String>,
    pub(crate) tls: bool,
    pub(crate) authorizer: Arc<Scripted>,
    pub(crate) transport: TransportBuilder,
    pub(crate) change: fn(HttpRequest) -> HttpRequest,
}

/// Nothing for what does not exist here.
pub(crate) fn of(section: &str, case: &Value, away: &str) -> Result<Option<Scenario>, Failure> {
    let mut scenario = Scenario {
        scripts: Vec::new(),
        service: Service::Groups,
        method: method(case["method"].as_str().unwrap_or("GET"))?,
        url: None,
        tls: false,
        authorizer: Arc::new(Scripted::with(Behaviour::Fixed)),
        transport: Transport::builder(),
        change: |request| request,
    };
    let status = case["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    match section {
        "statuses" => scenario.scripts = statuses(case)?,
        "retry_after" => {
            let wish = case["retry_after"].as_str().ok_or("the case has no wish")?;
            let wish = format!("Retry-After: {wish}\r\n");
            scenario.scripts = vec![say(status.ok_or("the case has no status")?, &wish, "{}"), good()];
        }
        "exceptions" if !exception(case, &mut scenario) => return Ok(None),
        "exceptions" => {}
        "unauthorized" if !unauthorized(case, &mut scenario) => return Ok(None),
        "unauthorized" => {}
        "transfer_special" => {
            let text = case["body_text"].as_str().map_or_else(|| case["body"].to_string(), str::to_owned);
            scenario.scripts = vec![say(status.ok_or("the case has no status")?, "", &text)];
            if case["client"].as_str().is_some_and(|client| client.starts_with("Transfer")) {
                scenario.service = Service::Transfer;
            }
        }
        "backoff" => {
            scenario.scripts = vec![say(500, "", "{}")];
            let retries = case["max_retries"].as_u64().unwrap_or(5);
            scenario.transport = scenario.transport.max_retries(u32::try_from(retries)?);
            if let Some(most) = case["max_sleep"].as_u64() {
                scenario.transport = scenario.transport.max_backoff(std::time::Duration::from_secs(most));
            }
        }
        "redirects" => {
            let status = status.ok_or("the case has no status")?;
            let location = match case["location"].as_str() {
                None | Some("same host") => "/elsewhere",
                Some("relative") => "relative",
                Some("other host") => away,
                Some("endless loop") => "/ls",
                Some(_) => return Ok(None),
            };
            let redirect = say(status, &format!("Location: {location}\r\n"), "{}");
            let then = if location == "/ls" { redirect.clone() } else { good() };
            scenario.scripts = vec![redirect, then];
            if case["allow_redirects"] == false {
                scenario.change = |request| request.with_redirects(false);
            }
        }
        other => return Err(format!("unknown list {other:?}").into()),
    }
    Ok(Some(scenario))
}

fn good() -> Script {
    say(200, "", "{}")
}

/// `503`, `503 then 200`, `503 x5 then 200`
fn statuses(case: &Value) -> Result<Vec<Script>, Failure> {
    if let Some(status) = case["status"].as_u64() {
        return Ok(vec![say(u16::try_from(status)?, "", if status == 204 { "" } else { "{}" })]);
    }
    let text = case["status"].as_str().ok_or("the case has no status")?;
    let (first, then) = text.split_once(" then ").ok_or("no such status")?;
    let (first, times) = first.split_once(" x").unwrap_or((first, "1"));
    let mut scripts = vec![say(first.parse()?, "", "{}"); times.parse()?];
    scripts.push(say(then.parse()?, "", "{}"));
    Ok(scripts)
}

/// Whether there is such a thing here.
fn exception(case: &Value, scenario: &mut Scenario) -> bool {
    let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{";
    let gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno";
    scenario.scripts = match case["exception"].as_str().unwrap_or_default() {
        "ConnectionError" => vec![dropped()],
        "ConnectionError then 200" => vec![dropped(), good()],
        "ReadTimeout" => vec![hangs()],
        "ConnectTimeout" if cfg!(feature = "rustls") => {
            scenario.tls = true;
            vec![vec![Act::Hang]]
        }
        "SSLError" if cfg!(feature = "rustls") => {
            scenario.tls = true;
            vec![vec![Act::ReadSome, Act::Say(answer(200, "", "{}").into())]]
        }
        "ChunkedEncodingError" => vec![said(chunk)],
        "ContentDecodingError" => vec![said(gzip)],
        "TooManyRedirects" => vec![say(302, "Location: /ls\r\n", "{}")],
        "InvalidURL" => {
            scenario.url = Some("http://[".to_owned());
            vec![good()]
        }
        "MissingSchema" => {
            scenario.url = Some("no-scheme".to_owned());
            vec![good()]
        }
        _ => return false,
    };
    true
}

/// Whether the case is about a call; those about an authorizer alone are of another crate.
fn unauthorized(case: &Value, scenario: &mut Scenario) -> bool {
    let name = case["case"].as_str().unwrap_or_default();
    let Some((who, answers)) = name.split_once(": ") else { return false };
    let renews = who.starts_with("renewable");
    if !renews && !who.starts_with("plain") {
        return false;
    }
    scenario.authorizer = Arc::new(Scripted::with(if renews { Behaviour::Renews } else { Behaviour::Fixed }));
    if who.ends_with("max_retries 0") {
        scenario.change = |request| request.with_max_retries(0);
    }
    let statuses = answers.replace(" then ", ", ").replace(" forever", "");
    scenario.scripts =
        statuses.split(", ").filter_map(|status| Some(say(status.parse().ok()?, "", "{}"))).collect();
    true
}

fn method(name: &str) -> Result<Method, Failure> {
    [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete]
        .into_iter()
        .find(|method| method.as_str() == name)
        .ok_or_else(|| format!("unknown method {name:?}").into())
}
