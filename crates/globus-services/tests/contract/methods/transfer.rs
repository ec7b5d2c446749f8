//! `TransferClient`.

use globus_services::transfer::TransferClient;

use super::{Adapter, call, list};

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("get_endpoint", |c, a| call!(a, c.service::<TransferClient>().get_endpoint(a.id("endpoint_id")))),
    ("endpoint_search", |c, a| {
        list!(a, c.service::<TransferClient>().endpoint_search();
            filter_fulltext: text, filter_scope: text, filter_owner_id: text, filter_host_endpoint: text,
            filter_non_functional: flag, filter_entity_type: text, limit: number, offset: number)
    }),
    ("task_list", |c, a| {
        list!(a, c.service::<TransferClient>().task_list();
            filter: text, orderby: texts, limit: number, offset: number)
    }),
];
