//! The files below a collection's root, and never anything else.
//!
//! Every file is reached through handles: from the root's directory one name at a time, and no name is ever followed by the
//! system when it is a link. Links are read and walked here, so that whoever moves a link or a directory into the way at any
//! instant leads nobody out.

mod inside;
mod meta;
#[cfg(any(not(unix), test))]
#[cfg_attr(unix, expect(dead_code, reason = "only its tests use it here"))]
mod plain;
#[cfg(unix)]
mod unix;

pub(crate) use self::inside::{Inside, Place, Wanted};
pub(crate) use self::meta::{Kind, Meta};
#[cfg(not(unix))]
pub(crate) use self::plain::Dir;
#[cfg(unix)]
pub(crate) use self::unix::Dir;

/// A name in a directory, and what it stands for where the system tells without being asked again.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: std::ffi::OsString,
    pub(crate) kind: Option<Kind>,
}

#[cfg(test)]
#[cfg(unix)]
mod farms;
#[cfg(test)]
#[cfg(unix)]
mod tests;
