//! Version 2 of the Transfer service, in the form of [JSON:API](https://jsonapi.org/format/): tunnels between streaming programs, the
//! points at which they enter, and bookmarks. The service may still change it.
//!
//! [`TransferClientV2`] has all of it; [`TransferClient`](super::TransferClient) has the tunnels as well.

mod bookmarks;
mod data;
mod model;
mod stream_access_points;
mod submission_id;
mod tunnels;

pub use data::{BookmarkCreateDocument, BookmarkUpdateDocument, CreateTunnelData, TunnelUpdateDocument};
pub use model::{
    Bookmark, BookmarkAttributes, BookmarkRelationships, Related, ResourceId, StreamAccessPoint,
    StreamAccessPointAttributes, StreamAccessPointRelationships, Tunnel, TunnelAttributes, TunnelEvent,
    TunnelEventAttributes, TunnelRelationships, TunnelState,
};

/// What the methods of the client return: requests, named after the method.
pub mod requests {
    pub use super::bookmarks::{GetBookmark, ListBookmarks};
    pub use super::stream_access_points::ListStreamAccessPoints;
    pub use super::tunnels::{GetTunnelEvents, ListTunnels};
}

use globus_auth_core::scopes::TransferScopes;
use globus_transport::Service;

use crate::client::service_client;

service_client! {
    /// A client of version 2 of the Transfer service.
    ///
    /// ```no_run
    /// use globus_authorizers::AccessTokenAuthorizer;
    /// use globus_services::transfer::v2::{CreateTunnelData, TransferClientV2};
    ///
    /// # async fn example(token: &str, from: &str, to: &str) -> Result<(), globus_transport::Error> {
    /// let transfer = TransferClientV2::new(AccessTokenAuthorizer::new(token))?;
    /// let tunnel = transfer.create_tunnel(CreateTunnelData::new(from, to).label("beam line 7")).await?;
    /// println!("{}", tunnel.data.id);
    /// # Ok(())
    /// # }
    /// ```
    pub struct TransferClientV2 { service: Service::Transfer, scopes: TRANSFER: TransferScopes }
}
