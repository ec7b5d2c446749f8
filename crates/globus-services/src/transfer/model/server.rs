//! [`EndpointServer`]: a server behind an endpoint.

use serde_json::Value;

use crate::model::model;

model! {
    /// A server behind an endpoint.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#server_document)
    pub struct EndpointServer {
        /// Its number; the service takes it as a text as well.
        id: Option<Value>,
        /// Its name in the network.
        hostname: Option<String>,
        /// Its address.
        uri: Option<String>,
        /// The port of its control channel.
        port: Option<u16>,
        /// The protocol of its control channel: `gsiftp` or `ftp`.
        scheme: Option<String>,
        /// The distinguished name in its certificate.
        subject: Option<String>,
        /// The first port on which it takes data.
        incoming_data_port_start: Option<u16>,
        /// The last port on which it takes data.
        incoming_data_port_end: Option<u16>,
        /// The first port from which it sends data.
        outgoing_data_port_start: Option<u16>,
        /// The last port from which it sends data.
        outgoing_data_port_end: Option<u16>,
        /// Whether it is connected, for Globus Connect Personal.
        is_connected: Option<bool>,
        /// Whether it is paused, for Globus Connect Personal.
        is_paused: Option<bool>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
