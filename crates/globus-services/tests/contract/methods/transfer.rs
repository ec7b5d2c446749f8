//! `TransferClient`: endpoints, roles, access rules, bookmarks, tunnels. Other tables have the rest.

use globus_services::transfer::{
    AccessRuleData, AccessRuleUpdate, BookmarkData, BookmarkUpdate, EndpointUpdate, RoleData,
    SharedEndpointData, TransferClient,
};
use serde_json::Value;

use super::app::added;
use super::{Adapter, Clients, build, call, list};
use crate::args::Args;

pub(super) fn find(method: &str) -> Option<Adapter> {
    let tables = [METHODS, super::transfer_files::METHODS, super::transfer_tasks::METHODS];
    let tables = tables.into_iter().chain([super::endpoint_manager::METHODS, super::transfer_v2::TUNNELS]);
    tables.flatten().find(|(name, _)| *name == method).map(|(_, adapter)| *adapter)
}

pub(super) fn client(c: &Clients) -> TransferClient {
    c.service()
}

/// A document as a helper object, or as a plain one, without the field that says what it is.
pub(super) fn document(a: &Args, name: &str) -> Args {
    let document = a.object(name).unwrap_or_else(|| Args::new(&serde_json::Map::new()));
    document.value("DATA_TYPE");
    document
}

const METHODS: &[(&str, Adapter)] = &[
    ("get_endpoint", |c, a| call!(a, client(c).get_endpoint(a.id("endpoint_id")))),
    ("update_endpoint", |c, a| {
        let data = build!(document(a, "data"), |d| EndpointUpdate::new(); display_name: text, public: flag);
        call!(a, client(c).update_endpoint(a.id("endpoint_id"), data))
    }),
    ("delete_endpoint", |c, a| call!(a, client(c).delete_endpoint(a.id("endpoint_id")))),
    ("set_subscription_id", |c, a| {
        let id = a.nullable_text("subscription_id").flatten();
        call!(a, client(c).set_subscription_id(a.id("collection_id"), id))
    }),
    ("set_subscription_admin_verified", |c, a| {
        let verified = a.flag("subscription_admin_verified").unwrap_or_default();
        call!(a, client(c).set_subscription_admin_verified(a.id("collection_id"), verified))
    }),
    ("endpoint_server_list", |c, a| call!(a, client(c).endpoint_server_list(a.id("endpoint_id")))),
    ("get_endpoint_server", |c, a| {
        let server = a.number("server_id").unwrap_or_default();
        call!(a, client(c).get_endpoint_server(a.id("endpoint_id"), server))
    }),
    ("my_effective_pause_rule_list", |c, a| {
        call!(a, client(c).my_effective_pause_rule_list(a.id("endpoint_id")))
    }),
    ("endpoint_search", |c, a| {
        list!(a, client(c).endpoint_search();
            filter_fulltext: text, filter_scope: text, filter_owner_id: text, filter_host_endpoint: text,
            filter_non_functional: flag, filter_entity_type: text, limit: number, offset: number)
    }),
    ("create_shared_endpoint", |c, a| {
        let data = build!(document(a, "data"), |d| SharedEndpointData::new(
            d.id("host_endpoint"), d.id("host_path"), d.id("display_name")
        ); description: text, organization: text, public: flag);
        call!(a, client(c).create_shared_endpoint(data))
    }),
    ("my_shared_endpoint_list", |c, a| call!(a, client(c).my_shared_endpoint_list(a.id("endpoint_id")))),
    (
        "get_shared_endpoint_list",
        |c, a| list!(a, client(c).get_shared_endpoint_list(a.id("endpoint_id")); max_results: number, next_token: text),
    ),
    ("endpoint_role_list", |c, a| call!(a, client(c).endpoint_role_list(a.id("endpoint_id")))),
    ("add_endpoint_role", |c, a| {
        let data = build!(document(a, "role_data"), |d| RoleData::new(
            d.id("principal_type"), d.id("principal"), d.id("role")
        ););
        call!(a, client(c).add_endpoint_role(a.id("endpoint_id"), data))
    }),
    ("get_endpoint_role", |c, a| call!(a, client(c).get_endpoint_role(a.id("endpoint_id"), a.id("role_id")))),
    ("delete_endpoint_role", |c, a| {
        call!(a, client(c).delete_endpoint_role(a.id("endpoint_id"), a.id("role_id")))
    }),
    ("endpoint_acl_list", |c, a| call!(a, client(c).endpoint_acl_list(a.id("endpoint_id")))),
    ("get_endpoint_acl_rule", |c, a| {
        call!(a, client(c).get_endpoint_acl_rule(a.id("endpoint_id"), a.id("rule_id")))
    }),
    ("add_endpoint_acl_rule", |c, a| {
        let data = build!(document(a, "rule_data"), |d| AccessRuleData::new(
            d.id("principal_type"), d.id("principal"), d.id("path"), d.id("permissions")
        ); notify_email: text, notify_message: text, expiration_date: nullable_time);
        call!(a, client(c).add_endpoint_acl_rule(a.id("endpoint_id"), data))
    }),
    ("update_endpoint_acl_rule", |c, a| {
        let data = build!(document(a, "rule_data"), |d| AccessRuleUpdate::new();
            permissions: text, expiration_date: nullable_time);
        call!(a, client(c).update_endpoint_acl_rule(a.id("endpoint_id"), a.id("rule_id"), data))
    }),
    ("delete_endpoint_acl_rule", |c, a| {
        call!(a, client(c).delete_endpoint_acl_rule(a.id("endpoint_id"), a.id("rule_id")))
    }),
    ("bookmark_list", |c, a| call!(a, client(c).bookmark_list())),
    ("create_bookmark", |c, a| {
        let data = build!(document(a, "bookmark_data"), |d| BookmarkData::new(
            d.id("endpoint_id"), d.id("path"), d.id("name")
        ); pinned: flag);
        call!(a, client(c).create_bookmark(data))
    }),
    ("get_bookmark", |c, a| call!(a, client(c).get_bookmark(a.id("bookmark_id")))),
    ("update_bookmark", |c, a| {
        let data = build!(document(a, "bookmark_data"), |d| BookmarkUpdate::new(); name: text, pinned: flag);
        call!(a, client(c).update_bookmark(a.id("bookmark_id"), data))
    }),
    ("delete_bookmark", |c, a| call!(a, client(c).delete_bookmark(a.id("bookmark_id")))),
    ("add_app_data_access_scope", |_, a| {
        let ids = a.texts("collection_ids").unwrap_or_default();
        added(|transfer: &TransferClient| transfer.add_app_data_access_scope(ids).map(drop))
    }),
    ("add_app_scope", |_, a| {
        let scope = a.id("scope_collection");
        added(|transfer: &TransferClient| transfer.add_app_scope(scope).map(drop))
    }),
];
