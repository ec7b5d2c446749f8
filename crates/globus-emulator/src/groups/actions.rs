//! Joining, inviting, removing: many changes of memberships in one request.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::crud::ok;
use super::error::GroupsError;
use super::model::{Group, Role};
use super::{Answer, caller};
use crate::app::App;
use crate::auth::GROUPS_ALL;
use crate::http::Call;
use crate::lock::lock;

const ACTIONS: &[&str] = &[
    "accept",
    "add",
    "approve",
    "change_role",
    "decline",
    "invite",
    "join",
    "leave",
    "reject",
    "remove",
    "request_join",
];

/// Why one change was refused: a code and a sentence.
type Refused = (&'static str, String);

pub(crate) async fn act(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = caller(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::invalid("The body must be a JSON object"))?;
    if let Some(unknown) = body.keys().find(|action| !ACTIONS.contains(&action.as_str())) {
        return Err(GroupsError::invalid(format!("Unknown action {unknown}")));
    }
    let usernames = usernames(&app, &body);
    let mut groups = lock(&app.groups);
    let group = groups.groups.get_mut(&id).ok_or_else(|| GroupsError::not_found(&id))?;
    let mut done = Map::new();
    let mut errors = Map::new();
    for (action, entries) in &body {
        let mut changed = Vec::new();
        let mut refused = Vec::new();
        for entry in entries.as_array().into_iter().flatten() {
            let identity = entry.get("identity_id").and_then(Value::as_str).unwrap_or_default();
            let outcome = match usernames.get(identity).and_then(Value::as_str) {
                Some(username) => one(group, &me, action, identity, username, entry.get("role")),
                None => Err(("IDENTITY_NOT_FOUND", format!("Identity {identity} not found"))),
            };
            match outcome {
                Ok(()) => changed.extend(
                    group.membership(identity).map(|membership| group.membership_document(membership)),
                ),
                Err((code, detail)) => {
                    refused.push(json!({ "code": code, "detail": detail, "identity_id": identity }));
                }
            }
        }
        done.insert(action.clone(), changed.into());
        if !refused.is_empty() {
            errors.insert(action.clone(), refused.into());
        }
    }
    if !errors.is_empty() {
        done.insert("errors".to_owned(), errors.into());
    }
    Ok(ok(&done.into()))
}

fn usernames(app: &App, body: &Map<String, Value>) -> Map<String, Value> {
    let auth = lock(&app.auth);
    body.values()
        .flat_map(|entries| entries.as_array().into_iter().flatten())
        .filter_map(|entry| auth.identities.get(entry.get("identity_id")?.as_str()?))
        .map(|identity| (identity.id.clone(), identity.username.as_str().into()))
        .collect()
}

fn one(
    group: &mut Group,
    me: &str,
    action: &str,
    identity: &str,
    username: &str,
    role: Option<&Value>,
) -> Result<(), Refused> {
    let mine = group.role(me);
    let theirs = group.membership(identity).map(|membership| (membership.status.as_str(), membership.role));
    let wanted = match role.and_then(Value::as_str) {
        None => Role::Member,
        Some(role) => Role::parse(role).ok_or_else(|| ("BAD_REQUEST", format!("There is no role {role}")))?,
    };
    let forbidden = |detail: &str| Err(("FORBIDDEN", detail.to_owned()));
    let from_others = matches!(action, "add" | "approve" | "change_role" | "invite" | "reject" | "remove");
    if from_others {
        let over_admin = matches!(theirs, Some((_, Role::Admin))) || wanted == Role::Admin;
        let needed = if action == "change_role" || over_admin { Role::Admin } else { Role::Manager };
        if mine < Some(needed) {
            return forbidden("Your role in the group does not allow this");
        }
    } else if identity != me {
        return forbidden("This can only be done for oneself");
    }
    let active = matches!(theirs, Some(("active", _)));
    let last_admin = theirs == Some(("active", Role::Admin)) && admins(group) == 1;
    let status = match action {
        "add" if active => return Err(("ALREADY_ACTIVE", format!("{username} is a member already"))),
        "add" => "active",
        "invite" if active => return Err(("ALREADY_ACTIVE", format!("{username} is a member already"))),
        "invite" => "invited",
        "approve" | "reject" => {
            need(theirs, "pending")?;
            if action == "approve" { "active" } else { "rejected" }
        }
        "accept" | "decline" => {
            need(theirs, "invited")?;
            if action == "accept" { "active" } else { "declined" }
        }
        "remove" | "leave" if last_admin => {
            return Err(("LAST_ADMIN", "The last administrator cannot leave the group".to_owned()));
        }
        "remove" | "leave" => {
            if action == "leave" || theirs.is_none() {
                need(theirs, "active")?;
            }
            if action == "remove" { "removed" } else { "left" }
        }
        "join" | "request_join" => {
            let open = group.policies.get("join_requests").and_then(Value::as_bool) == Some(true);
            if !open || group.policy("group_visibility") != "authenticated" {
                return forbidden("The group does not take requests to join");
            }
            if active {
                return Err(("ALREADY_ACTIVE", format!("{username} is a member already")));
            }
            if action == "join" { "active" } else { "pending" }
        }
        "change_role" => {
            need(theirs, "active")?;
            if last_admin && wanted != Role::Admin {
                return Err(("LAST_ADMIN", "The group must keep an administrator".to_owned()));
            }
            "active"
        }
        _ => return Err(("BAD_REQUEST", format!("Unknown action {action}"))),
    };
    let sets_role = matches!(action, "add" | "invite" | "change_role");
    // Who comes back after leaving starts as a member again.
    let kept = match theirs {
        Some((_, role)) if !matches!(action, "join" | "request_join") => role,
        _ => Role::Member,
    };
    group.set(identity, username, if sets_role { wanted } else { kept }, status);
    Ok(())
}

fn need(theirs: Option<(&str, Role)>, status: &str) -> Result<(), Refused> {
    match theirs {
        Some((have, _)) if have == status => Ok(()),
        _ => Err(("MEMBERSHIP_NOT_FOUND", format!("There is no {status} membership of this identity"))),
    }
}

fn admins(group: &Group) -> usize {
    group
        .memberships
        .iter()
        .filter(|member| (member.status.as_str(), member.role) == ("active", Role::Admin))
        .count()
}
