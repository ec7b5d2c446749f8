//! Globus Groups.

mod actions;
mod crud;
mod documents;
mod error;
mod me;
mod model;
mod policies;
mod policy;
mod preferences;
mod rules;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post, put};

pub(crate) use self::error::GroupsError;
use self::me::Me;
pub(crate) use self::model::{Group, GroupsState, Membership, Role, Status};
use crate::app::App;

type Answer = Result<Response, GroupsError>;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/groups/my_groups", get(crud::my_groups))
        .route("/v2/groups/statuses", get(crud::statuses))
        .route("/v2/groups", post(crud::create))
        .route("/v2/groups/{id}", get(crud::read).put(crud::update).delete(crud::delete).post(actions::act))
        .route("/v2/groups/{id}/children", get(crud::read_children))
        .route("/v2/groups/{id}/policies", get(policies::read).put(policies::write))
        .route(
            "/v2/groups/{id}/membership_fields",
            get(preferences::read_fields).put(preferences::write_fields),
        )
        .route("/v2/groups/{id}/subscription_admin_verified", put(policies::verify_subscription))
        .route("/v2/subscription_info/{id}", get(policies::by_subscription))
        .route("/v2/preferences", get(preferences::read).put(preferences::write))
}

/// The group, if it is visible to the caller, who has logged in a short time ago if that matters.
fn may_view<'a>(groups: &'a GroupsState, id: &str, me: &Me) -> Result<&'a Group, GroupsError> {
    let group = groups.groups.get(id).ok_or_else(|| GroupsError::not_found(id))?;
    let related = group
        .memberships_of(&me.identities)
        .any(|membership| matches!(membership.status, Status::Active | Status::Invited | Status::Pending));
    if !related && !group.policies.visible_to_all {
        return Err(GroupsError::forbidden("The group is private"));
    }
    me.assured_for(group)?;
    Ok(group)
}
