//! Which tasks a manager asks for.

use http::StatusCode;

use crate::app::App;
use crate::clock::parse;
use crate::http::Call;
use crate::lock::lock;
use crate::transfer::error::TransferError;
use crate::transfer::number;
use crate::transfer::state::TransferState;
use crate::transfer::task::{Status, Task};

/// As many ids at once.
const MOST_IDS: usize = 50;

/// All filters but the one for ids.
const OTHERS: &[&str] = &[
    "filter_status",
    "filter_owner_id",
    "filter_endpoint",
    "filter_endpoint_use",
    "filter_is_paused",
    "filter_completion_time",
    "filter_min_faults",
    "filter_local_user",
];

#[derive(Debug)]
pub(crate) struct TaskFilter {
    pub(crate) ids: Vec<String>,
    statuses: Vec<String>,
    owner: Option<String>,
    endpoint: Option<String>,
    /// Only as its source (`true`) or its destination.
    as_source: Option<bool>,
    paused: Option<bool>,
    completed: Option<(Option<i64>, Option<i64>)>,
    min_faults: u64,
    local_user: Option<String>,
}

impl TaskFilter {
    pub(crate) fn read(app: &App, call: &Call) -> Result<Self, TransferError> {
        let text = |name: &str| call.query(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let filter = Self {
            ids: call.list("filter_task_id"),
            statuses: call.list("filter_status"),
            owner: text("filter_owner_id"),
            endpoint: text("filter_endpoint"),
            as_source: match call.query("filter_endpoint_use") {
                None | Some("") => None,
                Some("source") => Some(true),
                Some("destination") => Some(false),
                Some(_) => {
                    return Err(TransferError::invalid("filter_endpoint_use must be source or destination"));
                }
            },
            paused: call.flag("filter_is_paused"),
            completed: text("filter_completion_time").map(|range| read_range(&range)).transpose()?,
            min_faults: number(call, "filter_min_faults", 0)? as u64,
            local_user: text("filter_local_user"),
        };
        filter.check(call)?;
        if let Some(owner) = &filter.owner
            && !lock(&app.auth).identities.contains_key(owner)
        {
            let message = format!("No such user '{owner}'");
            return Err(TransferError::new(StatusCode::NOT_FOUND, "UserNotFound", message));
        }
        Ok(filter)
    }

    /// Refuses what does not go together.
    fn check(&self, call: &Call) -> Result<(), TransferError> {
        let known = ["ACTIVE", "INACTIVE", "SUCCEEDED", "FAILED"];
        if let Some(status) = self.statuses.iter().find(|status| !known.contains(&status.as_str())) {
            return Err(TransferError::invalid(format!("Unknown status '{status}'")));
        }
        if self.ids.len() > MOST_IDS {
            return Err(TransferError::invalid(format!("filter_task_id takes at most {MOST_IDS} ids")));
        }
        if !self.ids.is_empty() {
            return match OTHERS.iter().find(|name| call.query(name).is_some()) {
                None => Ok(()),
                Some(other) => {
                    let message = format!("filter_task_id cannot be combined with {other}");
                    Err(TransferError::invalid(message))
                }
            };
        }
        let running = !self.statuses.is_empty()
            && self.statuses.iter().all(|status| matches!(status.as_str(), "ACTIVE" | "INACTIVE"));
        if self.paused.is_some() && !running {
            return Err(TransferError::invalid(
                "filter_is_paused needs a filter_status of ACTIVE, INACTIVE, or both",
            ));
        }
        let for_endpoint = self.as_source.is_some() || self.local_user.is_some();
        if self.endpoint.is_none() && (for_endpoint || !running) {
            return Err(TransferError::invalid(
                "filter_endpoint is needed, unless filter_task_id is given, or a filter_status of ACTIVE, INACTIVE, or both",
            ));
        }
        Ok(())
    }

    pub(crate) fn takes(
        &self,
        transfer: &TransferState,
        task: &Task,
        local_user: impl FnOnce() -> String,
    ) -> bool {
        if !self.ids.is_empty() {
            return self.ids.contains(&task.id);
        }
        (self.statuses.is_empty() || self.statuses.iter().any(|status| status == task.status.as_str()))
            && self.owner.as_ref().is_none_or(|owner| *owner == task.owner_id)
            && self.endpoint.as_ref().is_none_or(|id| self.is_on(transfer, task, id))
            && self.paused.is_none_or(|paused| paused == task.is_held())
            && self.completed.is_none_or(|range| is_within(task, range))
            && task.counters.faults >= self.min_faults
            && self.local_user.as_ref().is_none_or(|wanted| *wanted == local_user())
    }

    /// Whether the collection is an end of the task, or the host of one.
    fn is_on(&self, transfer: &TransferState, task: &Task, wanted: &str) -> bool {
        let is = |id: &str| {
            let host = || transfer.collections.get(id).and_then(|end| end.host.as_ref());
            id == wanted || host().is_some_and(|(host, _)| host == wanted)
        };
        // A deletion writes on the collection that it has.
        let (source, destination) = match &task.destination {
            Some((destination, _)) => (is(&task.source.0), is(destination)),
            None => (false, is(&task.source.0)),
        };
        match self.as_source {
            None => source || destination,
            Some(true) => source,
            Some(false) => destination,
        }
    }
}

/// `start,end`, of which one may be left open.
fn read_range(text: &str) -> Result<(Option<i64>, Option<i64>), TransferError> {
    let wrong = || TransferError::invalid("filter_completion_time must be two times with a comma between");
    let (start, end) = text.split_once(',').ok_or_else(wrong)?;
    let time = |text: &str| match text.trim() {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or_else(wrong),
    };
    match (time(start)?, time(end)?) {
        (None, None) => Err(wrong()),
        range => Ok(range),
    }
}

/// Whether the task ended in the range, or will, where that is open.
fn is_within(task: &Task, (start, end): (Option<i64>, Option<i64>)) -> bool {
    if task.status == Status::Active {
        return end.is_none();
    }
    let Some(time) = task.completed_millis else { return false };
    start.is_none_or(|start| start <= time) && end.is_none_or(|end| time < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_open_on_one_side_at_most() {
        assert_eq!(read_range("1970-01-01T00:00:01,1970-01-01 00:00:02").unwrap(), (Some(1000), Some(2000)));
        assert_eq!(read_range(",1970-01-02").unwrap(), (None, Some(86_400_000)));
        assert_eq!(read_range("1970-01-01,").unwrap(), (Some(0), None));
        for bad in ["", ",", "1970-01-01", "soon,"] {
            assert!(read_range(bad).is_err(), "{bad}");
        }
    }
}
