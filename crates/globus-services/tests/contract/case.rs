//! One recorded case: the call is made, and everything about it compared.

use globus_transport::{Error, ErrorKind};
use serde_json::Value;

use crate::args::Args;
use crate::methods::{Adapter, Clients, Outcome};
use crate::recorded::{Case, Method, Response, ServiceFile};
use crate::server::Server;
use crate::{Failure, compare};

/// What is wrong with the case; nothing when it passes.
pub(crate) async fn check(
    server: &Server,
    service: &ServiceFile,
    method: &Method,
    case: &Case,
    adapter: Adapter,
) -> Result<Vec<String>, Failure> {
    let reply = case.response.is_some().then(|| method.reply(case)).transpose()?;
    let preceding = case.preceding.iter().map(|exchange| exchange.response.clone());
    let preceding: Vec<_> = preceding.map(|reply| reply.leading_to(&server.url, &service.base_url)).collect();
    server.expect(preceding.into_iter().chain(replies(case, reply.as_ref())));
    if !case.client_args.is_empty() {
        return Err("it needs a client that is made in another way than the test makes them".into());
    }
    let clients = Clients::new(server, &case.setup);
    let args = Args::new(&case.args);
    let outcome = adapter(&clients, &args).await;
    args.check_empty()?;

    let mut recorded: Vec<_> = case.preceding.iter().map(|exchange| &exchange.request).collect();
    // A method that polls sends its request as often as it was counted.
    recorded.extend(case.request.iter().flat_map(|request| vec![request; case.polls.unwrap_or(1)]));
    let arrived: Vec<_> =
        server.arrived().into_iter().map(|arrived| arrived.at(server, &service.base_url)).collect();
    let mut wrong = compare::requests(&service.base_url, &recorded, &arrived);
    let outcome = match outcome {
        Outcome::Result(result) => {
            let result = server.as_recorded(&result.to_string(), &service.base_url);
            Outcome::Result(serde_json::from_str(&result)?)
        }
        outcome => outcome,
    };
    outcome_of(outcome, case, reply.as_ref(), &mut wrong);
    Ok(wrong)
}

fn replies(case: &Case, reply: Option<&Response>) -> Vec<Response> {
    let mut replies = Vec::new();
    let reply = reply.cloned();
    match case.polls {
        // Recorded is the last answer: before it the task was still going on.
        Some(polls) => {
            let going_on = reply.clone().map(Response::still_active);
            replies.extend(going_on.into_iter().cycle().take(polls.saturating_sub(1)));
            // More, for whoever asks more often.
            replies.extend(reply.into_iter().cycle().take(100));
        }
        None => replies.extend(reply),
    }
    replies
}

fn outcome_of(outcome: Outcome, case: &Case, reply: Option<&Response>, wrong: &mut Vec<String>) {
    match (outcome, &case.error) {
        (Outcome::Failed(error), Some(recorded)) => failure(&error, recorded, wrong),
        (Outcome::Failed(error), None) => wrong.push(format!("failed: {error}")),
        (Outcome::Unsayable(why), None) => wrong.push(why),
        (Outcome::Unsayable(_), Some(_)) => {}
        (_, Some(recorded)) => wrong.push(format!("no error, where {} was recorded", recorded["class"])),
        (Outcome::Result(found), None) => {
            let mut expected = case.result.clone().unwrap_or_default();
            let found = compare::scopes_by_what_they_say(found);
            expected = compare::scopes_by_what_they_say(expected);
            for name in &case.generated {
                compare::adopt(&mut expected, &found, name);
                compare::adopt(&mut expected, &found, &format!("query.{name}"));
            }
            compare::document("result", &expected, &found, wrong);
        }
        (Outcome::Answer(found), None) => {
            let expected = reply.and_then(|reply| reply.json.clone()).unwrap_or_default();
            compare::document("answer", &expected, &found, wrong);
        }
        (Outcome::Items(items), None) => wrong.push(format!("{} items and no answer", items.len())),
    }
}

/// Compares an error by where it came from, and by the service's words for it.
fn failure(error: &Error, recorded: &Value, wrong: &mut Vec<String>) {
    let class = recorded["class"].as_str().unwrap_or_default();
    match error.api() {
        Some(api) => {
            if !class.ends_with("APIError") {
                wrong.push(format!("the service's error, where {class} was recorded: {error}"));
            }
            if recorded["http_status"].as_u64().is_some_and(|status| status != u64::from(api.http_status())) {
                wrong.push(format!("status {} instead of {}", api.http_status(), recorded["http_status"]));
            }
            if recorded["code"].as_str().is_some_and(|code| api.code() != Some(code)) {
                wrong.push(format!("code {:?} instead of {}", api.code(), recorded["code"]));
            }
        }
        None if error.kind() == ErrorKind::Usage && !class.ends_with("APIError") => {}
        None => wrong.push(format!("{error} ({:?}), where {class} was recorded", error.kind())),
    }
}
