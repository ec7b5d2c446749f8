//! The documents of Transfer.

use globus_services::transfer::v2::{self, StreamAccessPoint, Tunnel, TunnelEvent};
use globus_services::transfer::{
    AccessRule, AccessRuleCreated, AdminCancel, Bookmark, Endpoint, EndpointCreated, EndpointServer,
    FileEntry, FileList, FreshSubmissionId, OperationResult, PauseInfo, PauseRule, Role, SharedEndpointList,
    SkippedError, SubmissionResponse, SuccessfulTransfer, Task, TaskEvent, TransferList,
};
use globus_services::{JsonApiDocument, JsonApiEmpty, JsonApiList};

use super::models;

models! {
    "transfer":
    endpoint: Endpoint = "TransferClient.get_endpoint", ["id"];
    endpoint_list: TransferList<Endpoint> = "TransferClient.endpoint_search", ["id"];
    endpoint_server: EndpointServer = "TransferClient.get_endpoint_server", [];
    endpoint_server_list: TransferList<EndpointServer> = "TransferClient.endpoint_server_list", [];
    endpoint_created: EndpointCreated = "TransferClient.create_shared_endpoint", ["id"];
    shared_endpoint_list: SharedEndpointList = "TransferClient.get_shared_endpoint_list", ["id"];
    role: Role = "TransferClient.get_endpoint_role", [];
    role_list: TransferList<Role> = "TransferClient.endpoint_role_list", [];
    access_rule: AccessRule = "TransferClient.get_endpoint_acl_rule", [];
    access_rule_list: TransferList<AccessRule> = "TransferClient.endpoint_acl_list", [];
    access_rule_created: AccessRuleCreated = "TransferClient.add_endpoint_acl_rule", ["access_id"];
    bookmark: Bookmark = "TransferClient.get_bookmark", ["id"];
    bookmark_list: TransferList<Bookmark> = "TransferClient.bookmark_list", ["id"];
    pause_rule: PauseRule = "TransferClient.endpoint_manager_get_pause_rule", ["id"];
    pause_rule_list: TransferList<PauseRule> = "TransferClient.endpoint_manager_pause_rule_list", ["id"];
    pause_info: PauseInfo = "TransferClient.task_pause_info", ["id"];
    admin_cancel: AdminCancel = "TransferClient.endpoint_manager_cancel_status", ["id"];
    file: FileEntry = "TransferClient.operation_stat", ["name"];
    file_list: FileList = "TransferClient.operation_ls", ["name"];
    operation_result: OperationResult = "TransferClient.operation_mkdir", ["code"];
    fresh_submission_id: FreshSubmissionId = "TransferClient.get_submission_id", ["value"];
    submission_response: SubmissionResponse = "TransferClient.submit_transfer", ["task_id"];
    task: Task = "TransferClient.get_task", ["task_id"];
    task_list: TransferList<Task> = "TransferClient.task_list", ["task_id"];
    task_list_by_keys: TransferList<Task> = "TransferClient.endpoint_manager_task_list", ["task_id"];
    event_list: TransferList<TaskEvent> = "TransferClient.task_event_list", ["code"];
    successful_transfer_list: TransferList<SuccessfulTransfer> = "TransferClient.task_successful_transfers", [];
    skipped_error_list: TransferList<SkippedError> = "TransferClient.task_skipped_errors", [];
    tunnel: JsonApiDocument<Tunnel> = "TransferClientV2.get_tunnel", ["data", "id"];
    tunnel_list: JsonApiList<Tunnel> = "TransferClientV2.list_tunnels", ["id"];
    tunnel_event_list: JsonApiList<TunnelEvent> = "TransferClientV2.get_tunnel_events", ["id"];
    stream_access_point: JsonApiDocument<StreamAccessPoint> = "TransferClientV2.get_stream_access_point", ["data", "id"];
    stream_access_point_list: JsonApiList<StreamAccessPoint> = "TransferClientV2.list_stream_access_points", ["id"];
    bookmark_of_the_second: JsonApiDocument<v2::Bookmark> = "TransferClientV2.get_bookmark", ["data", "id"];
    bookmark_list_of_the_second: JsonApiList<v2::Bookmark> = "TransferClientV2.list_bookmarks", ["id"];
    nothing: JsonApiEmpty = "TransferClientV2.delete_tunnel", [];
}
