//! Demands for a login in the reasons that the service stores with a task.

use globus_transport::AuthRequirement;
use serde_json::Value;

use super::{Task, TaskEvent, TaskStatus};
use crate::model::Extra;

impl Task {
    /// The login that the task asks for before it goes on, or would have needed: consents, identities, policies or a second factor, by
    /// all that the service has stored as the reason why it fails or waits. An [inactive](TaskStatus::Inactive) task often has
    /// one. No error tells it: the task was accepted, and the demand came later.
    pub fn auth_requirement(&self) -> Option<AuthRequirement> {
        if self.status == Some(TaskStatus::Succeeded) {
            return None;
        }
        let fatal = self.fatal_error.iter().flat_map(AuthRequirement::all_in);
        let details = self.nice_status_details.iter().flat_map(|text| AuthRequirement::all_in_text(text));
        AuthRequirement::merged(fatal.chain(details).chain(in_new_fields(&self.extra)))
    }
}

impl TaskEvent {
    /// The login that the event asks for, by its details.
    pub fn auth_requirement(&self) -> Option<AuthRequirement> {
        let details = self.details.iter().flat_map(|text| AuthRequirement::all_in_text(text));
        AuthRequirement::merged(details.chain(in_new_fields(&self.extra)))
    }
}

/// In fields that this version does not know: each may be a reason, or all of them a demand.
fn in_new_fields(extra: &Extra) -> Vec<AuthRequirement> {
    if extra.is_empty() {
        return Vec::new();
    }
    let each = extra.iter().flat_map(|(_, value)| AuthRequirement::all_in(value));
    let fields = extra.iter().map(|(name, value)| (name.to_owned(), value.clone()));
    let together = AuthRequirement::from_json(&Value::Object(fields.collect()));
    each.chain(together).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn task(fields: Value) -> Task {
        let mut task = json!({"task_id": "t", "status": "INACTIVE"});
        task.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(task).unwrap()
    }

    fn event(fields: Value) -> TaskEvent {
        let mut event = json!({"code": "AUTH"});
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn the_login_that_a_task_asks_for_is_read_from_every_stored_reason() {
        let consent = json!({"code": "ConsentRequired", "required_scopes": ["s"]});
        let modern =
            json!({"code": "AuthorizationRequired", "authorization_parameters": {"required_scopes": ["s"]}});
        for demand in [consent, modern] {
            for fields in [
                json!({"fatal_error": demand}),
                json!({"fatal_error": {"code": "X", "details": demand.to_string()}}),
                json!({"nice_status_details": demand.to_string()}),
                json!({"nice_status_details": json!({"error": demand}).to_string()}),
                json!({"inactive_reason": demand}),
                json!({"authorization_parameters": {"required_scopes": ["s"]}}),
            ] {
                let found = task(fields.clone()).auth_requirement().unwrap();
                assert_eq!(found.authorization_parameters.required_scopes.unwrap(), ["s"], "{fields}");
            }
            let found = event(json!({"details": demand.to_string()})).auth_requirement().unwrap();
            assert_eq!(found.authorization_parameters.required_scopes.unwrap(), ["s"]);
        }
    }

    #[test]
    fn what_several_reasons_of_a_task_ask_for_is_one_login() {
        let consent = |scope| json!({"code": "ConsentRequired", "required_scopes": [scope]});
        let policy = json!({"authorization_parameters": {"session_required_policies": ["p"]}});
        let both = json!({"errors": [consent("a"), policy]}).to_string();
        let found =
            task(json!({"fatal_error": consent("a"), "nice_status_details": both})).auth_requirement();
        let asked = found.unwrap().authorization_parameters;
        assert_eq!(asked.required_scopes.unwrap(), ["a"]);
        assert_eq!(asked.session_required_policies.unwrap(), ["p"]);
    }

    #[test]
    fn other_reasons_ask_for_no_login() {
        let demand = json!({"code": "ConsentRequired", "required_scopes": ["s"]});
        for fields in [
            json!({}),
            json!({"fatal_error": {"code": "X"}}),
            json!({"nice_status_details": "ConsentRequired"}),
            json!({"status": "SUCCEEDED", "fatal_error": demand}),
        ] {
            assert_eq!(task(fields.clone()).auth_requirement(), None, "{fields}");
        }
        assert_eq!(event(json!({"details": "{\"context\": [{\"path\": \"/x\"}]}"})).auth_requirement(), None);
    }
}
