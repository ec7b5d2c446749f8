//! Version 2.

use serde_json::json;

use super::super::Answers;
use super::Caller;
use crate::support::text;

impl Caller<'_> {
    pub(super) async fn version_2(&self, answers: &mut Answers) {
        let points = answers.done("list_stream_access_points", self.get("v2/stream_access_points").await);
        let id = |at: usize| text(&points["data"][at]["id"]);
        let point = self.get(&format!("v2/stream_access_points/{}", id(0))).await;
        answers.done("get_stream_access_point", point);

        let related = |at: usize| json!({ "data": { "type": "StreamAccessPoint", "id": id(at) } });
        let (_, submission) = self.get("v0.10/submission_id").await;
        let tunnel = json!({ "data": {
            "type": "Tunnel",
            "attributes": { "label": "tunnel", "submission_id": submission["value"] },
            "relationships": { "initiator": related(0), "listener": related(1) },
        }});
        let made = answers.done("create_tunnel", self.post("v2/tunnels", &tunnel).await);
        let at = format!("v2/tunnels/{}", text(&made["data"]["id"]));
        answers.done("get_tunnel", self.get(&at).await);
        answers.done("list_tunnels", self.get("v2/tunnels").await);
        let listener = json!({ "listener_ip_address": "127.0.0.1", "listener_port": 3 });
        let change = json!({ "data": { "type": "Tunnel", "attributes": listener } });
        answers.done("update_tunnel", self.patch(&at, &change).await);
        answers.done("get_tunnel_events", self.get(&format!("{at}/events")).await);
        answers.done("delete_tunnel", self.delete(&at).await);

        let collection = json!({ "data": { "type": "Collection", "id": self.a } });
        let bookmark = json!({ "data": {
            "type": "Bookmark",
            "attributes": { "name": "second", "path": "/share/" },
            "relationships": { "collection": collection },
        }});
        let made = answers.done("create_bookmark", self.post("v2/bookmarks", &bookmark).await);
        let at = format!("v2/bookmarks/{}", text(&made["data"]["id"]));
        answers.done("get_bookmark", self.get(&format!("{at}?include=collection")).await);
        answers.done("list_bookmarks", self.get("v2/bookmarks?include=collection").await);
        let change = json!({ "data": { "type": "Bookmark", "attributes": { "path": "/" } } });
        answers.done("update_bookmark", self.patch(&at, &change).await);
        answers.done("delete_bookmark", self.delete(&at).await);
    }
}
