//! Pause rules: what an administrator holds on a collection, and why.

use crate::model::{CollectionId, IdentityId, Nullable, Timestamp, model};
use crate::request::payload;

model! {
    /// A rule that holds tasks or refuses operations on a collection.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/advanced_collection_management/#pause_rule_document)
    pub struct PauseRule {
        /// Its id.
        id: String = key,
        /// What users are told.
        message: Option<String>,
        /// From when on it holds; from when it was made, when `None`.
        start_time: Option<Timestamp>,
        /// The collection.
        endpoint_id: Option<CollectionId>,
        /// The name of the collection.
        endpoint_display_name: Option<String>,
        /// Whose tasks it holds; everybody's, when `None`.
        identity_id: Option<IdentityId>,
        /// Who changed it last.
        modified_by: Option<String>,
        /// The identity that changed it last.
        modified_by_id: Option<IdentityId>,
        /// When it was last changed.
        modified_time: Option<Timestamp>,
        /// Whether a manager of the host made it, and not one of the collection.
        created_by_host_manager: Option<bool>,
        /// Whether the caller may change it.
        editable: Option<bool>,
        /// Whether listings are refused.
        pause_ls: Option<bool>,
        /// Whether making directories is refused.
        pause_mkdir: Option<bool>,
        /// Whether making symbolic links is refused.
        pause_symlink: Option<bool>,
        /// Whether renaming is refused.
        pause_rename: Option<bool>,
        /// Whether deletions are held.
        pause_task_delete: Option<bool>,
        /// Whether transfers to the collection are held.
        pause_task_transfer_write: Option<bool>,
        /// Whether transfers from the collection are held.
        pause_task_transfer_read: Option<bool>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

payload! {
    /// A pause rule to make.
    ///
    /// ```
    /// use globus_services::transfer::PauseRuleData;
    ///
    /// let rule = PauseRuleData::new("31ce9ba0-176d-45a5-add3-f37d233ba47d", "new disks until Friday")
    ///     .pause_task_transfer_write(true)
    ///     .pause_ls(false);
    /// ```
    pub struct PauseRuleData("DATA_TYPE" = "pause_rule") {
        new(endpoint_id: CollectionId as json; message: String as json);
        /// From when on it holds; from now on, when `None`.
        start_time: Nullable<Timestamp> as json;
        /// Whose tasks it holds; everybody's, when not set.
        identity_id: IdentityId as json;
        /// Whether listings are refused.
        pause_ls: bool as json;
        /// Whether making directories is refused.
        pause_mkdir: bool as json;
        /// Whether making symbolic links is refused.
        pause_symlink: bool as json;
        /// Whether renaming is refused.
        pause_rename: bool as json;
        /// Whether deletions are held.
        pause_task_delete: bool as json;
        /// Whether transfers to the collection are held.
        pause_task_transfer_write: bool as json;
        /// Whether transfers from the collection are held.
        pause_task_transfer_read: bool as json;
    }
}

payload! {
    /// What to change of a pause rule.
    pub struct PauseRuleUpdate {
        new();
        /// What users are told.
        message: String as json;
        /// From when on it holds; from now on, when `None`.
        start_time: Nullable<Timestamp> as json;
        /// Whether listings are refused.
        pause_ls: bool as json;
        /// Whether making directories is refused.
        pause_mkdir: bool as json;
        /// Whether making symbolic links is refused.
        pause_symlink: bool as json;
        /// Whether renaming is refused.
        pause_rename: bool as json;
        /// Whether deletions are held.
        pause_task_delete: bool as json;
        /// Whether transfers to the collection are held.
        pause_task_transfer_write: bool as json;
        /// Whether transfers from the collection are held.
        pause_task_transfer_read: bool as json;
    }
}

model! {
    /// Why a task is paused.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task/#get_task_pause_info)
    pub struct PauseInfo {
        /// The rules that hold it.
        pause_rules: Vec<PauseRule> = list,
        /// What the managers of the source say, when they paused this task.
        source_pause_message: Option<String>,
        /// What the managers of the guest collection at the source say.
        source_pause_message_share: Option<String>,
        /// What the managers of the destination say.
        destination_pause_message: Option<String>,
        /// What the managers of the guest collection at the destination say.
        destination_pause_message_share: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
