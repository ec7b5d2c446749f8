//! [`AdminCancel`]: tasks on their way to being cancelled by an administrator.

use crate::model::model;

model! {
    /// Tasks on their way to being cancelled by an administrator.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#admin_cancel)
    pub struct AdminCancel {
        /// The id to ask with how far it is.
        id: String = key,
        /// Whether all of them are over.
        done: Option<bool>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
