//! What is sent to version 2 of the service.

use serde_json::Map;

use super::submission_id;
use crate::model::{CollectionId, SubmissionId};
use crate::request::payload;

payload! {
    /// A tunnel to make between two stream access points.
    ///
    /// ```
    /// use globus_services::transfer::v2::CreateTunnelData;
    ///
    /// let data = CreateTunnelData::new("fa3ce6b4-6b5e-4ee5-b4d8-95e6ab41eef9", "0d8a7c14-7c63-4fd3-a7b0-28bd4d6c71b3")
    ///     .label("beam line 7")
    ///     .lifetime_mins(60);
    /// # assert!(data.assigned_submission_id().is_none());
    /// ```
    pub struct CreateTunnelData(
        "/data/type" = "Tunnel",
        "/data/attributes" = Map::new(),
        "/data/relationships/initiator/data/type" = "StreamAccessPoint",
        "/data/relationships/listener/data/type" = "StreamAccessPoint",
    ) in "/data/attributes" {
        new(
            initiator_stream_access_point: String as json, named "/data/relationships/initiator/data/id";
            listener_stream_access_point: String as json, named "/data/relationships/listener/data/id"
        );
        /// Its name.
        label: String as json;
        /// The id under which it is submitted: submitting the same again makes no second tunnel. Without one, a fresh one is made
        /// when the request is.
        submission_id: SubmissionId as json;
        /// How many minutes it exists; the service takes 360 when not set.
        lifetime_mins: u64 as json;
        /// Whether it is started again after a failure.
        restartable: bool as json;
        /// The address of the listening program, in its own network.
        listener_ip_address: String as json;
        /// The port of the listening program.
        listener_port: u64 as json;
    }
}

impl CreateTunnelData {
    /// The id under which it will be submitted, when it has one.
    pub fn assigned_submission_id(&self) -> Option<&str> {
        self.0.get("data")?.get("attributes")?.get("submission_id")?.as_str()
    }

    /// The same with a submission id. An explicit `null` stays.
    pub(super) fn submittable(mut self) -> Self {
        let attributes = self.0.get("data").and_then(|data| data.get("attributes"));
        if attributes.is_none_or(|attributes| attributes.get("submission_id").is_none()) {
            self = self.submission_id(submission_id::fresh());
        }
        self
    }
}

payload! {
    /// What to change of a tunnel.
    pub struct TunnelUpdateDocument("/data/type" = "Tunnel", "/data/attributes" = Map::new()) in "/data/attributes" {
        new();
        /// Its name.
        label: String as json;
        /// The address of the listening program, in its own network.
        listener_ip_address: String as json;
        /// The port of the listening program.
        listener_port: u64 as json;
        /// `STOPPING`, to end it.
        state: String as json;
    }
}

payload! {
    /// A bookmark to make.
    pub struct BookmarkCreateDocument(
        "/data/type" = "Bookmark",
        "/data/relationships/collection/data/type" = "Collection",
    ) in "/data/attributes" {
        new(
            collection: CollectionId as json, named "/data/relationships/collection/data/id";
            name: String as json;
            path: String as json
        );
        /// Whether it stands first in lists.
        pinned: bool as json;
    }
}

payload! {
    /// What to change of a bookmark.
    pub struct BookmarkUpdateDocument("/data/type" = "Bookmark", "/data/attributes" = Map::new()) in "/data/attributes" {
        new();
        /// Its name.
        name: String as json;
        /// The directory.
        path: String as json;
        /// Whether it stands first in lists.
        pinned: bool as json;
    }
}
