//! Pause rules: what is held on a collection, for everybody or for one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::clock::{parse, rfc3339};
use crate::lock::lock;
use crate::transfer::error::TransferError;
use crate::transfer::required;
use crate::transfer::state::TransferState;
use crate::transfer::task::{Kind, Task};

/// What a rule can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Activity {
    Ls,
    Mkdir,
    Symlink,
    Rename,
    Delete,
    Write,
    Read,
}

impl Activity {
    pub(crate) const ALL: [Self; 7] =
        [Self::Ls, Self::Mkdir, Self::Symlink, Self::Rename, Self::Delete, Self::Write, Self::Read];

    /// The field of a rule that says whether it is held.
    fn field(self) -> &'static str {
        match self {
            Self::Ls => "pause_ls",
            Self::Mkdir => "pause_mkdir",
            Self::Symlink => "pause_symlink",
            Self::Rename => "pause_rename",
            Self::Delete => "pause_task_delete",
            Self::Write => "pause_task_transfer_write",
            Self::Read => "pause_task_transfer_read",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PauseRule {
    pub(crate) id: String,
    pub(crate) endpoint_id: String,
    /// Whom it is for; everybody, when `None`.
    identity_id: Option<String>,
    message: String,
    /// As it was given; at once, when `None`.
    start_time: Option<String>,
    held: BTreeSet<Activity>,
    modified_by_id: String,
    modified_millis: i64,
    pub(crate) created_by_host_manager: bool,
}

impl PauseRule {
    /// Reads a new rule, which holds everything that it does not say it leaves alone.
    pub(crate) fn read(id: String, body: &Map<String, Value>) -> Result<Self, TransferError> {
        let mut rule = Self {
            id,
            endpoint_id: required(body, "endpoint_id")?.to_owned(),
            identity_id: body.get("identity_id").and_then(Value::as_str).map(str::to_owned),
            message: required(body, "message")?.to_owned(),
            start_time: None,
            held: Activity::ALL.into(),
            modified_by_id: String::new(),
            modified_millis: 0,
            created_by_host_manager: false,
        };
        rule.change(body)?;
        Ok(rule)
    }

    /// Takes over what may be changed later; the collection and the identity stay.
    pub(crate) fn change(&mut self, body: &Map<String, Value>) -> Result<(), TransferError> {
        if let Some(message) = body.get("message") {
            let message = message.as_str().filter(|message| !message.is_empty());
            message
                .ok_or_else(|| TransferError::invalid("message must be a text"))?
                .clone_into(&mut self.message);
        }
        match body.get("start_time") {
            None => {}
            Some(Value::Null) => self.start_time = None,
            Some(time) => {
                let time = time.as_str().filter(|text| parse(text).is_some());
                let time = time.ok_or_else(|| TransferError::invalid("start_time must be a time"))?;
                self.start_time = Some(time.to_owned());
            }
        }
        for activity in Activity::ALL {
            match body.get(activity.field()).map(Value::as_bool) {
                None => {}
                Some(Some(true)) => drop(self.held.insert(activity)),
                Some(Some(false)) => drop(self.held.remove(&activity)),
                Some(None) => {
                    let message = format!("{} must be true or false", activity.field());
                    return Err(TransferError::invalid(message));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn changed_by(&mut self, identity: &str, now: i64) {
        identity.clone_into(&mut self.modified_by_id);
        self.modified_millis = now;
    }

    /// What who is held by it is told.
    pub(crate) fn told(&self) -> String {
        format!("Paused by an administrator of the endpoint: {}", self.message)
    }

    /// When it begins to hold.
    pub(crate) fn starts_millis(&self) -> i64 {
        self.start_time.as_deref().and_then(parse).unwrap_or(i64::MIN)
    }

    /// Whether it holds the activity of the identity now. A rule on a host is one on its guest collections, too.
    pub(crate) fn holds(
        &self,
        transfer: &TransferState,
        (endpoint, activity): (&str, Activity),
        identity: &str,
        now: i64,
    ) -> bool {
        let host = || transfer.collections.get(endpoint).and_then(|guest| guest.host.as_ref());
        self.held.contains(&activity)
            && self.identity_id.as_ref().is_none_or(|only| only == identity)
            && self.starts_millis() <= now
            && (self.endpoint_id == endpoint || host().is_some_and(|(id, _)| *id == self.endpoint_id))
    }

    /// Whether it holds the task now.
    pub(crate) fn holds_task(&self, transfer: &TransferState, task: &Task, now: i64) -> bool {
        let holds =
            |endpoint: &str, activity| self.holds(transfer, (endpoint, activity), &task.owner_id, now);
        match task.kind {
            Kind::Delete => holds(&task.source.0, Activity::Delete),
            Kind::Transfer => {
                holds(&task.source.0, Activity::Read)
                    || task.destination.as_ref().is_some_and(|(id, _)| holds(id, Activity::Write))
            }
        }
    }

    /// What everybody who is held may know.
    pub(crate) fn limited(&self, transfer: &TransferState) -> Value {
        let name = transfer.collections.get(&self.endpoint_id).map(|collection| &collection.display_name);
        let mut document = json!({
            "DATA_TYPE": "pause_rule_limited",
            "id": self.id,
            "message": self.message,
            "start_time": self.start_time,
            "endpoint_id": self.endpoint_id,
            "endpoint_display_name": name,
            "identity_id": self.identity_id,
            "created_by_host_manager": self.created_by_host_manager,
        });
        for activity in Activity::ALL {
            document[activity.field()] = self.held.contains(&activity).into();
        }
        document
    }

    /// What managers see.
    pub(crate) fn document(&self, app: &App, transfer: &TransferState, editable: bool) -> Value {
        let mut document = self.limited(transfer);
        let username = lock(&app.auth).identities.get(&self.modified_by_id).map(|who| who.username.clone());
        document["DATA_TYPE"] = "pause_rule".into();
        document["modified_by"] = username.into();
        document["modified_by_id"] = self.modified_by_id.as_str().into();
        document["modified_time"] = rfc3339(self.modified_millis).into();
        document["editable"] = editable.into();
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::collection::Collection;

    fn rule(more: Value) -> PauseRule {
        let mut body = json!({ "endpoint_id": "host", "message": "new disks" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        PauseRule::read("r".to_owned(), body.as_object().unwrap()).unwrap()
    }

    fn world() -> TransferState {
        let mut transfer = TransferState::default();
        let mut guest = Collection::new("guest", "guest", "GCP_guest_collection", ("o", "o@x"));
        guest.host = Some(("host".to_owned(), "/".to_owned()));
        transfer.collections.insert("guest".to_owned(), guest);
        transfer
    }

    #[test]
    fn a_rule_holds_all_that_it_does_not_leave_alone() {
        let world = world();
        let holds = |rule: &PauseRule, endpoint, activity| rule.holds(&world, (endpoint, activity), "i", 0);
        let all = rule(json!({}));
        assert!(Activity::ALL.into_iter().all(|activity| holds(&all, "host", activity)));
        let some = rule(json!({ "pause_ls": false }));
        assert!(!holds(&some, "host", Activity::Ls));
        assert!(holds(&some, "host", Activity::Read));
    }

    #[test]
    fn a_rule_reaches_the_guests_of_its_host_and_no_other_collection() {
        let (world, rule) = (world(), rule(json!({})));
        assert!(rule.holds(&world, ("guest", Activity::Read), "i", 0));
        assert!(!rule.holds(&world, ("other", Activity::Read), "i", 0));
    }

    #[test]
    fn a_rule_waits_for_its_time_and_looks_at_whom_it_is_for() {
        let world = world();
        let rule = rule(json!({ "identity_id": "i", "start_time": "1970-01-01T00:00:01Z" }));
        let holds = |identity, now| rule.holds(&world, ("host", Activity::Write), identity, now);
        assert!(holds("i", 1000));
        assert!(!holds("i", 999));
        assert!(!holds("j", 1000));
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for bad in [
            json!({ "message": "m" }),
            json!({ "endpoint_id": "e" }),
            json!({ "endpoint_id": "e", "message": "m", "start_time": "soon" }),
            json!({ "endpoint_id": "e", "message": "m", "pause_ls": "yes" }),
        ] {
            assert!(PauseRule::read("r".to_owned(), bad.as_object().unwrap()).is_err(), "{bad}");
        }
    }
}
