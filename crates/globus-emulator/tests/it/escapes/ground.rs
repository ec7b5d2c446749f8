//! A collection, and what lies outside of it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use globus_emulator::Emulator;
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

/// In the contents of each file outside, and in the name of one. Nothing inside may have it, and no answer.
const CANARY: &str = "canary-4f1c";

pub(super) struct Ground {
    pub(super) world: World,
    pub(super) token: String,
    /// The collection that is attacked, and its root on this machine.
    pub(super) collection: String,
    pub(super) root: PathBuf,
    /// Beside the root, so that `..` leads there.
    pub(super) outside: PathBuf,
    before: Vec<String>,
}

impl Ground {
    /// The first collection as a whole.
    pub(super) async fn mapped() -> Self {
        let world = Self::world().await;
        let token = world.user(TRANSFER).await;
        let root = world.emulator.collection_a_dir().to_owned();
        let collection = world.emulator.collection_a().to_owned();
        Self::around(world, token, collection, root)
    }

    /// A guest collection in the first one; the rest of that one lies outside.
    pub(super) async fn guest() -> Self {
        let world = Self::world().await;
        let token = world.user(TRANSFER).await;
        let root = world.emulator.collection_a_dir().join("share/guest");
        fs::create_dir(&root).unwrap();
        let share = json!({
            "DATA_TYPE": "shared_endpoint",
            "host_endpoint": world.emulator.collection_a(),
            "host_path": "/share/guest/",
            "display_name": "guest",
        });
        let guest = text(&world.post(&token, "v0.10/shared_endpoint", &share).await.1["id"]);
        Self::around(world, token, guest, root)
    }

    async fn world() -> World {
        World::with(Emulator::builder().retry_interval(Duration::from_secs(60))).await
    }

    fn around(world: World, token: String, collection: String, root: PathBuf) -> Self {
        let outside = root.parent().unwrap().join("outside");
        fs::create_dir_all(outside.join("victim/deep")).unwrap();
        fs::create_dir(outside.join("empty")).unwrap();
        for name in ["secret", CANARY, "victim/file", "victim/deep/file"] {
            fs::write(outside.join(name), format!("{CANARY} {name}")).unwrap();
        }
        symlink("secret", outside.join("link")).unwrap();
        let before = snapshot(&outside);
        Self { world, token, collection, root, outside, before }
    }

    /// Fails if anything outside was made, changed or removed, or got into a collection.
    pub(super) fn check(&self, what: &str) {
        assert_eq!(snapshot(&self.outside), self.before, "{what} changed something outside");
        assert!(self.root.is_dir(), "{what} took the root away");
        let world = &self.world.emulator;
        for collection in [world.collection_a_dir(), world.collection_b_dir()] {
            self.search(collection, what);
        }
    }

    fn search(&self, dir: &Path, what: &str) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            // What is attacked from a guest collection lies in its host.
            if path == self.outside {
                continue;
            }
            // Those who swap things while this looks are not at work any more.
            let meta = path.symlink_metadata().unwrap();
            assert!(!path.to_string_lossy().contains(CANARY), "{what} brought {} in", path.display());
            if meta.is_dir() {
                self.search(&path, what);
            } else if meta.is_file() && meta.len() < 10_000 {
                let bytes = fs::read(&path).unwrap();
                let found = String::from_utf8_lossy(&bytes).contains(CANARY);
                assert!(!found, "{what} brought the contents of {} in", path.display());
            }
        }
    }

    fn at(&self, operation: &str) -> String {
        format!("v0.10/operation/endpoint/{}/{operation}", self.collection)
    }

    /// Asks for a listing or a description; the status.
    pub(super) async fn look(&self, operation: &str, path: &str) -> u16 {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("path", path).finish();
        let (status, body) = self.world.get(&self.token, &format!("{}?{query}", self.at(operation))).await;
        assert!(!body.to_string().contains(CANARY), "{operation} of {path:?} tells of the outside: {body}");
        status.as_u16()
    }

    pub(super) async fn mkdir(&self, path: &str) -> u16 {
        self.act("mkdir", &json!({ "DATA_TYPE": "mkdir", "path": path })).await
    }

    pub(super) async fn rename(&self, old: &str, new: &str) -> u16 {
        self.act("rename", &json!({ "DATA_TYPE": "rename", "old_path": old, "new_path": new })).await
    }

    async fn act(&self, operation: &str, body: &Value) -> u16 {
        self.world.post(&self.token, &self.at(operation), body).await.0.as_u16()
    }

    /// Makes a guest collection at the path and looks into it.
    pub(super) async fn share(&self, path: &str) {
        let share = json!({ "host_endpoint": self.collection, "host_path": path, "display_name": "way out" });
        let (_, body) = self.world.post(&self.token, "v0.10/shared_endpoint", &share).await;
        if let Some(id) = body["id"].as_str() {
            let (_, listing) =
                self.world.get(&self.token, &format!("v0.10/operation/endpoint/{id}/ls?path=/")).await;
            assert!(!listing.to_string().contains(CANARY), "{path:?} was shared: {listing}");
            let path = format!("v0.10/endpoint/{id}");
            self.world.send(reqwest::Method::DELETE, &self.token, &path, &json!({})).await;
        }
    }

    /// Transfers inside the collection, or from it to the second one.
    pub(super) async fn transfer(&self, inside: bool, items: Value, more: Value) -> Value {
        let b = self.world.emulator.collection_b();
        let mut document = json!({
            "source_endpoint": self.collection,
            "destination_endpoint": if inside { &self.collection } else { b },
            "DATA": items,
        });
        for (name, value) in more.as_object().unwrap() {
            document[name] = value.clone();
        }
        let (_, accepted) = self.world.submit(&self.token, &[], document).await;
        self.tried(&accepted).await
    }

    pub(super) async fn delete(&self, path: &str) -> Value {
        let document = json!({
            "DATA_TYPE": "delete",
            "submission_id": text(&self.world.get(&self.token, "v0.10/submission_id").await.1["value"]),
            "endpoint": self.collection,
            "recursive": true,
            "DATA": [{ "DATA_TYPE": "delete_item", "path": path }],
        });
        let (_, accepted) = self.world.post(&self.token, "v0.10/delete", &document).await;
        self.tried(&accepted).await
    }

    /// Waits until everything of a task was tried once, and ends it; its last document, `Null` when it was refused at once.
    async fn tried(&self, accepted: &Value) -> Value {
        let Some(task) = accepted["task_id"].as_str() else { return Value::Null };
        let done = |task: &Value| {
            task["status"] != "ACTIVE" || (task["faults"] != 0 && task["subtasks_retrying"] != 0)
        };
        let document = self.world.until(&self.token, task, done).await;
        if document["status"] == "ACTIVE" {
            self.world.post(&self.token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
        }
        document
    }
}

pub(super) fn item(from: &str, to: &str) -> Value {
    json!({ "DATA_TYPE": "transfer_item", "source_path": from, "destination_path": to })
}

/// All there is to be known of a tree, but for what reading it changes.
fn snapshot(dir: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left = vec![dir.to_path_buf()];
    while let Some(path) = left.pop() {
        let meta = path.symlink_metadata().unwrap();
        let (mode, inode, time) = (meta.mode(), meta.ino(), (meta.mtime(), meta.mtime_nsec()));
        let what = if meta.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            String::new()
        } else if meta.is_symlink() {
            fs::read_link(&path).unwrap().display().to_string()
        } else {
            fs::read_to_string(&path).unwrap()
        };
        lines.push(format!("{} {mode:o} {inode} {time:?} {what}", path.display()));
    }
    lines.sort();
    lines
}
