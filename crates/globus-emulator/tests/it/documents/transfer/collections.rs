//! Collections, who may use them, and files.

use serde_json::json;

use super::super::Answers;
use super::Caller;
use crate::support::text;

impl Caller<'_> {
    pub(super) async fn collections(&self, answers: &mut Answers) {
        let path = format!("v0.10/endpoint/{}", self.a);
        answers.done("get_endpoint", self.get(&path).await);
        answers.done("update_endpoint", self.put(&path, &json!({ "description": "d" })).await);
        let found = "v0.10/endpoint_search?filter_fulltext=tutorial";
        answers.done("endpoint_search", self.get(found).await);
        let servers = answers.done("endpoint_server_list", self.get(&format!("{path}/server_list")).await);
        let server = &servers["DATA"][0]["id"];
        answers.done("get_endpoint_server", self.get(&format!("{path}/server/{server}")).await);
        let body = json!({ "subscription_id": "DEFAULT" });
        answers.done("set_subscription_id", self.put(&format!("{path}/subscription"), &body).await);
        let body = json!({ "subscription_admin_verified": true });
        let at = format!("{path}/subscription_admin_verified");
        answers.done("set_subscription_admin_verified", self.put(&at, &body).await);

        let body = json!({ "endpoint_id": self.a, "path": "/share/", "name": "first" });
        let made = answers.done("create_bookmark v0.10", self.post("v0.10/bookmark", &body).await);
        let at = format!("v0.10/bookmark/{}", text(&made["id"]));
        answers.done("get_bookmark v0.10", self.get(&at).await);
        answers.done("update_bookmark v0.10", self.put(&at, &json!({ "name": "renamed" })).await);
        answers.done("bookmark_list", self.get("v0.10/bookmark_list").await);
        answers.done("delete_bookmark v0.10", self.delete(&at).await);
    }

    pub(super) async fn sharing(&self, answers: &mut Answers) {
        let kim = self.world.identity("kim@example.org").await;
        let share = json!({
            "DATA_TYPE": "shared_endpoint",
            "host_endpoint": self.a,
            "host_path": "/share/",
            "display_name": "shared",
        });
        let made = answers.done("create_shared_endpoint", self.post("v0.10/shared_endpoint", &share).await);
        let guest = text(&made["id"]);
        let (host, path) = (format!("v0.10/endpoint/{}", self.a), format!("v0.10/endpoint/{guest}"));
        answers.done("my_shared_endpoint_list", self.get(&format!("{host}/my_shared_endpoint_list")).await);
        answers.done("get_shared_endpoint_list", self.get(&format!("{host}/shared_endpoint_list")).await);
        let em = "v0.10/endpoint_manager/endpoint";
        let hosted = self.get(&format!("{em}/{}/hosted_endpoint_list", self.a)).await;
        answers.done("endpoint_manager_hosted_endpoint_list", hosted);

        let rule = json!({ "principal_type": "identity", "principal": kim, "path": "/", "permissions": "r" });
        let made = answers.done("add_endpoint_acl_rule", self.post(&format!("{path}/access"), &rule).await);
        let at = format!("{path}/access/{}", text(&made["access_id"]));
        answers.done("get_endpoint_acl_rule", self.get(&at).await);
        answers.done("update_endpoint_acl_rule", self.put(&at, &json!({ "permissions": "rw" })).await);
        answers.done("endpoint_acl_list", self.get(&format!("{path}/access_list")).await);
        answers.done("endpoint_manager_acl_list", self.get(&format!("{em}/{guest}/access_list")).await);
        answers.done("delete_endpoint_acl_rule", self.delete(&at).await);

        let role = json!({ "principal_type": "identity", "principal": kim, "role": "access_manager" });
        let made = answers.done("add_endpoint_role", self.post(&format!("{path}/role"), &role).await);
        let at = format!("{path}/role/{}", text(&made["id"]));
        answers.done("get_endpoint_role", self.get(&at).await);
        answers.done("endpoint_role_list", self.get(&format!("{path}/role_list")).await);
        answers.done("delete_endpoint_role", self.delete(&at).await);
        answers.done("delete_endpoint", self.delete(&path).await);
    }

    pub(super) async fn files(&self, answers: &mut Answers) {
        let at = format!("v0.10/operation/endpoint/{}", self.a);
        answers.done("operation_ls", self.get(&format!("{at}/ls?path=/share/godata/")).await);
        answers.done("operation_stat", self.get(&format!("{at}/stat?path=/share/godata/file1.txt")).await);
        let body = json!({ "DATA_TYPE": "mkdir", "path": "/made" });
        answers.done("operation_mkdir", self.post(&format!("{at}/mkdir"), &body).await);
        let body = json!({ "DATA_TYPE": "rename", "old_path": "/made", "new_path": "/named" });
        answers.done("operation_rename", self.post(&format!("{at}/rename"), &body).await);
    }
}
