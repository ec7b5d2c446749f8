//! Tasks, as their owners see them.

use serde_json::json;

use super::super::Answers;
use super::Caller;
use crate::support::text;

impl Caller<'_> {
    pub(super) async fn tasks(&self, answers: &mut Answers) {
        let submission = answers.done("get_submission_id", self.get("v0.10/submission_id").await);
        // More files than one page tells.
        let many = self.world.emulator.collection_a_dir().join("many");
        std::fs::create_dir(&many).unwrap();
        for number in 0..101 {
            std::fs::write(many.join(number.to_string()), "x").unwrap();
        }
        let items = [("/many/", "/~/many/"), ("/no/such", "/~/x")];
        let submitted = self.world.submit(&self.token, &items, json!({ "skip_source_errors": true })).await;
        let accepted = answers.done("submit_transfer", submitted);
        let task = text(&accepted["task_id"]);
        let done = self.world.until(&self.token, &task, |task| task["status"] != "ACTIVE").await;
        assert_eq!(done["status"], "SUCCEEDED");
        let at = format!("v0.10/task/{task}");
        answers.done("get_task", self.get(&at).await);
        answers.done("update_task", self.put(&at, &json!({ "label": "named" })).await);
        answers.done("task_list", self.get("v0.10/task_list").await);
        answers.done("task_event_list", self.get(&format!("{at}/event_list")).await);
        answers.done("task_successful_transfers", self.get(&format!("{at}/successful_transfers")).await);
        answers.done("task_skipped_errors", self.get(&format!("{at}/skipped_errors")).await);
        answers.done("cancel_task", self.post(&format!("{at}/cancel"), &json!({})).await);
        self.seen(&task, answers).await;
        let delete = json!({
            "DATA_TYPE": "delete",
            "submission_id": submission["value"],
            "endpoint": self.a,
            "DATA": [{ "DATA_TYPE": "delete_item", "path": "/named" }],
            "recursive": true,
        });
        answers.done("submit_delete", self.post("v0.10/delete", &delete).await);
    }

    /// What managers see of a task that is over.
    async fn seen(&self, task: &str, answers: &mut Answers) {
        let em = "v0.10/endpoint_manager";
        let list = format!("{em}/task_list?filter_endpoint={}&filter_status=SUCCEEDED", self.a);
        answers.done("endpoint_manager_task_list", self.get(&list).await);
        let at = format!("{em}/task/{task}");
        answers.done("endpoint_manager_get_task", self.get(&at).await);
        answers.done("endpoint_manager_task_event_list", self.get(&format!("{at}/event_list")).await);
        let successes = self.get(&format!("{at}/successful_transfers")).await;
        answers.done("endpoint_manager_task_successful_transfers", successes);
        answers.done("endpoint_manager_task_skipped_errors", self.get(&format!("{at}/skipped_errors")).await);
    }
}
