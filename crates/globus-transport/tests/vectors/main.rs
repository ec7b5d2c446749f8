//! Compares what is read from error answers with recorded cases, over a real connection.
//!
//! The cases come from `error-vectors.json` in the folder that `GLOBUS_CONTRACT_DIR` names (a relative path starts at the
//! workspace's root), else from the file beside this one. `DIFFERENCES.md` lists where the SDK reads an answer otherwise on purpose, and why.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

use globus_authorizers::{AccessTokenAuthorizer, Authorizer, BasicAuthorizer, NullAuthorizer};
use globus_transport::{HttpRequest, Method, Service, Settings, Transport};
use serde_json::Value;

mod differences;
mod fields;

use differences::{Case, Differences};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok((cases, failed)) => {
            println!("error vectors: {cases} cases, {failed} failed");
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(err) => {
            eprintln!("error vectors: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(usize, usize), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let recorded = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty());
    // The cases of our own say what is read here: no rule excuses them.
    let differences = recorded.is_some().then(Differences::read).transpose()?;
    let folder = match recorded {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PathBuf::from(folder)),
        None => here,
    };
    let cases: Value = serde_json::from_str(&read(&folder.join("error-vectors.json"))?)?;
    let cases =
        cases["vectors"].as_array().filter(|cases| !cases.is_empty()).ok_or("there are no vectors")?;

    let transport = Transport::builder().settings(Settings::default()).max_retries(0).build()?;
    let mut server = mockito::Server::new_async().await;
    let mut failed = 0;
    for case in cases {
        let id = case["id"].as_str().unwrap_or("(a case without id)");
        let wrong = match check(&transport, &mut server, case, differences.as_ref()).await {
            Ok(wrong) => wrong,
            Err(err) => vec![err.to_string()],
        };
        if !wrong.is_empty() {
            failed += 1;
            println!("FAILED {id}: {}", wrong.join("; "));
        }
    }
    Ok((cases.len(), failed))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|err| format!("{} cannot be read: {err}", path.display()).into())
}

/// What is wrong with the case; nothing when it passes.
async fn check(
    transport: &Transport,
    server: &mut mockito::Server,
    case: &Value,
    differences: Option<&Differences>,
) -> Result<Vec<String>, Failure> {
    let input = &case["input"];
    let status = input["status"].as_u64().ok_or("the case has no status")?;
    let mut mock = server.mock("GET", "/case").with_status(usize::try_from(status)?);
    for (name, value) in input["headers"].as_object().into_iter().flatten() {
        mock = mock.with_header(name, value.as_str().ok_or("a header is not text")?);
    }
    let body = match input["body_text"].as_str() {
        Some(text) => text.to_owned(),
        None => input["body_json"].to_string(),
    };
    let _mock = mock.with_body(&body).create_async().await;

    let service = service(case["service"].as_str().unwrap_or_default())?;
    let authorizer: Arc<dyn Authorizer> = match input["request_authorization"].as_str() {
        None => Arc::new(AccessTokenAuthorizer::new("AgExample")),
        Some("basic") => Arc::new(BasicAuthorizer::new("user", "secret")),
        Some("none") => Arc::new(NullAuthorizer),
        Some(other) => return Err(format!("unknown authorization {other:?}").into()),
    };
    let request = HttpRequest::new(service, "case", Method::Get, format!("{}/case", server.url()));
    let result = transport.send(request.with_authorizer(authorizer)).await;

    let expected = case["parsed"].as_object();
    match (result, expected) {
        (Ok(_), None) => Ok(Vec::new()),
        (Ok(_), Some(_)) => Ok(vec!["it should be an error and is none".to_owned()]),
        (Err(error), None) => Ok(vec![format!("it should be no error and is one: {error}")]),
        (Err(error), Some(expected)) => {
            let api = error.api().ok_or_else(|| format!("not an answer of the service: {error}"))?;
            let headers = input["headers"].as_object();
            let content_type = headers.and_then(|headers| {
                let (_, value) =
                    headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
                value.as_str()
            });
            let case = Case {
                service: case["service"].as_str().unwrap_or_default(),
                content_type,
                body: serde_json::from_str(&body).unwrap_or_default(),
                expected,
            };
            Ok(unexcused(fields::compare(api, expected), &case, differences))
        }
    }
}

/// What is wrong and covered by no rule; what is covered is printed with the rule's reason.
fn unexcused(
    wrong: Vec<(String, String)>,
    case: &Case<'_>,
    differences: Option<&Differences>,
) -> Vec<String> {
    let mut failures = Vec::new();
    for (field, what) in wrong {
        match differences.and_then(|differences| differences.covering(case, &field)) {
            Some((rule, reason)) => println!("differs on purpose ({rule}): {field}: {what}\n    {reason}"),
            None => failures.push(format!("{field}: {what}")),
        }
    }
    failures
}

fn service(name: &str) -> Result<Service, Failure> {
    Ok(match name {
        "auth" => Service::Auth,
        "transfer" => Service::Transfer,
        "groups" => Service::Groups,
        "search" => Service::Search,
        "flows" => Service::Flows,
        "timers" | "timer" => Service::Timers,
        "compute" => Service::Compute,
        "gcs" => Service::Gcs,
        "base" => Service::Other,
        other => return Err(format!("unknown service {other:?}").into()),
    })
}
