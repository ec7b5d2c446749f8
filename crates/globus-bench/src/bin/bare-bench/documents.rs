//! The documents, with the fields that a program would look at.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    description: Option<String>,
    parent_id: Option<String>,
    pub(crate) group_type: String,
    pub(crate) enforce_session: bool,
    session_limit: Option<i64>,
    pub(crate) my_memberships: Vec<Membership>,
    policies: Option<Policies>,
    subscription_id: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
pub(crate) struct Membership {
    group_id: String,
    identity_id: String,
    username: String,
    pub(crate) role: String,
    status: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
struct Policies {
    group_visibility: Option<String>,
    group_members_visibility: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
pub(crate) struct Task {
    task_id: String,
    #[serde(rename = "type")]
    kind: String,
    status: String,
    label: Option<String>,
    owner_id: Option<String>,
    request_time: Option<String>,
    completion_time: Option<String>,
    deadline: Option<String>,
    source_endpoint_id: Option<String>,
    source_endpoint_display_name: Option<String>,
    destination_endpoint_id: Option<String>,
    destination_endpoint_display_name: Option<String>,
    pub(crate) files: Option<u64>,
    files_transferred: Option<u64>,
    bytes_transferred: Option<u64>,
    effective_bytes_per_second: Option<u64>,
    faults: Option<u64>,
    subtasks_total: Option<u64>,
    nice_status: Option<String>,
    sync_level: Option<u8>,
    verify_checksum: Option<bool>,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(rename = "DATA")]
    pub(crate) data: Vec<Endpoint>,
    pub(crate) has_next_page: bool,
}

/// Knows as many fields as the SDK's, and keeps those that it does not know.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding a field is part of what is measured")]
pub(crate) struct Endpoint {
    id: String,
    pub(crate) display_name: Option<String>,
    canonical_name: Option<String>,
    entity_type: Option<String>,
    organization: Option<String>,
    department: Option<String>,
    description: Option<String>,
    keywords: Option<String>,
    info_link: Option<String>,
    contact_email: Option<String>,
    contact_info: Option<String>,
    username: Option<String>,
    owner_id: Option<String>,
    owner_string: Option<String>,
    public: Option<bool>,
    subscription_id: Option<String>,
    subscription_admin_verified: Option<bool>,
    default_directory: Option<String>,
    is_globus_connect: Option<bool>,
    gcp_connected: Option<bool>,
    gcp_paused: Option<bool>,
    gcs_manager_url: Option<String>,
    gcs_version: Option<String>,
    s3_url: Option<String>,
    host_endpoint_id: Option<String>,
    host_endpoint: Option<String>,
    host_endpoint_display_name: Option<String>,
    host_path: Option<String>,
    mapped_collection_id: Option<String>,
    mapped_collection_display_name: Option<String>,
    non_functional: Option<bool>,
    non_functional_endpoint_id: Option<String>,
    non_functional_endpoint_display_name: Option<String>,
    disable_verify: Option<bool>,
    force_verify: Option<bool>,
    force_encryption: Option<bool>,
    disable_anonymous_writes: Option<bool>,
    allow_guest_collections: Option<bool>,
    mfa_required: Option<bool>,
    high_assurance: Option<bool>,
    authentication_timeout_mins: Option<i64>,
    shareable: Option<bool>,
    acl_available: Option<bool>,
    acl_editable: Option<bool>,
    acl_max_expiration_period_mins: Option<i64>,
    in_use: Option<bool>,
    my_effective_roles: Option<Vec<String>>,
    tlsftp_server: Option<String>,
    https_server: Option<String>,
    network_use: Option<String>,
    preferred_concurrency: Option<i64>,
    preferred_parallelism: Option<i64>,
    max_concurrency: Option<i64>,
    max_parallelism: Option<i64>,
    storage_type: Option<String>,
    last_accessed_time: Option<String>,
    creation_time: Option<String>,
    user_message: Option<String>,
    user_message_link: Option<String>,
    #[serde(rename = "DATA_TYPE")]
    data_type: Option<String>,
    #[serde(flatten)]
    extra: HashMap<String, Value>,
}
