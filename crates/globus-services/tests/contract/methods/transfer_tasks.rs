//! `TransferClient`: tasks.

use std::time::Duration;

use globus_services::transfer::{TaskFilter, TaskOutcome, TaskUpdate};
use serde_json::Value;

use super::transfer::{client, document};
use super::transfer_files::texts;
use super::{Adapter, Outcome, build, call, list, unsayable};

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("task_list", |c, a| {
        let mut request = client(c).task_list();
        match a.value("filter") {
            None => {}
            Some(Value::Array(_)) => return unsayable("it takes one filter"),
            Some(Value::Object(mut fields)) => {
                let mut filter = TaskFilter::new();
                if let Some(status) = fields.remove("status") {
                    filter = filter.status(texts(&status));
                }
                filter =
                    fields.iter().fold(filter, |filter, (name, values)| filter.field(name, texts(values)));
                request = request.filter(filter);
            }
            Some(filter) => request = request.filter(filter.as_str().unwrap_or_default()),
        }
        list!(a, request; orderby: texts, limit: number, offset: number)
    }),
    (
        "task_event_list",
        |c, a| list!(a, client(c).task_event_list(a.id("task_id")); limit: number, offset: number),
    ),
    ("get_task", |c, a| call!(a, client(c).get_task(a.id("task_id")))),
    ("update_task", |c, a| {
        let data =
            build!(document(a, "data"), |d| TaskUpdate::new(); label: nullable_text, deadline: nullable_time);
        call!(a, client(c).update_task(a.id("task_id"), data))
    }),
    ("cancel_task", |c, a| call!(a, client(c).cancel_task(a.id("task_id")))),
    ("task_pause_info", |c, a| call!(a, client(c).task_pause_info(a.id("task_id")))),
    (
        "task_successful_transfers",
        |c, a| list!(a, client(c).task_successful_transfers(a.id("task_id")); marker: text),
    ),
    ("task_skipped_errors", |c, a| list!(a, client(c).task_skipped_errors(a.id("task_id")); marker: text)),
    ("task_wait", |c, a| {
        let wait = client(c).task_wait(a.id("task_id"));
        let wait = wait.timeout(Duration::from_secs(a.number("timeout").unwrap_or(10)));
        let wait = wait.polling_interval(Duration::from_secs(a.number("polling_interval").unwrap_or(10)));
        Box::pin(async move {
            // Nothing is waited for: the clock goes on by itself, whenever nothing else does.
            tokio::time::pause();
            let outcome = wait.await;
            tokio::time::resume();
            match outcome {
                Ok(outcome) => Outcome::Result(Value::Bool(!matches!(outcome, TaskOutcome::TimedOut { .. }))),
                Err(error) => Outcome::Failed(error),
            }
        })
    }),
];
