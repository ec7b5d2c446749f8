//! Demands for a login in the reasons that the service stores with a task.

use globus_transport::AuthRequirement;
use serde_json::Value;

use crate::transfer::Task;

/// In the fields that say why a task fails or waits.
pub(super) fn of_task(task: &Task) -> Option<AuthRequirement> {
    let fatal = task.fatal_error.as_ref().and_then(|fatal| in_document(fatal, NESTING));
    fatal.or_else(|| in_text(task.nice_status_details.as_deref()?))
}

/// In a text that holds a JSON document.
pub(super) fn in_text(text: &str) -> Option<AuthRequirement> {
    in_document(&serde_json::from_str(text).ok()?, NESTING)
}

/// How deep documents are looked into.
const NESTING: usize = 4;

/// In the document itself, or where such documents keep what others said.
fn in_document(document: &Value, nesting: usize) -> Option<AuthRequirement> {
    if let Value::String(text) = document {
        let inner = serde_json::from_str(text).ok()?;
        return in_document(&inner, nesting.checked_sub(1)?);
    }
    let deeper = nesting.checked_sub(1);
    let inner = || {
        let places = ["error", "details", "detail", "context", "body"];
        places.iter().find_map(|place| in_document(document.get(place)?, deeper?))
    };
    AuthRequirement::from_json(document).or_else(inner)
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

    #[test]
    fn a_demand_for_a_login_is_found_where_it_is_stored() {
        let consent = json!({"code": "ConsentRequired", "required_scopes": ["s"]});
        for fields in [
            json!({"fatal_error": consent}),
            json!({"nice_status_details": consent.to_string()}),
            json!({"nice_status_details": json!({"error": consent}).to_string()}),
            json!({"fatal_error": {"code": "X", "details": consent.to_string()}}),
        ] {
            let found = of_task(&task(fields.clone())).unwrap();
            assert_eq!(found.authorization_parameters.required_scopes.unwrap(), ["s"], "{fields}");
        }
    }

    #[test]
    fn other_reasons_are_no_demands() {
        for fields in
            [json!({}), json!({"fatal_error": {"code": "X"}}), json!({"nice_status_details": "expired"})]
        {
            assert_eq!(of_task(&task(fields)), None);
        }
        let deep = (0..9).fold(
            json!({"code": "ConsentRequired", "required_scopes": ["s"]}),
            |inner, _| json!({"error": inner}),
        );
        assert_eq!(in_text(&deep.to_string()), None);
    }
}
