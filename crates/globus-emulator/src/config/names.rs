//! Who and what is called how.

use std::collections::BTreeMap;

use toml::Spanned;

use super::contents::Principal;
use super::document::{Client, Collection, Document, Group, User};
use super::error::{ConfigError, Source};
use crate::ids::{is_uuid, named_uuid};
use crate::world::people;

/// Ids by the names that a file may use.
#[derive(Debug)]
pub(super) struct Names<'a> {
    pub(super) source: Source<'a>,
    users: BTreeMap<String, String>,
    clients: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
    collections: BTreeMap<String, String>,
}

/// Something with a name, which may have an id.
pub(super) trait Named {
    const KIND: &'static str;
    fn name(&self) -> &Spanned<String>;
    fn given_id(&self) -> Option<&Spanned<String>>;

    /// The id: the one that is given, or that of the name.
    fn id(&self) -> String {
        let named = || named_uuid(&format!("{}:{}", Self::KIND, self.name().get_ref()));
        self.given_id().map_or_else(named, |id| id.get_ref().to_ascii_lowercase())
    }
}

macro_rules! named {
    ($type:ty, $field:ident, $kind:literal) => {
        impl Named for $type {
            const KIND: &'static str = $kind;
            fn name(&self) -> &Spanned<String> {
                &self.$field
            }
            fn given_id(&self) -> Option<&Spanned<String>> {
                self.id.as_ref()
            }
        }
    };
}

named!(User, username, "identity");
named!(Client, name, "client");
named!(Group, name, "group");
named!(Collection, name, "collection");

impl<'a> Names<'a> {
    /// Every name in the file, and with `tutorial` those of the tutorial's users and groups.
    pub(super) fn of(source: Source<'a>, document: &Document, tutorial: bool) -> Result<Self, ConfigError> {
        let mut names = Self {
            source,
            users: index(source, &document.users)?,
            clients: index(source, &document.clients)?,
            groups: index(source, &document.groups)?,
            collections: index(source, &document.collections)?,
        };
        if tutorial {
            for person in people::everybody() {
                names.users.entry(person.username).or_insert(person.id);
            }
            for name in people::GROUPS {
                names.groups.entry(name.to_owned()).or_insert_with(|| people::group_id(name));
            }
        }
        Ok(names)
    }

    /// The id of the user.
    pub(super) fn user(&self, name: &Spanned<String>) -> Result<String, ConfigError> {
        self.look_up(&self.users, "user", name)
    }

    /// The id of the collection.
    pub(super) fn collection(&self, name: &Spanned<String>) -> Result<String, ConfigError> {
        self.look_up(&self.collections, "collection", name)
    }

    /// Id and username of a user or client, of whom one is named.
    pub(super) fn identity(
        &self,
        user: Option<&Spanned<String>>,
        client: Option<&Spanned<String>>,
    ) -> Option<Result<(String, String), ConfigError>> {
        match (user, client) {
            (Some(user), None) => Some(self.user(user).map(|id| (id, user.get_ref().clone()))),
            (None, Some(client)) => {
                let found = self.look_up(&self.clients, "client", client);
                Some(found.map(|id| (id.clone(), format!("{id}@clients.auth.globus.org"))))
            }
            _ => None,
        }
    }

    /// The one who is meant, of a user, a client or a group; `None` unless it is just one.
    pub(super) fn principal(
        &self,
        user: Option<&Spanned<String>>,
        client: Option<&Spanned<String>>,
        group: Option<&Spanned<String>>,
    ) -> Option<Result<Principal, ConfigError>> {
        match group {
            None => Some(self.identity(user, client)?.map(|(id, _)| Principal { kind: "identity", id })),
            Some(group) if user.is_none() && client.is_none() => {
                Some(self.look_up(&self.groups, "group", group).map(|id| Principal { kind: "group", id }))
            }
            Some(_) => None,
        }
    }

    fn look_up(
        &self,
        known: &BTreeMap<String, String>,
        kind: &str,
        name: &Spanned<String>,
    ) -> Result<String, ConfigError> {
        known.get(name.get_ref()).cloned().ok_or_else(|| {
            let all: Vec<_> = known.keys().map(|name| format!("`{name}`")).collect();
            let there = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
            let what = format!("there is no {kind} `{}`; there is {there}", name.get_ref());
            self.source.wrong(name.span(), what)
        })
    }
}

/// Names and ids, each of which may be there once.
fn index<T: Named>(source: Source<'_>, all: &[T]) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for one in all {
        let (kind, name) = (T::KIND, one.name());
        if name.get_ref().trim().is_empty() {
            return Err(source.wrong(name.span(), format!("the name of this {kind} is empty")));
        }
        if let Some(id) = one.given_id().filter(|id| !is_uuid(id.get_ref())) {
            let what = format!("`{}` is not a UUID, as ids are", id.get_ref());
            return Err(source.wrong(id.span(), what));
        }
        let id = one.id();
        if names.contains_key(name.get_ref()) || names.values().any(|other| *other == id) {
            let what = format!("there is another {kind} `{}`, or one with its id", name.get_ref());
            return Err(source.wrong(name.span(), what));
        }
        names.insert(name.get_ref().clone(), id);
    }
    Ok(names)
}
