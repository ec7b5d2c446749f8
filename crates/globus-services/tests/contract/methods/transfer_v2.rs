//! `TransferClientV2`, and what of it `TransferClient` has as well.

use globus_services::transfer::v2::{
    BookmarkCreateDocument, BookmarkUpdateDocument, CreateTunnelData, TransferClientV2, TunnelUpdateDocument,
};
use serde_json::Value;

use super::transfer::client;
use super::{Adapter, Clients, build, call, list, unsayable};
use crate::args::Args;

fn client_v2(c: &Clients) -> TransferClientV2 {
    c.service()
}

/// The arguments of a helper object; or the attributes of a plain document, beside which nothing else is looked at.
fn attributes(document: &Value) -> Args {
    let fields = [&document["args"], &document["data"]["attributes"]];
    let fields = fields.into_iter().find_map(Value::as_object).cloned();
    Args::new(&fields.unwrap_or_default())
}

/// The methods that both clients have.
macro_rules! tunnels {
    ($client:ident) => {
        [
            ("create_tunnel", |c, a| {
                let given = a.value("data").unwrap_or_default();
                let data = if given.get("$new").is_some() {
                    build!(attributes(&given), |d| CreateTunnelData::new(
                        d.id("initiator_stream_access_point"), d.id("listener_stream_access_point")
                    ); label: text, submission_id: text, lifetime_mins: number, restartable: flag)
                } else if let (Some(document), Some(_)) = (given.as_object(), given.get("data")) {
                    CreateTunnelData::from(document.clone())
                } else {
                    return unsayable("a document always has `data`");
                };
                call!(a, $client(c).create_tunnel(data))
            }),
            ("update_tunnel", |c, a| {
                let given = a.value("update_doc").unwrap_or_default();
                let data = build!(attributes(&given), |d| TunnelUpdateDocument::new();
                    label: text, listener_ip_address: text, listener_port: number, state: text);
                call!(a, $client(c).update_tunnel(a.id("tunnel_id"), data))
            }),
            ("get_tunnel", |c, a| call!(a, $client(c).get_tunnel(a.id("tunnel_id")))),
            ("delete_tunnel", |c, a| call!(a, $client(c).delete_tunnel(a.id("tunnel_id")))),
            ("list_tunnels", |c, a| list!(a, $client(c).list_tunnels())),
            ("get_tunnel_events", |c, a| {
                list!(a, $client(c).get_tunnel_events(a.id("tunnel_id")); code_name: text, is_error: flag)
            }),
            ("get_stream_access_point", |c, a| {
                call!(a, $client(c).get_stream_access_point(a.id("stream_ap_id")))
            }),
        ]
    };
}

type Table<const N: usize> = [(&'static str, Adapter); N];

const OF_THE_FIRST: Table<7> = tunnels!(client);
const OF_THE_SECOND: Table<7> = tunnels!(client_v2);
const REST: Table<6> = [
    ("list_stream_access_points", |c, a| {
        list!(a, client_v2(c).list_stream_access_points();
            filter_fulltext: text, filter_endpoint_admin: flag, page_limit: number, page_marker: text)
    }),
    (
        "list_bookmarks",
        |c, a| list!(a, client_v2(c).list_bookmarks(); include: text, page_limit: number, page_marker: text),
    ),
    ("create_bookmark", |c, a| {
        let given = a.value("data").unwrap_or_default();
        let data = build!(attributes(&given), |d| BookmarkCreateDocument::new(
            d.id("collection"), d.id("name"), d.id("path")
        ); pinned: flag);
        call!(a, client_v2(c).create_bookmark(data))
    }),
    ("get_bookmark", |c, a| call!(a, client_v2(c).get_bookmark(a.id("bookmark_id")); include: text)),
    ("update_bookmark", |c, a| {
        let given = a.value("update_document").unwrap_or_default();
        let data = build!(attributes(&given), |d| BookmarkUpdateDocument::new();
            name: text, path: text, pinned: flag);
        call!(a, client_v2(c).update_bookmark(a.id("bookmark_id"), data))
    }),
    ("delete_bookmark", |c, a| call!(a, client_v2(c).delete_bookmark(a.id("bookmark_id")))),
];

pub(super) const TUNNELS: &[(&str, Adapter)] = &OF_THE_FIRST;

pub(super) fn find(method: &str) -> Option<Adapter> {
    let all = OF_THE_SECOND.iter().chain(&REST);
    all.into_iter().find(|(name, _)| *name == method).map(|(_, adapter)| *adapter)
}
