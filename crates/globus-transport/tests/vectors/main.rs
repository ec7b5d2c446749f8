//! Compares what is read from error answers with recorded cases, over a real connection.
//!
//! The cases come from `error-vectors.json` in the folder that `GLOBUS_CONTRACT_DIR` names (a relative path starts at the
//! workspace's root), else from the file beside this one. `DIFFERENCES.jsonl` lists where the SDK reads an answer otherwise on purpose, and why.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

use globus_authorizers::{AccessTokenAuthorizer, Authorizer, BasicAuthorizer, NullAuthorizer};
use globus_transport::{HttpRequest, Method, Service, Settings, Transport};
use serde_json::{Map, Value};

mod fields;

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
    let folder = match env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PathBuf::from(folder)),
        None => here.clone(),
    };
    let cases: Value = serde_json::from_str(&read(&folder.join("error-vectors.json"))?)?;
    let cases =
        cases["vectors"].as_array().filter(|cases| !cases.is_empty()).ok_or("there are no vectors")?;
    let differences = differences(&read(&here.join("DIFFERENCES.jsonl"))?)?;

    let transport = Transport::builder().settings(Settings::default()).max_retries(0).build()?;
    let mut server = mockito::Server::new_async().await;
    let mut failed = 0;
    for case in cases {
        let id = case["id"].as_str().unwrap_or("(a case without id)");
        let wrong = match check(&transport, &mut server, case, differences.get(id)).await {
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

/// By case: the fields that are read otherwise on purpose.
fn differences(lines: &str) -> Result<Map<String, Value>, Failure> {
    let mut differences = Map::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let line: Value = serde_json::from_str(line)?;
        let (Some(id), Some(_)) = (line["id"].as_str(), line["reason"].as_str()) else {
            return Err(format!("a difference needs an id and a reason: {line}").into());
        };
        differences.insert(id.to_owned(), line["instead"].clone());
    }
    Ok(differences)
}

/// What is wrong with the case; nothing when it passes.
async fn check(
    transport: &Transport,
    server: &mut mockito::Server,
    case: &Value,
    difference: Option<&Value>,
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
    let _mock = mock.with_body(body).create_async().await;

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
            fields::compare(api, expected, difference)
        }
    }
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
