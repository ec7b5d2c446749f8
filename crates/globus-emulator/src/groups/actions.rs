//! Joining, inviting, removing: many changes of memberships in one request.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::crud::ok;
use super::error::GroupsError;
use super::me::Me;
use super::model::{GroupsState, Membership, Role};
use super::rules::{Action, Attempt, Refused};
use super::{Answer, may_view};
use crate::app::App;
use crate::auth::GROUPS_ALL;
use crate::http::Call;
use crate::lock::lock;

/// Who is named in a request: username, and whether nobody has logged in as them.
type Named = BTreeMap<String, (String, bool)>;

pub(crate) async fn act(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = call.object().ok_or_else(|| GroupsError::bad_request("The body must be a JSON object"))?;
    let wanted = read(&body)?;
    let named = named(&app, &wanted);
    let now = app.clock.millis();
    let mut groups = lock(&app.groups);
    may_view(&groups, &id, &me)?;
    let mut done = Map::new();
    let mut errors = Map::new();
    for (action, entries) in wanted {
        let (mut changed, mut refused) = (Vec::new(), Vec::new());
        for entry in entries {
            let identity = text(entry, "identity_id").unwrap_or_default();
            match one(&mut groups, &id, &me, action, entry, &named, now) {
                Ok(membership) => changed.push(membership),
                Err((code, detail)) => {
                    refused.push(json!({ "code": code, "detail": detail, "identity_id": identity }));
                }
            }
        }
        done.insert(action.name().to_owned(), changed.into());
        if !refused.is_empty() {
            errors.insert(action.name().to_owned(), refused.into());
        }
    }
    if !errors.is_empty() {
        done.insert("errors".to_owned(), errors.into());
    }
    Ok(ok(&done.into()))
}

/// The actions with what is said for each identity. None may be named twice.
fn read(body: &Map<String, Value>) -> Result<Vec<(Action, Vec<&Value>)>, GroupsError> {
    let mut wanted = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut twice: Vec<&str> = Vec::new();
    for (name, entries) in body.iter().filter(|(_, entries)| !entries.is_null()) {
        let action = Action::parse(name)
            .ok_or_else(|| GroupsError::bad_request(format!("There is no action {name}")))?;
        let entries = entries.as_array().ok_or_else(|| GroupsError::invalid(name, "must be a list"))?;
        for entry in entries {
            let identity = text(entry, "identity_id")
                .ok_or_else(|| GroupsError::invalid(name, "must name an identity_id in each entry"))?;
            if seen.contains(&identity) {
                twice.push(identity);
            }
            seen.push(identity);
        }
        wanted.push((action, entries.iter().collect()));
    }
    if twice.is_empty() { Ok(wanted) } else { Err(GroupsError::ambiguous(&twice)) }
}

fn text<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    entry.get(name).and_then(Value::as_str)
}

fn named(app: &App, wanted: &[(Action, Vec<&Value>)]) -> Named {
    let auth = lock(&app.auth);
    wanted
        .iter()
        .flat_map(|(_, entries)| entries)
        .filter_map(|entry| auth.identities.get(text(entry, "identity_id")?))
        .map(|identity| (identity.id.clone(), (identity.username.clone(), identity.status == "unused")))
        .collect()
}

/// Makes one change; the membership after it.
fn one(
    groups: &mut GroupsState,
    id: &str,
    me: &Me,
    action: Action,
    entry: &Value,
    named: &Named,
    now: i64,
) -> Result<Value, Refused> {
    let identity = text(entry, "identity_id").unwrap_or_default();
    let (username, unused) = named
        .get(identity)
        .ok_or_else(|| ("IDENTITY_NOT_FOUND", format!("Identity {identity} not found")))?;
    let role = match text(entry, "role") {
        None => Role::Member,
        Some(role) => Role::parse(role).ok_or_else(|| ("BAD_REQUEST", format!("There is no role {role}")))?,
    };
    let preferences = groups.preferences.get(identity).cloned().unwrap_or_default();
    let gone = || ("GROUP_NOT_FOUND", format!("Group {id} not found"));
    let group = groups.groups.get(id).ok_or_else(gone)?;
    let attempt = Attempt { action, group, me, identity, role, preferences: &preferences };
    attempt.check()?;
    let membership = after(&attempt, entry, username, *unused, now);
    let group = groups.groups.get_mut(id).ok_or_else(gone)?;
    group.set(membership.clone());
    Ok(group.membership_document(&membership))
}

/// The membership as it is after the action.
fn after(attempt: &Attempt<'_>, entry: &Value, username: &str, unused: bool, now: i64) -> Membership {
    let Attempt { action, group, identity, role, .. } = *attempt;
    let before = group.membership(identity);
    // Who comes back after leaving starts as a member again.
    let comes_anew = matches!(action, Action::Join | Action::RequestJoin);
    let kept = before.filter(|_| !comes_anew).map_or(Role::Member, |before| before.role);
    let role = if action.sets_role() { role } else { kept };
    let given = |name: &str| text(entry, name).map(str::to_owned);
    let mut membership = Membership::new(identity, username, role, action.leads_to(), now);
    membership.status_reason = given("status_reason");
    membership.provisioned = unused;
    membership.invite_email_address = given("invite_email_address");
    if let (Some(before), true) = (before, membership.invited_millis.is_none()) {
        membership.invited_millis = before.invited_millis;
        membership.invite_email_address =
            membership.invite_email_address.or_else(|| before.invite_email_address.clone());
    }
    membership
}
