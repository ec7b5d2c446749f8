//! What a file says, with every name looked up.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

/// What the world is made of.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Contents {
    /// Whether the world of the tutorial is there as well.
    pub(crate) tutorial: bool,
    /// Id and username of who logs in by default, if it is not the tutorial's user.
    pub(crate) login: Option<(String, String)>,
    pub(crate) users: Vec<User>,
    pub(crate) clients: Vec<Client>,
    pub(crate) groups: Vec<Group>,
    pub(crate) collections: Vec<Collection>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) organization: Option<String>,
    /// The id of the identity that stands for both.
    pub(crate) linked_to: Option<String>,
}

#[derive(Clone, Serialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) public: bool,
    /// Made at the start when it is not given.
    pub(crate) secret: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<Scope>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A scope that a client offers to others.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Scope {
    pub(crate) scope: String,
    pub(crate) description: String,
    pub(crate) dependencies: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// As the service takes them.
    pub(crate) policies: Map<String, Value>,
    pub(crate) members: Vec<Member>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) role: &'static str,
    pub(crate) status: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) entity_type: &'static str,
    /// Id and username.
    pub(crate) owner: (String, String),
    /// The user's own directory, as it is written; without one it is made.
    pub(crate) given: Option<String>,
    /// The same, from where the program runs.
    #[serde(skip)]
    pub(crate) directory: Option<PathBuf>,
    /// Id of the host and path on it, for a guest collection.
    pub(crate) host: Option<(String, String)>,
    pub(crate) data_access: bool,
    pub(crate) high_assurance: bool,
    /// Further fields of the document.
    pub(crate) more: Map<String, Value>,
    pub(crate) access: Vec<Access>,
    pub(crate) roles: Vec<Role>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Principal {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Access {
    pub(crate) principal: Principal,
    pub(crate) path: String,
    pub(crate) permissions: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Role {
    pub(crate) principal: Principal,
    pub(crate) role: &'static str,
}
