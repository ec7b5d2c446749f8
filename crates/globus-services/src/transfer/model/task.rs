//! Transfer and delete tasks.

use serde_json::Value;

use crate::model::{CollectionId, IdentityId, TaskId, Timestamp, model, open_enum};

open_enum! {
    /// Where a task stands.
    pub enum TaskStatus {
        /// It runs, or waits to. It may be failing all the while: see [`Task::nice_status`].
        Active = "ACTIVE",
        /// It is held until its owner does something, such as logging in again. Neither done nor failed.
        Inactive = "INACTIVE",
        /// It is done.
        Succeeded = "SUCCEEDED",
        /// It failed, expired or was cancelled.
        Failed = "FAILED",
    }
}

open_enum! {
    /// What a task does.
    pub enum TaskType {
        /// It copies.
        Transfer = "TRANSFER",
        /// It deletes.
        Delete = "DELETE",
    }
}

model! {
    /// A task.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#task_document)
    pub struct Task {
        /// Its id.
        task_id: TaskId = key,
        /// What it does.
        task_type as "type": Option<TaskType>,
        /// Where it stands.
        status: Option<TaskStatus>,
        /// The last fault's code while it is active, such as `FILE_NOT_FOUND`; `OK` or `Queued` when all is well.
        nice_status: Option<String>,
        /// The last fault in words.
        nice_status_short_description: Option<String>,
        /// More about the last fault.
        nice_status_details: Option<String>,
        /// In how many seconds what it waits for expires.
        nice_status_expires_in: Option<i64>,
        /// Why it failed, as a `fatal_error` document.
        fatal_error: Option<Value>,
        /// Whether it is doing well; `None` when it is over.
        is_ok: Option<bool>,
        /// Whether a pause rule holds it.
        is_paused: Option<bool>,
        /// Its name.
        label: Option<String>,
        /// The identity that submitted it.
        owner_id: Option<IdentityId>,
        /// That identity, readable; only managers are told.
        owner_string: Option<String>,
        /// The username of that identity, in an encoded form.
        username: Option<String>,
        /// When it was submitted.
        request_time: Option<Timestamp>,
        /// When it ended.
        completion_time: Option<Timestamp>,
        /// When it is given up.
        deadline: Option<Timestamp>,
        /// Where files come from.
        source_endpoint_id: Option<CollectionId>,
        /// The old-style name of that collection.
        source_endpoint: Option<String>,
        /// The name of that collection.
        source_endpoint_display_name: Option<String>,
        /// The mapped collection below that collection.
        source_mapped_collection_id: Option<CollectionId>,
        /// The name of that mapped collection.
        source_mapped_collection_display_name: Option<String>,
        /// The endpoint that hosts that collection.
        source_host_endpoint_id: Option<CollectionId>,
        /// The old-style name of that endpoint.
        source_host_endpoint: Option<String>,
        /// The name of that endpoint.
        source_host_endpoint_display_name: Option<String>,
        /// The path on its host that is the collection's root.
        source_host_path: Option<String>,
        /// The directory below which all paths there are.
        source_base_path: Option<String>,
        /// The local account that it acts as there.
        source_local_user: Option<String>,
        /// Whether that account may be shown: `OK`, `NO_PERMISSION`, `ENDPOINT_TOO_OLD` or `NOT_SUPPORTED`.
        source_local_user_status: Option<String>,
        /// Where files go.
        destination_endpoint_id: Option<CollectionId>,
        /// The old-style name of that collection.
        destination_endpoint: Option<String>,
        /// The name of that collection.
        destination_endpoint_display_name: Option<String>,
        /// The mapped collection below that collection.
        destination_mapped_collection_id: Option<CollectionId>,
        /// The name of that mapped collection.
        destination_mapped_collection_display_name: Option<String>,
        /// The endpoint that hosts that collection.
        destination_host_endpoint_id: Option<CollectionId>,
        /// The old-style name of that endpoint.
        destination_host_endpoint: Option<String>,
        /// The name of that endpoint.
        destination_host_endpoint_display_name: Option<String>,
        /// The path on its host that is the collection's root.
        destination_host_path: Option<String>,
        /// The directory below which all paths there are.
        destination_base_path: Option<String>,
        /// The local account that it acts as there.
        destination_local_user: Option<String>,
        /// Whether that account may be shown: `OK`, `NO_PERMISSION`, `ENDPOINT_TOO_OLD` or `NOT_SUPPORTED`.
        destination_local_user_status: Option<String>,
        /// How many files it covers, as far as it knows.
        files: Option<u64>,
        /// How many directories it covers, as far as it knows.
        directories: Option<u64>,
        /// How many symbolic links it covers, as far as it knows.
        symlinks: Option<u64>,
        /// How many files are there.
        files_transferred: Option<u64>,
        /// How many files needed no copy.
        files_skipped: Option<u64>,
        /// How many bytes were copied.
        bytes_transferred: Option<u64>,
        /// How many bytes were checksummed.
        bytes_checksummed: Option<u64>,
        /// Bytes a second over its whole life.
        effective_bytes_per_second: Option<u64>,
        /// How many faults it has met.
        faults: Option<u64>,
        /// How many parts it has.
        subtasks_total: Option<u64>,
        /// How many parts wait.
        subtasks_pending: Option<u64>,
        /// How many parts are tried again.
        subtasks_retrying: Option<u64>,
        /// How many parts are done.
        subtasks_succeeded: Option<u64>,
        /// How many parts failed.
        subtasks_failed: Option<u64>,
        /// How many parts expired.
        subtasks_expired: Option<u64>,
        /// How many parts were cancelled.
        subtasks_canceled: Option<u64>,
        /// How many parts were left out because of a fault at the source.
        subtasks_skipped_errors: Option<u64>,
        /// Which files are copied: 0 to 3, see [`SyncLevel`](crate::transfer::SyncLevel).
        sync_level: Option<u64>,
        /// Whether files are verified after they were copied.
        verify_checksum: Option<bool>,
        /// Whether the data is encrypted on its way.
        encrypt_data: Option<bool>,
        /// Whether files keep their time of modification.
        preserve_timestamp: Option<bool>,
        /// Whether files that the source does not have are deleted.
        delete_destination_extra: Option<bool>,
        /// Whether errors at the source are skipped.
        skip_source_errors: Option<bool>,
        /// Whether a full quota ends it.
        fail_on_quota_errors: Option<bool>,
        /// What becomes of symbolic links.
        recursive_symlinks: Option<String>,
        /// Which files take part, as `filter_rule` documents.
        filter_rules: Option<Value>,
        /// `SOURCE`, `DESTINATION` or `BOTH`: of which collection an administrator cancelled it.
        canceled_by_admin: Option<String>,
        /// What the administrator said.
        canceled_by_admin_message: Option<String>,
        /// Whether its history is gone.
        history_deleted: Option<bool>,
        /// What submitted it.
        command: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl Task {
    /// Whether it is over: [`Succeeded`](TaskStatus::Succeeded) or [`Failed`](TaskStatus::Failed).
    pub fn is_over(&self) -> bool {
        matches!(self.status, Some(TaskStatus::Succeeded | TaskStatus::Failed))
    }

    /// Why it failed, in words, by the most telling field that the service filled.
    pub fn failure(&self) -> Option<&str> {
        let fatal =
            self.fatal_error.as_ref().and_then(|fatal| fatal.get("description")).and_then(Value::as_str);
        [fatal, self.nice_status_short_description.as_deref(), self.nice_status.as_deref()]
            .into_iter()
            .flatten()
            .find(|text| !text.is_empty())
    }
}
