//! What every service needs to read requests and write answers.

mod call;
mod gate;
mod redact;
mod reply;
mod truncate;

pub(crate) use call::{Call, Form, MAX_BODY};
pub(crate) use gate::{allow_origin, is_from_another_site, preflight, refuse_foreign_host};
pub(crate) use redact::{redact_body, redact_pairs};
pub(crate) use reply::{html, json, redirect, text};
pub(crate) use truncate::truncated;
