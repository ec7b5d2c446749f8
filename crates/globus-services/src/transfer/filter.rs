//! Filters of lists, field by field.

use std::fmt;

use crate::model::Timestamp;
use crate::request::OneOrMany;

/// Declares a filter: a text made of `field:value,value` parts with slashes between them.
macro_rules! filter {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* $field:ident $(as $wire:literal)?; )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[must_use = "a filter does nothing until it is given to a request"]
        pub struct $name(String);

        impl $name {
            /// A filter that lets everything pass.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$field_meta])*
                pub fn $field(self, values: impl OneOrMany) -> Self {
                    self.field(filter!(@wire $field $(, $wire)?), values)
                }
            )*

            /// Lets pass what has one of these values in the field `name`. Their text is sent as it is; the service knows no
            /// way to write a comma or a slash in it.
            pub fn field(mut self, name: &str, values: impl OneOrMany) -> Self {
                if !self.0.is_empty() {
                    self.0.push('/');
                }
                self.0.push_str(name);
                self.0.push(':');
                self.0.push_str(&values.into_texts().join(","));
                self
            }
        }

        impl From<&str> for $name {
            fn from(filter: &str) -> Self {
                Self(filter.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(filter: String) -> Self {
                Self(filter)
            }
        }

        impl From<$name> for String {
            fn from(filter: $name) -> Self {
                filter.0
            }
        }

        impl OneOrMany for $name {
            fn into_texts(self) -> Vec<String> {
                vec![self.0]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident, $wire:literal) => { $wire };
}

filter! {
    /// Which tasks [`task_list`](super::TransferClient::task_list) brings: those that pass in every field. Text is taken as well.
    ///
    /// ```
    /// use globus_services::transfer::{TaskFilter, TaskStatus};
    ///
    /// let filter = TaskFilter::new().status([TaskStatus::Active, TaskStatus::Inactive]).label("~nightly*");
    /// assert_eq!(filter.to_string(), "status:ACTIVE,INACTIVE/label:~nightly*");
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#filter_and_order_by_options)
    pub struct TaskFilter {
        /// Their ids.
        task_id;
        /// Whether they copy or delete.
        task_type as "type";
        /// Where they stand.
        status;
        /// Their names: the whole name, or after a `~` with `*` for any text; after a `!`, all others.
        label;
        /// When they were submitted: from a time, and to a time.
        request_time;
        /// When they ended: from a time, and to a time.
        completion_time;
    }
}

filter! {
    /// Which entries of a directory [`operation_ls`](super::TransferClient::operation_ls) brings: those that pass in every field.
    /// Text is taken as well, and several filters bring what passes in one of them.
    ///
    /// ```
    /// use globus_services::transfer::{FileFilter, FileType};
    ///
    /// let filter = FileFilter::new().file_type(FileType::File).name("~*.h5").size(">1000000");
    /// assert_eq!(filter.to_string(), "type:file/name:~*.h5/size:>1000000");
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#dir_listing_filtering)
    pub struct FileFilter {
        /// Their names: the whole name (also after `=`), or after a `~` with `*` for any text; after a `!`, all others.
        name;
        /// What they are.
        file_type as "type";
        /// Their sizes in bytes, with `<`, `<=`, `=`, `>=`, `>` or `!` before the number.
        size;
        /// When their content last changed: from a time, and to a time.
        last_modified;
        /// The users that own them.
        user;
        /// The groups that own them.
        group;
        /// Their modes in octal.
        permissions;
    }
}

/// From one time to another, as the endpoint manager takes it. Made of a pair of times, or of the service's own text
/// (`start,end`).
///
/// ```
/// use globus_services::transfer::TimeRange;
///
/// let june = TimeRange::from(("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"));
/// assert_eq!(june, TimeRange::from("2026-06-01T00:00:00Z,2026-07-01T00:00:00Z"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRange(String);

impl<S: Into<Timestamp>, E: Into<Timestamp>> From<(S, E)> for TimeRange {
    fn from((start, end): (S, E)) -> Self {
        Self(format!("{},{}", start.into(), end.into()))
    }
}

impl From<&str> for TimeRange {
    fn from(range: &str) -> Self {
        Self(range.to_owned())
    }
}

impl From<String> for TimeRange {
    fn from(range: String) -> Self {
        Self(range)
    }
}

impl From<TimeRange> for String {
    fn from(range: TimeRange) -> Self {
        range.0
    }
}
