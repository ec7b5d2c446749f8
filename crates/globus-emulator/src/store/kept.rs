//! What a table and a struct of tables have in common: they can be loaded, and tell what is to be written.

use std::fmt;
use std::sync::Arc;

use super::table::Changes;

/// What is to become of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) table: String,
    pub(crate) key: String,
    pub(crate) act: Act,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Put(Vec<u8>),
    Remove,
    /// Removes the rows whose keys have this one as their first parts.
    RemoveBelow,
}

/// Where rows come from.
pub(crate) trait Source {
    /// The rows of a table by key; none where there is no such table yet.
    fn rows(&self, table: &str) -> &[(String, Vec<u8>)];
}

/// A row is not what this version writes.
#[derive(Debug)]
pub(crate) struct LoadError {
    table: String,
    key: String,
    error: serde_json::Error,
}

impl LoadError {
    pub(crate) fn new(table: &str, key: &str, error: serde_json::Error) -> Self {
        Self { table: table.to_owned(), key: key.to_owned(), error }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys and values may be secrets.
        let (table, letters, column) = (&self.table, self.key.chars().count(), self.error.column());
        write!(f, "a row of {table}, with a key of {letters} letters, is not understood at column {column}")
    }
}

/// A table, or several under one name.
pub(crate) trait Kept {
    /// Takes all rows from the source, and nothing that was there before.
    fn load(&mut self, name: &str, source: &dyn Source) -> Result<(), LoadError>;

    /// Remembers from now on what is touched, and counts it. `written` says whether all that is there is on disk.
    fn track(&mut self, changes: &Arc<Changes>, written: bool);

    /// Hands out what was touched since the last time.
    fn take(&mut self, name: &str, out: &mut Vec<Change>) -> serde_json::Result<()>;

    /// Has the rows of another from now on, and none of its own; all of them count as touched.
    fn replace(&mut self, with: Self)
    where
        Self: Sized;
}

/// A struct of which every field is [`Kept`]: a table, or a struct of tables.
macro_rules! tables {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Default)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $kind),*
        }

        impl $crate::store::Kept for $name {
            fn load(
                &mut self,
                name: &str,
                source: &dyn $crate::store::Source,
            ) -> Result<(), $crate::store::LoadError> {
                $(self.$field.load(&format!("{name}.{}", stringify!($field)), source)?;)*
                Ok(())
            }

            fn track(&mut self, changes: &std::sync::Arc<$crate::store::Changes>, written: bool) {
                $(self.$field.track(changes, written);)*
            }

            fn take(
                &mut self,
                name: &str,
                out: &mut Vec<$crate::store::Change>,
            ) -> serde_json::Result<()> {
                $(self.$field.take(&format!("{name}.{}", stringify!($field)), out)?;)*
                Ok(())
            }

            fn replace(&mut self, with: Self) {
                $($crate::store::Kept::replace(&mut self.$field, with.$field);)*
            }
        }
    };
}
pub(crate) use tables;
