//! What identities say about themselves: preferences for all groups, and fields for one.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::crud::{object, ok};
use super::error::GroupsError;
use super::me::Me;
use super::model::{GroupsState, Preferences};
use super::{Answer, may_view};
use crate::app::App;
use crate::auth::{GROUPS_ALL, GROUPS_VIEW};
use crate::http::Call;
use crate::lock::lock;

pub(crate) async fn read(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    Ok(ok(&document(&lock(&app.groups), &me)))
}

fn document(groups: &GroupsState, me: &Me) -> Value {
    let of = |id: &String| groups.preferences.get(id).cloned().unwrap_or_default();
    let entries = me.identities.iter().map(|id| (id.clone(), json!({ "allow_add": of(id).allow_add })));
    Value::Object(entries.collect())
}

pub(crate) async fn write(State(app): State<Arc<App>>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let body = object(&call)?;
    let mut groups = lock(&app.groups);
    let mut wanted = Vec::new();
    for (id, preferences) in body {
        if !me.is(&id) {
            return Err(GroupsError::forbidden(format!("{id} is not one of your identities")));
        }
        let allow_add = match preferences.get("allow_add") {
            Some(Value::Bool(allow)) => *allow,
            // Null is what everybody starts with.
            Some(Value::Null) => true,
            _ => return Err(GroupsError::invalid("allow_add", "must be true, false or null")),
        };
        wanted.push((id, Preferences { allow_add }));
    }
    for (id, preferences) in wanted {
        groups.preferences.insert(id, preferences);
    }
    Ok(ok(&document(&groups, &me)))
}

pub(crate) async fn read_fields(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_VIEW, GROUPS_ALL])?;
    let groups = lock(&app.groups);
    let group = may_view(&groups, &id, &me)?;
    let told = |identity: &String| group.fields.get(identity).cloned().unwrap_or_default();
    let entries = me.identities.iter().map(|identity| (identity.clone(), told(identity).into()));
    Ok(ok(&Value::Object(entries.collect())))
}

/// `{identity: {field: text}}`. Fields without an identity are those of the caller's own.
pub(crate) async fn write_fields(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let me = Me::of(&app, &call, &[GROUPS_ALL])?;
    let by_identity = by_identity(&me, object(&call)?)?;
    let mut groups = lock(&app.groups);
    let mut group = may_view(&groups, &id, &me)?.clone();
    let mut document = Map::new();
    for (identity, fields) in by_identity {
        document.insert(identity.clone(), fields.clone().into());
        group.fields.insert(identity, fields);
    }
    groups.groups.insert(id, group);
    Ok(ok(&document.into()))
}

/// What an identity tells about itself.
type Told = (String, Map<String, Value>);

fn by_identity(me: &Me, body: Map<String, Value>) -> Result<Vec<Told>, GroupsError> {
    if body.values().all(Value::is_object) {
        let mine = |(identity, fields): (String, Value)| match fields {
            Value::Object(fields) if me.is(&identity) => texts(fields).map(|fields| (identity, fields)),
            _ => Err(GroupsError::forbidden(format!("{identity} is not one of your identities"))),
        };
        return body.into_iter().map(mine).collect();
    }
    Ok(vec![(me.id.clone(), texts(body)?)])
}

fn texts(fields: Map<String, Value>) -> Result<Map<String, Value>, GroupsError> {
    match fields.iter().find(|(_, value)| !value.is_string() && !value.is_null()) {
        Some((name, _)) => Err(GroupsError::invalid(name, "must be a text or null")),
        None => Ok(fields),
    }
}
