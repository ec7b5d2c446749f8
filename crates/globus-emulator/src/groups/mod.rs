//! Globus Groups.

mod actions;
mod crud;
mod error;
mod model;
mod policies;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, put};

pub(crate) use self::error::GroupsError;
pub(crate) use self::model::{Group, GroupsState, Role};
use crate::app::App;
use crate::auth::{GROUPS, bearer};
use crate::http::Call;
use crate::lock::lock;

type Answer = Result<Response, GroupsError>;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/groups/my_groups", get(crud::my_groups))
        .route("/v2/groups", axum::routing::post(crud::create))
        .route("/v2/groups/{id}", get(crud::read).put(crud::update).delete(crud::delete).post(actions::act))
        .route("/v2/groups/{id}/policies", get(policies::read).put(policies::write))
        .route("/v2/groups/{id}/membership_fields", get(policies::read_fields).put(policies::write_fields))
        .route("/v2/groups/{id}/subscription_admin_verified", put(policies::verify_subscription))
        .route("/v2/subscription_info/{id}", get(policies::by_subscription))
        .route("/v2/preferences", get(policies::read_preferences).put(policies::write_preferences))
}

/// The identity that calls, if its token has one of the scopes.
fn caller(app: &App, call: &Call, scopes: &[&str]) -> Result<String, GroupsError> {
    let grant = bearer(app, call, GROUPS).ok_or_else(GroupsError::unauthorized)?;
    if grant.has_any_scope(scopes) {
        Ok(grant.identity.clone())
    } else {
        Err(GroupsError::forbidden(format!("The token lacks the scope {}", scopes.join(" or "))))
    }
}

/// The group, if it is visible to the identity.
fn may_view<'a>(groups: &'a GroupsState, id: &str, me: &str) -> Result<&'a Group, GroupsError> {
    let group = groups.groups.get(id).ok_or_else(|| GroupsError::not_found(id))?;
    let related = group
        .membership(me)
        .is_some_and(|membership| matches!(membership.status.as_str(), "active" | "invited" | "pending"));
    if related || group.policy("group_visibility") == "authenticated" {
        Ok(group)
    } else {
        Err(GroupsError::forbidden("The group is private"))
    }
}

fn username(app: &App, identity: &str) -> String {
    let auth = lock(&app.auth);
    auth.identities.get(identity).map(|identity| identity.username.clone()).unwrap_or_default()
}
