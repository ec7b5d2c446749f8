//! Version 2 of Transfer, in the form of JSON:API: tunnels, stream access points, bookmarks.

mod access_points;
mod api;
mod bookmarks;
mod tunnel;
mod tunnels;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub(crate) use self::access_points::AccessPoint;
pub(crate) use self::tunnel::Tunnel;
use crate::app::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/tunnels", get(tunnels::list).post(tunnels::create))
        .route("/v2/tunnels/{id}", get(tunnels::read).patch(tunnels::update).delete(tunnels::delete))
        .route("/v2/tunnels/{id}/events", get(tunnels::events))
        .route("/v2/stream_access_points", get(access_points::list))
        .route("/v2/stream_access_points/{id}", get(access_points::read))
        .route("/v2/bookmarks", get(bookmarks::list).post(bookmarks::create))
        .route("/v2/bookmarks/{id}", get(bookmarks::read).patch(bookmarks::update).delete(bookmarks::delete))
}
