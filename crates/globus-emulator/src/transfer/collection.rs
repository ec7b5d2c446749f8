//! Collections: local directories, and entries that can only be found.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::permission::{Role, Viewer};
use super::state::TransferState;

/// What an owner may say of it, and change.
const MUTABLE: &[&str] = &[
    "contact_email",
    "contact_info",
    "default_directory",
    "department",
    "description",
    "disable_anonymous_writes",
    "disable_verify",
    "force_encryption",
    "force_verify",
    "info_link",
    "keywords",
    "location",
    "network_use",
    "organization",
    "public",
    "user_message",
    "user_message_link",
];

/// One collection or endpoint.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) entity_type: String,
    pub(crate) owner_id: String,
    pub(crate) owner_string: String,
    /// The directory that is `/`, canonical; `None` for what is offline.
    pub(crate) root: Option<PathBuf>,
    pub(crate) needs_data_access: bool,
    /// For a guest collection: where it is, and which part of it.
    pub(crate) host: Option<(String, String)>,
    pub(crate) acl: Vec<Value>,
    pub(crate) roles: Vec<Value>,
    /// The other fields of the document: those that can be updated, and what the world gave.
    pub(crate) more: Map<String, Value>,
}

impl Collection {
    pub(crate) fn new(id: &str, display_name: &str, entity_type: &str, owner: (&str, &str)) -> Self {
        Self {
            id: id.to_owned(),
            display_name: display_name.to_owned(),
            entity_type: entity_type.to_owned(),
            owner_id: owner.0.to_owned(),
            owner_string: owner.1.to_owned(),
            root: None,
            needs_data_access: false,
            host: None,
            acl: Vec::new(),
            roles: Vec::new(),
            more: Map::new(),
        }
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.host.is_some()
    }

    pub(crate) fn is_high_assurance(&self) -> bool {
        self.more.get("high_assurance") == Some(&Value::Bool(true))
    }

    /// Takes over what an owner says of it; what else is said has no effect.
    pub(crate) fn describe(&mut self, told: &Map<String, Value>) {
        let mutable = told.iter().filter(|(field, _)| MUTABLE.contains(&field.as_str()));
        self.more.extend(mutable.map(|(field, value)| (field.clone(), value.clone())));
    }

    fn is_personal(&self) -> bool {
        self.entity_type.starts_with("GCP_")
    }

    /// The document as the viewer sees it.
    pub(crate) fn document(&self, transfer: &TransferState, viewer: &Viewer) -> Value {
        let guest = self.is_guest();
        let host = self.host(transfer);
        let host_id = self.host.as_ref().map(|(id, _)| id);
        let host_name = host.map(|host| &host.display_name);
        let username = format!("u_{}", self.owner_id.replace('-', ""));
        let personal = self.is_personal();
        // It holds collections, and no data of its own.
        let hollow = self.entity_type == "GCSv5_endpoint";
        let mut document = json!({
            "DATA_TYPE": "endpoint",
            "id": self.id,
            "display_name": self.display_name,
            "canonical_name": format!("{username}#{}", self.id),
            "name": self.id,
            "username": username,
            "entity_type": self.entity_type,
            "owner_id": self.owner_id,
            "owner_string": self.owner_string,
            "host_endpoint_id": host_id,
            "host_endpoint": host_id,
            "host_endpoint_display_name": host_name,
            "host_path": self.host.as_ref().map(|(_, path)| path),
            "sharing_target_endpoint": host_id,
            "sharing_target_root_path": self.host.as_ref().map(|(_, path)| path),
            "mapped_collection_id": host_id,
            "mapped_collection_display_name": host_name,
            "is_globus_connect": self.entity_type == "GCP_mapped_collection",
            "my_effective_roles": self.effective_roles(transfer, viewer),
            "acl_available": guest,
            "acl_editable": guest && self.grants(viewer, Role::AccessManager),
            "shareable": !guest && self.root.is_some(),
            "allow_guest_collections": !guest && self.root.is_some(),
            "public": true,
            "high_assurance": false,
            "in_use": transfer.is_in_use(&self.id),
            "non_functional": hollow,
            "gcp_connected": personal.then_some(self.root.is_some()),
            "gcp_paused": personal.then_some(false),
            "DATA": self.servers(),
        });
        if let (Value::Object(fields), Value::Object(rest)) = (&mut document, unset()) {
            fields.extend(rest);
            fields.extend(self.more.clone());
        }
        document
    }

    /// Whether every word occurs in the texts that people search.
    pub(crate) fn matches(&self, words: &[String]) -> bool {
        let mut text = format!("{} {} {}", self.display_name, self.id, self.owner_string);
        for field in ["description", "organization", "department", "keywords"] {
            if let Some(value) = self.more.get(field).and_then(Value::as_str) {
                text.push(' ');
                text.push_str(value);
            }
        }
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// The fields that say nothing about a local directory, but that clients read.
fn unset() -> Value {
    let mut fields = json!({
        "subscription_admin_verified": false,
        "disable_verify": false,
        "disable_anonymous_writes": false,
        "force_verify": false,
        "force_encryption": false,
        "mfa_required": false,
        "french_english_bilingual": false,
        "s3_owner_activated": false,
        "local_user_info_available": false,
        "network_use": "normal",
        "activated": true,
        "expires_in": -1,
        "storage_type": "posix",
    });
    for name in UNSET {
        fields[*name] = Value::Null;
    }
    fields
}

const UNSET: &[&str] = &[
    "description",
    "organization",
    "department",
    "keywords",
    "contact_email",
    "contact_info",
    "info_link",
    "user_message",
    "user_message_link",
    "default_directory",
    "subscription_id",
    "authentication_policy_id",
    "authentication_timeout_mins",
    "globus_connect_setup_key",
    "myproxy_server",
    "myproxy_dn",
    "oauth_server",
    "s3_url",
    "location",
    "max_concurrency",
    "preferred_concurrency",
    "max_parallelism",
    "preferred_parallelism",
    "expire_time",
    "acl_max_expiration_period_mins",
    "non_functional_endpoint_id",
    "non_functional_endpoint_display_name",
    "gcs_version",
    "gcs_manager_url",
    "tlsftp_server",
    "https_server",
    "last_accessed",
];
