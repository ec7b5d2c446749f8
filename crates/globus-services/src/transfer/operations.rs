//! Looking at files, making directories, renaming.

use super::{FileEntry, FileList, OperationResult, TransferClient};
use crate::model::CollectionId;
use crate::paging::{End, Paging};
use crate::request::request;

impl TransferClient {
    /// Lists a directory.
    ///
    /// `.await` brings one page of at most 100 000 entries, `.items()` all of them.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#list_directory_contents).
    /// Scope `all`, with `data_access` for collections that want it (see [`Self::data_access_scope`]).
    /// Fails with `ClientError.NotFound` when the path does not exist, `ConsentRequired` when the collection needs one,
    /// and `ExternalError…` or `EndpointError` codes for trouble at the endpoint.
    pub fn operation_ls(&self, endpoint_id: impl Into<CollectionId>) -> OperationLs {
        let id = endpoint_id.into();
        self.core.get("operation_ls", "v0.10/operation/endpoint/{endpoint_id}/ls", &[id.as_str()]).into()
    }

    /// Makes a directory.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#make_directory).
    /// Scope `all`, with `data_access` for collections that want it. Fails with `ExternalError.MkdirFailed.Exists` when the path exists.
    pub fn operation_mkdir(
        &self,
        endpoint_id: impl Into<CollectionId>,
        path: impl Into<String>,
    ) -> OperationMkdir {
        let id = endpoint_id.into();
        let call =
            self.core.post("operation_mkdir", "v0.10/operation/endpoint/{endpoint_id}/mkdir", &[id.as_str()]);
        call.field("DATA_TYPE", "mkdir").field("path", path.into()).into()
    }

    /// Renames or moves a file or directory on a collection; within one file system, as a rule.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#rename).
    /// Scope `all`, with `data_access` for collections that want it. Fails with `EndpointError` and `ExternalError…` codes, such as
    /// when `oldpath` does not exist, and with `ConsentRequired`. It is not tried again when it may have been carried out.
    pub fn operation_rename(
        &self,
        endpoint_id: impl Into<CollectionId>,
        oldpath: impl Into<String>,
        newpath: impl Into<String>,
    ) -> OperationRename {
        let id = endpoint_id.into();
        let template = "v0.10/operation/endpoint/{endpoint_id}/rename";
        let call = self.core.post("operation_rename", template, &[id.as_str()]).field("DATA_TYPE", "rename");
        call.field("old_path", oldpath.into()).field("new_path", newpath.into()).into()
    }

    /// Looks at one file or directory without listing the directory that it is in.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#stat).
    /// Scope `all`, with `data_access` for collections that want it. Fails with `NotFound` when the path does not exist.
    pub fn operation_stat(&self, endpoint_id: impl Into<CollectionId>) -> OperationStat {
        let id = endpoint_id.into();
        self.core.get("operation_stat", "v0.10/operation/endpoint/{endpoint_id}/stat", &[id.as_str()]).into()
    }
}

const LS_PAGING: Paging = Paging::offset(End::Total, 10_000);

request! {
    /// [`TransferClient::operation_ls`].
    pub struct OperationLs => FileList, paged by LS_PAGING {
        /// The directory; the collection's default one when not given. `/~/` is the user's home.
        query path: String as text;
        /// Whether entries whose name starts with a dot are listed; the service does by default.
        query show_hidden: bool as one_zero;
        /// By which fields it is sorted, such as `name` or `size DESC`.
        query orderby: many as comma_joined;
        /// Only entries that pass one of these filters: [`FileFilter`](super::FileFilter), or text such as `type:file/size:>1000`.
        query filter: many as repeated;
        /// At most so many: in one page with `.await`, over all pages with `.pages()` and `.items()`.
        query limit: u64 as number;
        /// Skips so many.
        query offset: u64 as number;
        /// The local account to act as, where the identity maps to several.
        query local_user: String as text;
    }
}

request! {
    /// [`TransferClient::operation_mkdir`].
    pub struct OperationMkdir => OperationResult {
        /// The local account to act as, where the identity maps to several.
        body local_user: String as json_text;
    }
}

request! {
    /// [`TransferClient::operation_rename`].
    pub struct OperationRename => OperationResult {
        /// The local account to act as, where the identity maps to several.
        body local_user: String as json_text;
    }
}

request! {
    /// [`TransferClient::operation_stat`].
    pub struct OperationStat => FileEntry {
        /// The file or directory; the collection's default directory when not given.
        query path: String as text;
        /// The local account to act as, where the identity maps to several.
        query local_user: String as text;
    }
}
