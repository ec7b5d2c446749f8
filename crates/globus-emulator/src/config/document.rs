//! The file as it is written. What the keys mean is told in `CONFIG.md`.

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Document {
    pub(super) login: Option<Spanned<String>>,
    pub(super) tutorial: bool,
    pub(super) settings: Settings,
    pub(super) faults: Vec<Spanned<Map<String, Value>>>,
    pub(super) users: Vec<User>,
    pub(super) clients: Vec<Client>,
    pub(super) groups: Vec<Group>,
    pub(super) collections: Vec<Collection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    pub(super) port: Option<u16>,
    pub(super) seed: Option<u64>,
    pub(super) token_lifetime_seconds: Option<u64>,
    pub(super) rotate_refresh_tokens: Option<bool>,
    pub(super) transfer_rate_bytes_per_second: Option<u64>,
    pub(super) retry_interval_milliseconds: Option<u64>,
    pub(super) clock_offset_seconds: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) username: Spanned<String>,
    pub(super) id: Option<Spanned<String>>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) organization: Option<String>,
    pub(super) linked_to: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) name: Spanned<String>,
    #[serde(rename = "type")]
    pub(super) kind: ClientKind,
    pub(super) id: Option<Spanned<String>>,
    pub(super) secret: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) redirect_uris: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) scopes: Vec<Scope>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum ClientKind {
    Native,
    Confidential,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scope {
    pub(super) name: Spanned<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: Spanned<String>,
    pub(super) id: Option<Spanned<String>>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) policies: Policies,
    #[serde(default)]
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Policies {
    pub(super) group_visibility: Option<GroupVisibility>,
    pub(super) group_members_visibility: Option<MembersVisibility>,
    pub(super) join_requests: Option<bool>,
    pub(super) is_high_assurance: Option<bool>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum GroupVisibility {
    Private,
    Authenticated,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum MembersVisibility {
    Managers,
    Members,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) user: Option<Spanned<String>>,
    pub(super) client: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) role: MemberRole,
    #[serde(default)]
    pub(super) status: MemberStatus,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum MemberRole {
    #[default]
    Member,
    Manager,
    Admin,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum MemberStatus {
    #[default]
    Active,
    Invited,
    Pending,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collection {
    pub(super) name: Spanned<String>,
    #[serde(rename = "type", default)]
    pub(super) kind: CollectionKind,
    pub(super) id: Option<Spanned<String>>,
    pub(super) owner: Option<Spanned<String>>,
    pub(super) directory: Option<Spanned<String>>,
    pub(super) host: Option<Spanned<String>>,
    pub(super) base_path: Option<Spanned<String>>,
    pub(super) description: Option<String>,
    pub(super) organization: Option<String>,
    #[serde(default)]
    pub(super) keywords: Vec<String>,
    pub(super) default_directory: Option<String>,
    #[serde(default = "yes")]
    pub(super) public: bool,
    #[serde(default)]
    pub(super) data_access: bool,
    #[serde(default)]
    pub(super) high_assurance: bool,
    #[serde(default)]
    pub(super) access: Vec<Access>,
    #[serde(default)]
    pub(super) roles: Vec<Role>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum CollectionKind {
    /// Globus Connect Personal.
    Personal,
    /// Globus Connect Server.
    #[default]
    Mapped,
    Guest,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Access {
    pub(super) user: Option<Spanned<String>>,
    pub(super) client: Option<Spanned<String>>,
    pub(super) group: Option<Spanned<String>>,
    pub(super) everybody: Option<Everybody>,
    #[serde(default = "root")]
    pub(super) path: Spanned<String>,
    pub(super) permissions: Permissions,
}

fn root() -> Spanned<String> {
    Spanned::new(0..0, "/".to_owned())
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Everybody {
    AllAuthenticatedUsers,
    Anonymous,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Permissions {
    R,
    Rw,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) user: Option<Spanned<String>>,
    pub(super) client: Option<Spanned<String>>,
    pub(super) group: Option<Spanned<String>>,
    pub(super) role: CollectionRole,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum CollectionRole {
    Administrator,
    AccessManager,
    ActivityManager,
    ActivityMonitor,
}
