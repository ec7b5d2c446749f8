//! What every service needs to read requests and write answers.

mod call;
mod gate;
mod panics;
mod redact;
mod reply;
mod slow;
mod truncate;

pub(crate) use call::{Call, Form, MAX_BODY};
pub(crate) use gate::{Hosts, allow_origin, is_from_another_site};
pub(crate) use panics::caught;
pub(crate) use redact::{redact_body, redact_own, redact_query};
pub(crate) use reply::{html, json, redirect, text};
pub(crate) use slow::slowed;
pub(crate) use truncate::truncated;
