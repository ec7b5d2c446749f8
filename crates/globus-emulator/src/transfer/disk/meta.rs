//! What is known of a file without reading it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Dir,
    Link,
    /// Sockets, pipes, devices.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    /// The permission bits.
    pub(crate) mode: u32,
    pub(crate) user: u32,
    pub(crate) group: u32,
    /// Whole seconds since 1970, and the nanoseconds after them.
    pub(crate) modified: (i64, u32),
    /// The file itself, whatever it is called: two names of one file have the same.
    pub(crate) identity: (u64, u64),
}

impl Meta {
    pub(crate) fn is_dir(&self) -> bool {
        self.kind == Kind::Dir
    }

    pub(crate) fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    pub(crate) fn is_link(&self) -> bool {
        self.kind == Kind::Link
    }

    /// Whether the mode forbids reading, also for an administrator, whom the system would let in.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.mode & 0o444 == 0
    }

    /// Whether the mode forbids writing, also for an administrator.
    pub(crate) fn is_unwritable(&self) -> bool {
        self.mode & 0o222 == 0
    }

    pub(crate) fn modified_millis(&self) -> i64 {
        let (seconds, nanos) = self.modified;
        seconds.saturating_mul(1000).saturating_add(i64::from(nanos) / 1_000_000)
    }
}
