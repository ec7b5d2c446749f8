//! From what is written to what is meant.

use std::path::Path;

use serde_json::{Map, Value, json};
use toml::Spanned;

use super::contents::{Access, Client, Collection, Contents, Group, Member, Principal, Role, Scope, User};
use super::document::{self, ClientKind, CollectionKind, Document, Everybody, Permissions};
use super::error::{ConfigError, Source};
use super::names::{Named as _, Names};
use crate::auth::Registry;

type Result<T> = std::result::Result<T, ConfigError>;

pub(super) fn contents(source: Source<'_>, document: &Document) -> Result<Contents> {
    let empty = document.users.is_empty() && document.groups.is_empty() && document.collections.is_empty();
    let tutorial = document.tutorial || empty;
    let names = Names::of(source, document, tutorial)?;
    let first = document.users.first().map(|user| &user.username);
    let login = match (&document.login, first.filter(|_| !document.tutorial)) {
        (Some(login), _) | (None, Some(login)) => Some((names.user(login)?, login.get_ref().clone())),
        (None, None) if tutorial => None,
        (None, None) => {
            let what = "a file with groups or collections needs at least one [[users]], or `tutorial = true`";
            return Err(ConfigError::new(source.file, what));
        }
    };
    let clients: Vec<Client> =
        document.clients.iter().map(|client| self::client(source, client)).collect::<Result<_>>()?;
    check_dependencies(source, document, &clients)?;
    Ok(Contents {
        tutorial,
        users: document.users.iter().map(|user| self::user(&names, user)).collect::<Result<_>>()?,
        groups: document.groups.iter().map(|group| self::group(&names, group)).collect::<Result<_>>()?,
        collections: document
            .collections
            .iter()
            .map(|collection| self::collection(&names, document, collection, login.as_ref()))
            .collect::<Result<_>>()?,
        clients,
        login,
    })
}

fn user(names: &Names<'_>, user: &document::User) -> Result<User> {
    let username = user.username.get_ref();
    let parts = username.split_once('@').filter(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if parts.is_none() {
        let what = format!(
            "`{username}` is not a username: NAME@DOMAIN, where the domain names the identity provider"
        );
        return Err(names.source.wrong(user.username.span(), what));
    }
    Ok(User {
        id: user.id(),
        username: username.clone(),
        name: user.name.clone(),
        email: user.email.clone().or_else(|| Some(username.clone())),
        organization: user.organization.clone(),
        linked_to: user.linked_to.as_ref().map(|other| names.user(other)).transpose()?,
    })
}

fn client(source: Source<'_>, client: &document::Client) -> Result<Client> {
    let public = client.kind == ClientKind::Native;
    if let Some(secret) = client.secret.as_ref().filter(|_| public) {
        return Err(source.wrong(
            secret.span(),
            "a native client can keep no secret; leave it out, or make it confidential",
        ));
    }
    for uri in &client.redirect_uris {
        if !uri.get_ref().contains("://") {
            let what =
                format!("`{}` is not a redirect URI, such as http://localhost:5000/callback", uri.get_ref());
            return Err(source.wrong(uri.span(), what));
        }
    }
    let id = client.id();
    let scopes = client.scopes.iter().map(|scope| Scope {
        scope: scope_string(&id, scope.name.get_ref()),
        description: scope.description.clone().unwrap_or_else(|| format!("Use {}", client.name.get_ref())),
        dependencies: scope.dependencies.iter().map(|other| other.get_ref().clone()).collect(),
    });
    Ok(Client {
        scopes: scopes.collect(),
        name: client.name.get_ref().clone(),
        public,
        secret: client.secret.as_ref().map(|secret| secret.get_ref().clone()),
        redirect_uris: client.redirect_uris.iter().map(|uri| uri.get_ref().clone()).collect(),
        id,
    })
}

fn scope_string(client: &str, name: &str) -> String {
    if name.contains(':') {
        name.to_owned()
    } else {
        format!("https://auth.globus.org/scopes/{client}/{name}")
    }
}

/// What a scope depends on must be there: one of Globus', or one of a client of the file.
fn check_dependencies(source: Source<'_>, document: &Document, clients: &[Client]) -> Result<()> {
    let globus = Registry::globus();
    let ours: Vec<&str> =
        clients.iter().flat_map(|client| &client.scopes).map(|scope| scope.scope.as_str()).collect();
    let written =
        document.clients.iter().flat_map(|client| &client.scopes).flat_map(|scope| &scope.dependencies);
    for dependency in written {
        let name = dependency.get_ref().as_str();
        if globus.get(name).is_none() && !ours.contains(&name) {
            let what = format!(
                "there is no scope `{name}`; name one of Globus, or one of a client in this file in full"
            );
            return Err(source.wrong(dependency.span(), what));
        }
    }
    Ok(())
}

fn group(names: &Names<'_>, group: &document::Group) -> Result<Group> {
    let mut policies = Map::new();
    let mut set = |name: &str, value: Value| policies.insert(name.to_owned(), value);
    if let Some(visibility) = group.policies.group_visibility {
        let all = visibility == document::GroupVisibility::Authenticated;
        set("group_visibility", if all { "authenticated" } else { "private" }.into());
    }
    if let Some(visibility) = group.policies.group_members_visibility {
        let all = visibility == document::MembersVisibility::Members;
        set("group_members_visibility", if all { "members" } else { "managers" }.into());
    }
    if let Some(join) = group.policies.join_requests {
        set("join_requests", join.into());
    }
    if let Some(high) = group.policies.is_high_assurance {
        set("is_high_assurance", high.into());
    }
    let member = |member: &document::Member| {
        let found = names.identity(member.user.as_ref(), member.client.as_ref());
        let (id, username) = found.unwrap_or_else(|| {
            let what = format!("a member of `{}` is either a `user` or a `client`", group.name.get_ref());
            Err(names.source.wrong(group.name.span(), what))
        })?;
        Ok(Member {
            id,
            username,
            role: match member.role {
                document::MemberRole::Member => "member",
                document::MemberRole::Manager => "manager",
                document::MemberRole::Admin => "admin",
            },
            status: match member.status {
                document::MemberStatus::Active => "active",
                document::MemberStatus::Invited => "invited",
                document::MemberStatus::Pending => "pending",
            },
        })
    };
    Ok(Group {
        id: group.id(),
        name: group.name.get_ref().clone(),
        description: group.description.clone(),
        members: group.members.iter().map(member).collect::<Result<_>>()?,
        policies,
    })
}

fn collection(
    names: &Names<'_>,
    document: &Document,
    collection: &document::Collection,
    login: Option<&(String, String)>,
) -> Result<Collection> {
    let owner = match (&collection.owner, login) {
        (Some(owner), _) => (names.user(owner)?, owner.get_ref().clone()),
        (None, Some(login)) => login.clone(),
        (None, None) => {
            let user = crate::world::people::user();
            (user.id, user.username)
        }
    };
    let host = host(names, document, collection)?;
    let personal = host.as_ref().map_or(collection.kind, |(kind, ..)| *kind) == CollectionKind::Personal;
    let entity_type = match (personal, host.is_some()) {
        (true, false) => "GCP_mapped_collection",
        (false, false) => "GCSv5_mapped_collection",
        (true, true) => "GCP_guest_collection",
        (false, true) => "GCSv5_guest_collection",
    };
    let directory = collection.directory.as_ref().map(|directory| {
        names.source.file.parent().unwrap_or_else(|| Path::new("")).join(directory.get_ref())
    });
    Ok(Collection {
        id: collection.id(),
        name: collection.name.get_ref().clone(),
        entity_type,
        owner,
        given: collection.directory.as_ref().map(|directory| directory.get_ref().clone()),
        directory,
        host: host.map(|(_, id, path)| (id, path)),
        data_access: collection.data_access,
        high_assurance: collection.high_assurance,
        more: more(collection),
        access: access(names, collection)?,
        roles: collection
            .roles
            .iter()
            .map(|role| {
                let found = names.principal(role.user.as_ref(), role.client.as_ref(), role.group.as_ref());
                let principal = one_of(names, collection, "role", "`user`, `client` or `group`", found)?;
                Ok(Role { principal, role: role_name(role.role) })
            })
            .collect::<Result<_>>()?,
    })
}

/// Kind, id and path of what a guest collection is on.
fn host(
    names: &Names<'_>,
    document: &Document,
    collection: &document::Collection,
) -> Result<Option<(CollectionKind, String, String)>> {
    let wrong = |at: &Spanned<String>, what: &str| Err(names.source.wrong(at.span(), what));
    let guest = collection.kind == CollectionKind::Guest;
    let (host, path) = match (&collection.host, &collection.base_path, &collection.directory) {
        (Some(host), _, _) if !guest => {
            return wrong(host, "only a guest collection (`type = \"guest\"`) has a host");
        }
        (_, Some(path), _) if !guest => {
            return wrong(path, "only a guest collection (`type = \"guest\"`) has a base path");
        }
        (_, _, Some(directory)) if guest => {
            return wrong(directory, "a guest collection is where `base_path` is on its `host`");
        }
        (Some(host), Some(path), _) => (host, path),
        _ if guest => return wrong(&collection.name, "a guest collection needs `host` and `base_path`"),
        _ => return Ok(None),
    };
    let id = names.collection(host)?;
    let kind = document
        .collections
        .iter()
        .find(|other| other.id() == id)
        .map_or(CollectionKind::Mapped, |other| other.kind);
    if kind == CollectionKind::Guest {
        return wrong(host, "the host of a guest collection is not a guest collection itself");
    }
    Ok(Some((kind, id, folder(names, path)?)))
}

/// A path in a collection, which starts and ends with a slash.
fn folder(names: &Names<'_>, path: &Spanned<String>) -> Result<String> {
    let text = path.get_ref();
    let inside = text.split('/').all(|part| !matches!(part, "." | ".." | "~"));
    if text.starts_with('/') && inside {
        return Ok(if text.ends_with('/') { text.clone() } else { format!("{text}/") });
    }
    Err(names.source.wrong(
        path.span(),
        format!("`{text}` is not a path from the root of the collection, such as /results/"),
    ))
}

fn more(collection: &document::Collection) -> Map<String, Value> {
    let all = json!({
        "description": collection.description,
        "organization": collection.organization,
        "keywords": (!collection.keywords.is_empty()).then(|| collection.keywords.join(",")),
        "default_directory": collection.default_directory,
        "public": collection.public,
        "high_assurance": collection.high_assurance,
        "authentication_timeout_mins": collection.high_assurance.then_some(30),
    });
    let Value::Object(all) = all else { return Map::new() };
    all.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn access(names: &Names<'_>, collection: &document::Collection) -> Result<Vec<Access>> {
    if let Some(first) = collection.access.first().filter(|_| collection.kind != CollectionKind::Guest) {
        let at = if first.path.span().is_empty() { collection.name.span() } else { first.path.span() };
        return Err(names.source.wrong(at, "only a guest collection (`type = \"guest\"`) has access rules"));
    }
    let rule = |rule: &document::Access| {
        let found = match rule.everybody {
            None => names.principal(rule.user.as_ref(), rule.client.as_ref(), rule.group.as_ref()),
            Some(everybody) if rule.user.is_none() && rule.client.is_none() && rule.group.is_none() => {
                let anonymous = everybody == Everybody::Anonymous;
                let kind = if anonymous { "anonymous" } else { "all_authenticated_users" };
                Some(Ok(Principal { kind, id: String::new() }))
            }
            Some(_) => None,
        };
        let principal =
            one_of(names, collection, "access rule", "`user`, `client`, `group` or `everybody`", found)?;
        let permissions = if rule.permissions == Permissions::Rw { "rw" } else { "r" };
        Ok(Access { principal, path: folder(names, &rule.path)?, permissions })
    };
    collection.access.iter().map(rule).collect()
}

fn one_of(
    names: &Names<'_>,
    collection: &document::Collection,
    what: &str,
    keys: &str,
    found: Option<Result<Principal>>,
) -> Result<Principal> {
    found.unwrap_or_else(|| {
        let what = format!("each {what} of `{}` names one of {keys}", collection.name.get_ref());
        Err(names.source.wrong(collection.name.span(), what))
    })
}

fn role_name(role: document::CollectionRole) -> &'static str {
    match role {
        document::CollectionRole::Administrator => "administrator",
        document::CollectionRole::AccessManager => "access_manager",
        document::CollectionRole::ActivityManager => "activity_manager",
        document::CollectionRole::ActivityMonitor => "activity_monitor",
    }
}
