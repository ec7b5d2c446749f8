//! Questions to the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::{done, no, wrong};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::journal::RequestFilter;

/// What a question says beside which requests it means.
#[derive(Debug)]
struct Question {
    filter: RequestFilter,
    count_only: bool,
    wait_for: Option<usize>,
    at_most: Duration,
}

const LONGEST_WAIT: Duration = Duration::from_secs(3600);

impl Question {
    fn read(call: &Call) -> Result<Self, String> {
        let mut question = Self {
            filter: RequestFilter::new(),
            count_only: false,
            wait_for: None,
            at_most: Duration::from_secs(10),
        };
        for (name, value) in &call.query {
            let number = || value.parse().map_err(|_| format!("'{name}' must be a number, not '{value}'"));
            let filter = question.filter.clone();
            question.filter = match name.as_str() {
                "method" => filter.method(value),
                "path" => filter.path(value),
                "fault" => filter.fault(value),
                "since" => filter.since(number()?),
                "status" => filter.status(u16::try_from(number()?).unwrap_or(u16::MAX)),
                _ => filter,
            };
            match name.as_str() {
                "method" | "path" | "fault" | "since" | "status" => {}
                "count" => question.count_only = matches!(value.as_str(), "" | "1" | "true"),
                "wait_for" => question.wait_for = Some(usize::try_from(number()?).unwrap_or(usize::MAX)),
                "timeout_seconds" => {
                    let seconds =
                        value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                    let seconds =
                        seconds.ok_or_else(|| format!("'{name}' must be a number, not '{value}'"))?;
                    question.at_most = seconds.min(LONGEST_WAIT);
                }
                _ => {
                    return Err(format!(
                        "'{name}' is unknown here; there are method, path, status, fault, since, count, wait_for and \
                         timeout_seconds"
                    ));
                }
            }
        }
        Ok(question)
    }
}

pub(super) async fn requests(State(app): State<Arc<App>>, call: Call) -> Response {
    let question = match Question::read(&call) {
        Ok(question) => question,
        Err(message) => return wrong(&message),
    };
    let filter = &question.filter;
    if let Some(wanted) = question.wait_for
        && !app.journal.wait_for(filter, wanted, question.at_most).await
    {
        let (found, time) = (app.journal.count(filter), question.at_most);
        let message = format!("{found} of {wanted} requests that match arrived in {time:?}");
        return no(StatusCode::REQUEST_TIMEOUT, "NotReached", &message);
    }
    let last = app.journal.last();
    let document = if question.count_only {
        json!({ "count": app.journal.count(filter), "last": last })
    } else {
        let requests = app.journal.matching(filter);
        json!({ "requests": requests, "count": requests.len(), "last": last })
    };
    reply(StatusCode::OK, &document)
}

pub(super) async fn clear(State(app): State<Arc<App>>) -> Response {
    app.journal.clear();
    done()
}
