//! Tunnels: what both clients have.

use globus_transport::{Idempotency, Method};

use super::{
    CreateTunnelData, StreamAccessPoint, TransferClientV2, Tunnel, TunnelEvent, TunnelUpdateDocument,
};
use crate::model::{JsonApiDocument, JsonApiEmpty, JsonApiList};
use crate::paging::Paging;
use crate::request::{Request, request};
use crate::transfer::TransferClient;

/// The route of one tunnel.
const TUNNEL: &str = "v2/tunnels/{tunnel_id}";

/// The methods of either client.
macro_rules! tunnel_methods {
    ($client:ident) => {
        impl $client {
            /// Makes a tunnel.
            ///
            /// A document without a submission id gets a fresh one, so it is sent again after a passing failure, and makes one tunnel.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND` when there is no such
            /// stream access point, and with a validation error for attributes that the service refuses.
            pub fn create_tunnel(&self, data: CreateTunnelData) -> Request<JsonApiDocument<Tunnel>> {
                let call = self.core.post("create_tunnel", "v2/tunnels", &[]).json(&data.submittable());
                call.idempotency(Idempotency::Keyed).into()
            }

            /// Changes a tunnel: its name, where the listening program is, or that it ends.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`. What is set is the same
            /// when it is set twice, so it is tried again after a passing failure.
            pub fn update_tunnel(
                &self,
                tunnel_id: impl Into<String>,
                update_doc: TunnelUpdateDocument,
            ) -> Request<JsonApiDocument<Tunnel>> {
                let call = self.core.call("update_tunnel", Method::Patch, TUNNEL, &[&tunnel_id.into()]);
                call.json(&update_doc).idempotency(Idempotency::Safe).into()
            }

            /// Looks up one tunnel.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`.
            pub fn get_tunnel(&self, tunnel_id: impl Into<String>) -> Request<JsonApiDocument<Tunnel>> {
                self.core.get("get_tunnel", TUNNEL, &[&tunnel_id.into()]).into()
            }

            /// Deletes a tunnel. A running one ends.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`.
            pub fn delete_tunnel(&self, tunnel_id: impl Into<String>) -> Request<JsonApiEmpty> {
                self.core.delete("delete_tunnel", TUNNEL, &[&tunnel_id.into()]).into()
            }

            /// Lists the caller's tunnels.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`.
            pub fn list_tunnels(&self) -> ListTunnels {
                self.core.get("list_tunnels", "v2/tunnels", &[]).into()
            }

            /// Lists what happened to a tunnel.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`.
            pub fn get_tunnel_events(&self, tunnel_id: impl Into<String>) -> GetTunnelEvents {
                let template = "v2/tunnels/{tunnel_id}/events";
                self.core.get("get_tunnel_events", template, &[&tunnel_id.into()]).into()
            }

            /// Looks up one stream access point.
            ///
            /// [Service documentation](https://docs.globus.org/api/transfer/). Scope `all`. Fails with `NOT_FOUND`.
            pub fn get_stream_access_point(
                &self,
                stream_ap_id: impl Into<String>,
            ) -> Request<JsonApiDocument<StreamAccessPoint>> {
                let template = "v2/stream_access_points/{stream_ap_id}";
                self.core.get("get_stream_access_point", template, &[&stream_ap_id.into()]).into()
            }
        }
    };
}

tunnel_methods!(TransferClient);
tunnel_methods!(TransferClientV2);

const LINKED: Paging = Paging::link();

request! {
    /// `list_tunnels` of either client.
    pub struct ListTunnels => JsonApiList<Tunnel>, paged by LINKED {}
}

request! {
    /// `get_tunnel_events` of either client.
    pub struct GetTunnelEvents => JsonApiList<TunnelEvent>, paged by LINKED {
        /// Only events of this kind.
        query code_name: String as text;
        /// Only faults; with `false`, only what is none.
        query is_error: bool as true_false;
    }
}
