//! [`TaskUpdate`]: what can be changed of a task.

use crate::model::{Nullable, Timestamp};
use crate::request::payload;

payload! {
    /// What to change of a task that is not over.
    pub struct TaskUpdate {
        new();
        /// Its name; `None` takes it away.
        label: Nullable<String> as json;
        /// When it is given up, if it is not done; never, when `None`.
        deadline: Nullable<Timestamp> as json;
    }
}
