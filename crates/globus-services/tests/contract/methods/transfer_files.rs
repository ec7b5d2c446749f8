//! `TransferClient`: operations on files, and tasks to submit.

use globus_services::Timestamp;
use globus_services::transfer::{
    DeleteData, DeleteItem, FileFilter, FilterMethod, FilterRule, SyncLevel, TransferData, TransferItem,
};
use serde_json::Value;

use super::transfer::client;
use super::{Adapter, build, call, list, unsayable};
use crate::args::{Args, text};

/// A filter as an object of fields, or as text.
fn file_filter(filter: &Value) -> FileFilter {
    let Some(fields) = filter.as_object() else { return text(filter).into() };
    fields.iter().fold(FileFilter::new(), |filter, (name, values)| filter.field(name, texts(values)))
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().map_or_else(|| vec![text(value)], |values| values.iter().map(text).collect())
}

/// The recorded point in time (`$datetime`), as one; else the text.
fn deadline(deadline: &Value) -> Option<Timestamp> {
    let time = Timestamp::from(deadline.as_str()?);
    let has_zone = time.as_str().ends_with('Z') || time.as_str().len() < 19;
    Some(if has_zone { time } else { time.to_system_time()?.into() })
}

/// The items and rules that were added to a document one by one.
fn calls(data: &Args) -> Vec<(String, Args)> {
    let calls = data.value("calls").unwrap_or_default();
    let calls = calls.as_array().cloned().unwrap_or_default();
    let one = |call: &Value| Some((text(&call["method"]), Args::new(call["args"].as_object()?)));
    calls.iter().filter_map(one).collect()
}

/// The fields of a submission: those of a helper object, or those of a plain document.
fn fields(data: &Args) -> Args {
    data.value("$new");
    data.value("DATA_TYPE");
    data.value("DATA");
    data.object("args").unwrap_or_else(|| Args::new(&data.take()))
}

/// Sets the fields of a submission, the id last.
macro_rules! submit {
    ($fields:ident, $data:ident; $($name:ident: $kind:ident),*) => {
        let (nulls, id) = (nulls(&$fields), $fields.text("submission_id"));
        if let Some(time) = $fields.value("deadline").as_ref().and_then(deadline) {
            $data = $data.deadline(time);
        }
        $data = build!($fields, |d| $data;
            label: text, notify_on_succeeded: flag, notify_on_failed: flag, notify_on_inactive: flag,
            $($name: $kind),*);
        for name in nulls {
            $data = $data.additional_field(name, Value::Null);
        }
        if let Some(id) = id {
            $data = $data.submission_id(id);
        }
    };
}

/// What is `null` in a submission. No setter takes it.
fn nulls(fields: &Args) -> Vec<&'static str> {
    ["label", "deadline"].into_iter().filter(|name| fields.take_null(name)).collect()
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("operation_ls", |c, a| {
        let filter = a.value("filter").map(|filter| match filter {
            Value::Array(filters) => filters.iter().map(file_filter).collect(),
            filter => vec![file_filter(&filter)],
        });
        let mut request = client(c).operation_ls(a.id("endpoint_id"));
        if let Some(filter) = filter {
            request = request.filter(filter);
        }
        list!(a, request;
            path: text, show_hidden: flag, orderby: texts, limit: number, offset: number, local_user: text)
    }),
    (
        "operation_mkdir",
        |c, a| call!(a, client(c).operation_mkdir(a.id("endpoint_id"), a.id("path")); local_user: text),
    ),
    ("operation_rename", |c, a| {
        let (old, new) = (a.id("oldpath"), a.id("newpath"));
        call!(a, client(c).operation_rename(a.id("endpoint_id"), old, new); local_user: text)
    }),
    (
        "operation_stat",
        |c, a| call!(a, client(c).operation_stat(a.id("endpoint_id")); path: text, local_user: text),
    ),
    ("get_submission_id", |c, a| call!(a, client(c).get_submission_id())),
    ("submit_transfer", |c, a| {
        let Some(given) = a.object("data") else { return unsayable("there is no document") };
        let (calls, fields) = (calls(&given), fields(&given));
        let mut data = TransferData::new(fields.id("source_endpoint"), fields.id("destination_endpoint"));
        if let Some(level) = fields.text("sync_level") {
            match level.parse::<SyncLevel>() {
                Ok(level) => data = data.sync_level(level),
                Err(err) => return unsayable(err),
            }
        }
        for (method, call) in calls {
            if method == "add_filter_rule" {
                let method = call.text("method").map_or(FilterMethod::Exclude, FilterMethod::from);
                let rule = FilterRule::new(method, call.id("name"));
                data = data.rule(match call.text("type") {
                    Some(file_type) => rule.applies_to(file_type),
                    None => rule,
                });
            } else {
                let mut item = TransferItem::new(call.id("source_path"), call.id("destination_path"));
                if let Some(checksum) = call.text("external_checksum") {
                    item = item.checksum(checksum, call.id("checksum_algorithm"));
                }
                data = data.items([build!(call, |d| item; recursive: flag)]);
            }
        }
        submit!(fields, data;
            verify_checksum: flag, preserve_timestamp: flag, encrypt_data: flag, skip_source_errors: flag,
            fail_on_quota_errors: flag, delete_destination_extra: flag, source_local_user: text,
            destination_local_user: text, recursive_symlinks: text);
        call!(a, client(c).submit_transfer(data))
    }),
    ("submit_delete", |c, a| {
        let Some(given) = a.object("data") else { return unsayable("there is no document") };
        let (calls, fields) = (calls(&given), fields(&given));
        let mut data = DeleteData::new(fields.id("endpoint"));
        for (_, call) in calls {
            data = data.items([build!(call, |d| DeleteItem::new(d.id("path"));)]);
        }
        submit!(fields, data; recursive: flag, ignore_missing: flag, interpret_globs: flag, local_user: text);
        call!(a, client(c).submit_delete(data))
    }),
];
