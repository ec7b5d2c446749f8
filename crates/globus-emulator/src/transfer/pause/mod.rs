//! Pauses: what managers of a collection hold, and since when.

mod effect;
mod info;
mod rule;
mod slots;

pub(crate) use effect::{begin, restore, settle, watch};
pub(crate) use info::{info, my_rules, of_my_task, refuse};
pub(crate) use rule::{Activity, PauseRule};
pub(crate) use slots::{AdminPause, Slot};
