//! `GroupsClient`.

use globus_services::groups::GroupsClient;

use super::{Adapter, call};

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("get_group", |c, a| call!(a, c.service::<GroupsClient>().get_group(a.id("group_id")); include: texts)),
    ("get_my_groups", |c, a| call!(a, c.service::<GroupsClient>().get_my_groups(); statuses: texts)),
];
