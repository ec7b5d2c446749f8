//! What managers do.

use serde_json::json;

use super::super::Answers;
use super::Caller;
use crate::support::text;

impl Caller<'_> {
    pub(super) async fn managers(&self, answers: &mut Answers) {
        let em = "v0.10/endpoint_manager";
        let monitored = self.get(&format!("{em}/monitored_endpoints")).await;
        answers.done("endpoint_manager_monitored_endpoints", monitored);
        let seen = self.get(&format!("{em}/endpoint/{}", self.a)).await;
        answers.done("endpoint_manager_get_endpoint", seen);

        let rule = json!({ "DATA_TYPE": "pause_rule", "endpoint_id": self.b, "message": "new disks" });
        let made = self.post(&format!("{em}/pause_rule"), &rule).await;
        let made = answers.done("endpoint_manager_create_pause_rule", made);
        let at = format!("{em}/pause_rule/{}", text(&made["id"]));
        answers.done("endpoint_manager_get_pause_rule", self.get(&at).await);
        let change = json!({ "message": "newer disks" });
        answers.done("endpoint_manager_update_pause_rule", self.put(&at, &change).await);
        answers.done("endpoint_manager_pause_rule_list", self.get(&format!("{em}/pause_rule_list")).await);
        let mine = format!("v0.10/endpoint/{}/my_effective_pause_rule_list", self.b);
        answers.done("my_effective_pause_rule_list", self.get(&mine).await);

        let (_, accepted) =
            self.world.submit(&self.token, &[("/share/godata/file1.txt", "/~/one.txt")], json!({})).await;
        let task = text(&accepted["task_id"]);
        let body = json!({ "task_id_list": [task], "message": "wait" });
        let paused = self.post(&format!("{em}/admin_pause"), &body).await;
        answers.done("endpoint_manager_pause_tasks", paused);
        answers.done("task_pause_info", self.get(&format!("v0.10/task/{task}/pause_info")).await);
        let info = self.get(&format!("{em}/task/{task}/pause_info")).await;
        answers.done("endpoint_manager_task_pause_info", info);
        let resumed = self.post(&format!("{em}/admin_resume"), &json!({ "task_id_list": [task] })).await;
        answers.done("endpoint_manager_resume_tasks", resumed);
        let cancelled = self.post(&format!("{em}/admin_cancel"), &body).await;
        let cancelled = answers.done("endpoint_manager_cancel_tasks", cancelled);
        let status = self.get(&format!("{em}/admin_cancel/{}", text(&cancelled["id"]))).await;
        answers.done("endpoint_manager_cancel_status", status);
        answers.done("endpoint_manager_delete_pause_rule", self.delete(&at).await);
    }
}
