//! `TransferClient`: what endpoint managers do.

use globus_services::Timestamp;
use globus_services::transfer::{PauseRuleData, PauseRuleUpdate, TimeRange};
use serde_json::Value;

use super::transfer::{client, document};
use super::{Adapter, build, call, list, unsayable};

/// A pair of points in time, or text.
fn time_range(range: &Value) -> TimeRange {
    let time = |index: usize| {
        let text = range[index].as_str().unwrap_or_default();
        Timestamp::from(text).to_system_time().map_or_else(|| text.into(), Timestamp::from)
    };
    range.as_str().map_or_else(|| TimeRange::from((time(0), time(1))), TimeRange::from)
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("endpoint_manager_monitored_endpoints", |c, a| {
        call!(a, client(c).endpoint_manager_monitored_endpoints())
    }),
    ("endpoint_manager_hosted_endpoint_list", |c, a| {
        call!(a, client(c).endpoint_manager_hosted_endpoint_list(a.id("endpoint_id")))
    }),
    ("endpoint_manager_get_endpoint", |c, a| {
        call!(a, client(c).endpoint_manager_get_endpoint(a.id("endpoint_id")))
    }),
    ("endpoint_manager_acl_list", |c, a| call!(a, client(c).endpoint_manager_acl_list(a.id("endpoint_id")))),
    ("endpoint_manager_task_list", |c, a| {
        let mut request = client(c).endpoint_manager_task_list();
        if let Some(range) = a.value("filter_completion_time") {
            request = request.filter_completion_time(time_range(&range));
        }
        list!(a, request;
            filter_status: texts, filter_task_id: texts, filter_owner_id: text, filter_endpoint: text,
            filter_endpoint_use: text, filter_is_paused: flag, filter_min_faults: number,
            filter_local_user: text, last_key: text)
    }),
    ("endpoint_manager_get_task", |c, a| call!(a, client(c).endpoint_manager_get_task(a.id("task_id")))),
    ("endpoint_manager_task_event_list", |c, a| {
        list!(a, client(c).endpoint_manager_task_event_list(a.id("task_id"));
            limit: number, offset: number, filter_is_error: flag)
    }),
    ("endpoint_manager_task_pause_info", |c, a| {
        call!(a, client(c).endpoint_manager_task_pause_info(a.id("task_id")))
    }),
    (
        "endpoint_manager_task_successful_transfers",
        |c, a| list!(a, client(c).endpoint_manager_task_successful_transfers(a.id("task_id")); marker: text),
    ),
    (
        "endpoint_manager_task_skipped_errors",
        |c, a| list!(a, client(c).endpoint_manager_task_skipped_errors(a.id("task_id")); marker: text),
    ),
    ("endpoint_manager_cancel_tasks", |c, a| {
        let tasks = a.texts("task_ids").unwrap_or_default();
        call!(a, client(c).endpoint_manager_cancel_tasks(tasks, a.id("message")))
    }),
    ("endpoint_manager_cancel_status", |c, a| {
        call!(a, client(c).endpoint_manager_cancel_status(a.id("admin_cancel_id")))
    }),
    ("endpoint_manager_pause_tasks", |c, a| {
        let tasks = a.texts("task_ids").unwrap_or_default();
        call!(a, client(c).endpoint_manager_pause_tasks(tasks, a.id("message")))
    }),
    ("endpoint_manager_resume_tasks", |c, a| {
        call!(a, client(c).endpoint_manager_resume_tasks(a.texts("task_ids").unwrap_or_default()))
    }),
    (
        "endpoint_manager_pause_rule_list",
        |c, a| call!(a, client(c).endpoint_manager_pause_rule_list(); filter_endpoint: text),
    ),
    ("endpoint_manager_create_pause_rule", |c, a| {
        if a.take_null("data") {
            return unsayable("a rule cannot be made without a document");
        }
        let data = build!(document(a, "data"), |d| PauseRuleData::new(d.id("endpoint_id"), d.id("message"));
            start_time: nullable_time, identity_id: text, pause_ls: flag, pause_mkdir: flag, pause_symlink: flag,
            pause_rename: flag, pause_task_delete: flag, pause_task_transfer_write: flag,
            pause_task_transfer_read: flag);
        call!(a, client(c).endpoint_manager_create_pause_rule(data))
    }),
    ("endpoint_manager_get_pause_rule", |c, a| {
        call!(a, client(c).endpoint_manager_get_pause_rule(a.id("pause_rule_id")))
    }),
    ("endpoint_manager_update_pause_rule", |c, a| {
        let data = build!(document(a, "data"), |d| PauseRuleUpdate::new();
            message: text, start_time: nullable_time, pause_ls: flag, pause_mkdir: flag, pause_symlink: flag,
            pause_rename: flag, pause_task_delete: flag, pause_task_transfer_write: flag,
            pause_task_transfer_read: flag);
        call!(a, client(c).endpoint_manager_update_pause_rule(a.id("pause_rule_id"), data))
    }),
    ("endpoint_manager_delete_pause_rule", |c, a| {
        call!(a, client(c).endpoint_manager_delete_pause_rule(a.id("pause_rule_id")))
    }),
];
