//! Tasks: what was submitted, how far it got, what happened.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::error::TransferError;
use super::fault::Fault;
use super::pause::AdminPause;
use super::success::{self, Success};
use crate::auth::Grant;
use crate::clock::rfc3339;
use crate::store::Log;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    Transfer,
    Delete,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Active,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// What is counted while a task runs.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Counters {
    pub(crate) files: u64,
    pub(crate) directories: u64,
    pub(crate) symlinks: u64,
    pub(crate) files_skipped: u64,
    pub(crate) files_transferred: u64,
    pub(crate) bytes_transferred: u64,
    pub(crate) bytes_checksummed: u64,
    pub(crate) faults: u64,
    pub(crate) total: u64,
    pub(crate) succeeded: u64,
    pub(crate) retrying: u64,
    pub(crate) skipped_errors: u64,
    pub(crate) canceled: u64,
    pub(crate) expired: u64,
}

impl Counters {
    fn document(&self) -> Value {
        let done = self.succeeded + self.skipped_errors + self.canceled + self.expired;
        let left = self.total.saturating_sub(done);
        // Counted when the last attempt ended: some may have succeeded since.
        let retrying = self.retrying.min(left);
        json!({
            "files": self.files,
            "directories": self.directories,
            "symlinks": self.symlinks,
            "files_skipped": self.files_skipped,
            "files_transferred": self.files_transferred,
            "bytes_transferred": self.bytes_transferred,
            "bytes_checksummed": self.bytes_checksummed,
            "faults": self.faults,
            "subtasks_total": self.total,
            "subtasks_succeeded": self.succeeded,
            "subtasks_pending": left - retrying,
            "subtasks_retrying": retrying,
            "subtasks_canceled": self.canceled,
            "subtasks_expired": self.expired,
            "subtasks_skipped_errors": self.skipped_errors,
        })
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) owner_id: String,
    pub(crate) label: Option<String>,
    /// With whose rights it runs.
    #[serde(with = "crate::store::shared")]
    pub(crate) grant: Arc<Grant>,
    /// The document that was submitted.
    #[serde(skip)]
    pub(crate) request: Arc<Map<String, Value>>,
    /// Whether the document is on disk.
    #[serde(skip)]
    pub(crate) request_written: bool,
    /// Id and name.
    pub(crate) source: (String, String),
    /// Id and name; a deletion has none.
    pub(crate) destination: Option<(String, String)>,
    pub(crate) requested_millis: i64,
    pub(crate) deadline_millis: i64,
    pub(crate) completed_millis: Option<i64>,
    pub(crate) status: Status,
    pub(crate) counters: Counters,
    /// Known anew as soon as the task has tried again.
    #[serde(skip)]
    pub(crate) trouble: Option<Fault>,
    pub(crate) fatal: Option<(String, String)>,
    /// Oldest first.
    #[serde(skip)]
    pub(crate) events: Log,
    #[serde(skip)]
    pub(crate) successes: Log<Success>,
    /// In which order they are told, as soon as somebody has asked.
    #[serde(skip)]
    pub(crate) success_order: OnceLock<Vec<usize>>,
    #[serde(skip)]
    pub(crate) skipped: Log,
    /// The paths that a deletion has done with.
    #[serde(skip)]
    pub(crate) removed: Log,
    #[serde(with = "crate::store::shared")]
    pub(crate) cancel: Arc<AtomicBool>,
    /// Whether it has to wait: because of [`pause`](Self::pause), or of a pause rule.
    #[serde(default, with = "crate::store::shared")]
    pub(crate) hold: Arc<AtomicBool>,
    /// The pauses by managers of its collections.
    #[serde(default)]
    pub(crate) pause: AdminPause,
    /// The manager's side, `SOURCE`, `DESTINATION` or `BOTH`, and message, when one cancelled it.
    #[serde(default)]
    pub(crate) canceled_by_admin: Option<(String, String)>,
}

/// A task that fails for days must not fill the memory with its complaints.
const MOST_EVENTS: usize = 10_000;

impl Task {
    pub(crate) fn event(&mut self, now: i64, code: &str, is_error: bool, description: &str, details: &Value) {
        self.events.make_room(MOST_EVENTS);
        self.events.push(json!({
            "DATA_TYPE": "event",
            "code": code,
            "is_error": is_error,
            "description": description,
            "details": details.to_string(),
            "parent_task_id": null,
            "time": rfc3339(now),
        }));
    }

    /// Whether the collection is one of its ends.
    pub(crate) fn touches(&self, collection: &str) -> bool {
        self.source.0 == collection || self.destination.as_ref().is_some_and(|(id, _)| id == collection)
    }

    pub(crate) fn is_held(&self) -> bool {
        self.hold.load(Ordering::SeqCst)
    }

    pub(crate) fn set_held(&mut self, now: i64, held: bool) {
        self.hold.store(held, Ordering::SeqCst);
        let (code, text) = if held { ("PAUSED", "paused") } else { ("UNPAUSED", "unpaused") };
        if !held {
            // It tries anew at once: what went wrong before the pause is no news of that.
            self.trouble = None;
        }
        self.event(now, code, false, text, &json!({}));
    }

    /// The files that a transfer has copied, once it is over, by item and path.
    pub(crate) fn completed_successes(
        &self,
    ) -> Result<impl ExactSizeIterator<Item = &Success>, TransferError> {
        if self.kind == Kind::Delete || self.status == Status::Active {
            let message = "Only completed transfers have a list of successful transfers";
            return Err(TransferError::invalid(message));
        }
        let order = self.success_order.get_or_init(|| success::order(&self.successes));
        Ok(order.iter().map(|at| &self.successes[*at]))
    }

    pub(crate) fn fault(&mut self, now: i64, fault: Fault) {
        self.counters.faults += 1;
        let details = json!({
            "context": [{ "operation": fault.operation, "path": fault.path }],
            "error": { "body": fault.detail, "type": fault.code },
        });
        self.event(now, fault.code, true, fault.description(), &details);
        self.trouble = Some(fault);
    }

    pub(crate) fn finish(&mut self, now: i64, status: Status) {
        self.status = status;
        self.completed_millis = Some(now);
        self.trouble = None;
        self.counters.retrying = 0;
    }

    fn setting(&self, name: &str) -> Value {
        self.request.get(name).cloned().unwrap_or(Value::Null)
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.request.get(name).and_then(Value::as_bool).unwrap_or(default)
    }

    pub(crate) fn document(&self, now: i64) -> Value {
        let active = self.status == Status::Active;
        let seconds = (self.completed_millis.unwrap_or(now) - self.requested_millis).max(1000) / 1000;
        let speed = self.counters.bytes_transferred / u64::try_from(seconds).unwrap_or(1).max(1);
        let nice = match &self.trouble {
            Some(fault) if active => json!([fault.code, fault.detail, fault.description()]),
            None if active => json!(["OK", "OK", "OK"]),
            _ => json!([null, null, null]),
        };
        let mut document = json!({
            "DATA_TYPE": "task",
            "task_id": self.id,
            "type": if self.kind == Kind::Transfer { "TRANSFER" } else { "DELETE" },
            "status": self.status.as_str(),
            "is_ok": active.then_some(self.trouble.is_none()),
            "label": self.label,
            "username": format!("u_{}", self.owner_id.replace('-', "")),
            "owner_id": self.owner_id,
            "request_time": rfc3339(self.requested_millis),
            "deadline": rfc3339(self.deadline_millis),
            "completion_time": self.completed_millis.map(rfc3339),
            "source_endpoint": self.source.1,
            "source_endpoint_id": self.source.0,
            "source_endpoint_display_name": self.source.1,
            "destination_endpoint": self.destination.as_ref().map(|(_, name)| name),
            "destination_endpoint_id": self.destination.as_ref().map(|(id, _)| id),
            "destination_endpoint_display_name": self.destination.as_ref().map(|(_, name)| name),
            "effective_bytes_per_second": speed,
            "nice_status": nice[0],
            "nice_status_details": nice[1],
            "nice_status_short_description": nice[2],
            "fatal_error": self.fatal.as_ref().map(|(code, text)| json!({ "code": code, "description": text })),
        });
        for part in [self.settings(), self.counters.document()] {
            if let (Value::Object(fields), Value::Object(part)) = (&mut document, part) {
                fields.extend(part);
            }
        }
        document
    }

    /// What was asked for, and what nobody does here.
    fn settings(&self) -> Value {
        json!({
            "is_paused": self.status == Status::Active && self.is_held(),
            "owner_string": null,
            "command": "API 0.10",
            "source_local_user": null,
            "source_local_user_status": "NO_PERMISSION",
            "destination_local_user": null,
            "destination_local_user_status": "NO_PERMISSION",
            "subtasks_failed": 0,
            "nice_status_expires_in": null,
            "canceled_by_admin": self.canceled_by_admin.as_ref().map(|(side, _)| side),
            "canceled_by_admin_message": self.canceled_by_admin.as_ref().map(|(_, message)| message),
            "history_deleted": false,
            "sync_level": self.setting("sync_level"),
            "encrypt_data": self.flag("encrypt_data", false),
            "verify_checksum": self.flag("verify_checksum", true),
            "preserve_timestamp": self.flag("preserve_timestamp", false),
            "delete_destination_extra": self.flag("delete_destination_extra", false),
            "skip_source_errors": self.flag("skip_source_errors", false),
            "fail_on_quota_errors": self.flag("fail_on_quota_errors", false),
            "recursive_symlinks": self.request.get("recursive_symlinks").cloned().unwrap_or_else(|| "ignore".into()),
            "filter_rules": self.setting("filter_rules"),
            "notify_on_succeeded": self.flag("notify_on_succeeded", true),
            "notify_on_failed": self.flag("notify_on_failed", true),
            "notify_on_inactive": self.flag("notify_on_inactive", true),
        })
    }
}
