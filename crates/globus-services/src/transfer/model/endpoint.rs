//! Endpoints and collections.

use super::EndpointServer;
use crate::model::{CollectionId, IdentityId, Timestamp, model, open_enum};

open_enum! {
    /// What an endpoint document describes.
    pub enum EntityType {
        /// A collection of Globus Connect Server 5 whose users map to local accounts.
        GcsV5MappedCollection = "GCSv5_mapped_collection",
        /// A collection of Globus Connect Server 5 that was shared out of a mapped one.
        GcsV5GuestCollection = "GCSv5_guest_collection",
        /// A Globus Connect Server 5 endpoint; it holds collections, no data of its own.
        GcsV5Endpoint = "GCSv5_endpoint",
        /// The data of a Globus Connect Personal installation.
        GcpMappedCollection = "GCP_mapped_collection",
        /// A collection that was shared out of Globus Connect Personal.
        GcpGuestCollection = "GCP_guest_collection",
        /// A host of Globus Connect Server 4.
        GcsV4Host = "GCSv4_host",
        /// A share of Globus Connect Server 4.
        GcsV4Share = "GCSv4_share",
    }
}

model! {
    /// An endpoint or collection.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/endpoints_and_collections/#endpoint_or_collection_document)
    pub struct Endpoint {
        /// Its id.
        id: CollectionId = key,
        /// The name that people see.
        display_name: Option<String>,
        /// The old-style name `owner#name`.
        canonical_name: Option<String>,
        /// What it is.
        entity_type: Option<EntityType>,
        /// The organization that runs it.
        organization: Option<String>,
        /// The department within the organization.
        department: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Words to find it by, separated by commas.
        keywords: Option<String>,
        /// A page that tells more.
        info_link: Option<String>,
        /// Where its administrators can be written to.
        contact_email: Option<String>,
        /// More ways to reach them.
        contact_info: Option<String>,
        /// The owner's username, in an encoded form.
        username: Option<String>,
        /// The owner's identity.
        owner_id: Option<IdentityId>,
        /// The owner, readable.
        owner_string: Option<String>,
        /// Whether everyone can see it.
        public: Option<bool>,
        /// The subscription that manages it.
        subscription_id: Option<String>,
        /// Whether an administrator of the subscription has verified it.
        subscription_admin_verified: Option<bool>,
        /// Where a listing starts when no path is given.
        default_directory: Option<String>,
        /// Whether it is a Globus Connect Personal endpoint.
        is_globus_connect: Option<bool>,
        /// Whether that Globus Connect Personal is connected now.
        gcp_connected: Option<bool>,
        /// Whether that Globus Connect Personal is paused by its user.
        gcp_paused: Option<bool>,
        /// The address of its GCS Manager API.
        gcs_manager_url: Option<String>,
        /// The version of its Globus Connect Server.
        gcs_version: Option<String>,
        /// The address of the object store behind it.
        s3_url: Option<String>,
        /// The endpoint that hosts this guest collection.
        host_endpoint_id: Option<CollectionId>,
        /// The name of that endpoint in its old style.
        host_endpoint: Option<String>,
        /// The name of that endpoint that people see.
        host_endpoint_display_name: Option<String>,
        /// The path on its host that is this guest collection's root.
        host_path: Option<String>,
        /// The mapped collection that this guest collection belongs to.
        mapped_collection_id: Option<CollectionId>,
        /// The name of that mapped collection.
        mapped_collection_display_name: Option<String>,
        /// Whether it only hosts others and cannot be used itself.
        non_functional: Option<bool>,
        /// The endpoint that replaces a non-functional one.
        non_functional_endpoint_id: Option<CollectionId>,
        /// The name of that endpoint.
        non_functional_endpoint_display_name: Option<String>,
        /// Whether files are not verified after a transfer unless that is asked for.
        disable_verify: Option<bool>,
        /// Whether files are always verified after a transfer.
        force_verify: Option<bool>,
        /// Whether transfers are always encrypted.
        force_encryption: Option<bool>,
        /// Whether users that are not logged in may not write.
        disable_anonymous_writes: Option<bool>,
        /// Whether guest collections can be made on it.
        allow_guest_collections: Option<bool>,
        /// Whether a second factor is needed at login.
        mfa_required: Option<bool>,
        /// Whether it holds high assurance data.
        high_assurance: Option<bool>,
        /// After how many minutes a login must be renewed to use it.
        authentication_timeout_mins: Option<i64>,
        /// Whether it can be shared from.
        shareable: Option<bool>,
        /// Whether access rules can exist on it.
        acl_available: Option<bool>,
        /// Whether the caller may change its access rules.
        acl_editable: Option<bool>,
        /// For how many minutes an access rule may be granted at most.
        acl_max_expiration_period_mins: Option<i64>,
        /// Whether tasks are running on it.
        in_use: Option<bool>,
        /// The caller's roles on it.
        my_effective_roles: Vec<String> = list,
        /// The address of its data channel.
        tlsftp_server: Option<String>,
        /// The address at which its files can be fetched over HTTPS.
        https_server: Option<String>,
        /// How transfers share the network: `normal`, `minimal`, `aggressive` or `custom`.
        network_use: Option<String>,
        /// How many files at once a transfer aims for.
        preferred_concurrency: Option<i64>,
        /// How many streams a file a transfer aims for.
        preferred_parallelism: Option<i64>,
        /// How many files at once a transfer may use.
        max_concurrency: Option<i64>,
        /// How many streams a file a transfer may use.
        max_parallelism: Option<i64>,
        /// The kind of storage behind it.
        storage_type: Option<String>,
        /// When it was last used by the caller.
        last_accessed_time: Option<Timestamp>,
        /// When it was made.
        creation_time: Option<Timestamp>,
        /// What its administrators tell its users.
        user_message: Option<String>,
        /// Where they tell more.
        user_message_link: Option<String>,
        /// The servers behind it.
        servers as "DATA": Vec<EndpointServer> = list,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}
