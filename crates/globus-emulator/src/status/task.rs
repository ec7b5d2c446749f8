//! The page of one task.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::parts::{code, facts, kind, name, progress, renewal, section, size, state, table, time};
use crate::app::App;
use crate::http::{Call, html};
use crate::lock::lock;
use crate::page::{escape, page as narrow_page, wide_page};
use crate::transfer::{Status, Task};

/// As many events, the last ones, as one reads on a page.
const EVENTS: usize = 100;

pub(super) async fn page(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Response {
    let owner = |task: &Task| {
        let auth = lock(&app.auth);
        auth.identities
            .get(&task.owner_id)
            .map_or_else(|| task.owner_id.clone(), |owner| owner.username.clone())
    };
    let Some(task) = lock(&app.transfer).tasks.get(&id).cloned() else {
        let body = "<h1>There is no such task</h1>\n<p>It may be of an emulator that has ended. <a href=\"/\">What there is</a></p>\n";
        return html(StatusCode::NOT_FOUND, narrow_page("No such task", body));
    };
    let (renew, words) = renewal(&call, task.status == Status::Active);
    let title = escape(&name(&task));
    let body = format!(
        "<p><a href=\"/#tasks\">All tasks</a></p>\n<h1>{title}</h1>\n{words}{}{}",
        summary(&task, &owner(&task), app.clock.millis()),
        events(&task.events),
    );
    html(StatusCode::OK, wide_page(&title, renew, &body))
}

fn summary(task: &Task, owner: &str, now: i64) -> String {
    let document = task.document(now);
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let count = |number: u64| if number == 0 { String::new() } else { number.to_string() };
    let place = |(id, name): &(String, String)| format!("{} <small>{}</small>", escape(name), escape(id));
    let counters = &task.counters;
    let trouble = task.trouble.as_ref().map(|_| {
        format!(
            "{}: {}",
            text(&document["nice_status_short_description"]),
            text(&document["nice_status_details"])
        )
    });
    let fatal = task.fatal.as_ref().map(|(code, why)| format!("{} ({})", escape(why), escape(code)));
    let speed = document["effective_bytes_per_second"].as_u64().filter(|speed| *speed > 0);
    facts(&[
        ("Status", state(task)),
        ("Progress", progress(task)),
        ("Trouble", trouble.unwrap_or_default()),
        ("Why it failed", fatal.unwrap_or_default()),
        ("What", kind(task).to_owned()),
        ("From", place(&task.source)),
        ("To", task.destination.as_ref().map(place).unwrap_or_default()),
        ("Owner", escape(owner)),
        ("Id", super::parts::id(&task.id)),
        ("Submitted", time(task.requested_millis)),
        ("Completed", task.completed_millis.map(time).unwrap_or_default()),
        ("Deadline", time(task.deadline_millis)),
        ("Files", counters.files.to_string()),
        ("Directories", count(counters.directories)),
        ("Files left as they are", count(counters.files_skipped)),
        ("Checked by checksum", size(counters.bytes_checksummed)),
        ("Speed", speed.map(|speed| format!("{} a second", size(speed))).unwrap_or_default()),
        ("Faults", count(counters.faults)),
        ("Errors skipped", count(counters.skipped_errors)),
    ])
}

fn events(events: &[Value]) -> String {
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let rows = events.iter().rev().take(EVENTS).map(|event| {
        let class = if event["is_error"] == true { "state bad" } else { "state" };
        let what = format!("<span class=\"{class}\">{}</span>", text(&event["description"]));
        [
            text(&event["time"]),
            what,
            format!("<code>{}</code>", text(&event["code"])),
            details(&event["details"]),
        ]
    });
    section(
        "events",
        "Events",
        Some(events.len()),
        &table("events", ["Time", "What", "Code", "Details"], rows),
    )
}

/// Details are a document, or a sentence.
fn details(details: &Value) -> String {
    let text = details.as_str().unwrap_or_default();
    if text.is_empty() || text == "null" || text == "{}" { String::new() } else { code(text) }
}
