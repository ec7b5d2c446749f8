//! Documents of version 2 of the service.

use serde_json::Value;

use crate::model::{SubmissionId, Timestamp, model, open_enum};

model! {
    /// Which thing is meant.
    pub struct ResourceId {
        /// Its id.
        id: String = key,
        /// What it is, such as `StreamAccessPoint` or `Identity`.
        resource_type as "type": Option<String>,
    }
}

model! {
    /// What a thing is related to.
    pub struct Related {
        /// The other thing; `None` when there is none.
        data: Option<ResourceId>,
    }
}

impl Related {
    /// The id of the other thing.
    pub fn id(&self) -> Option<&str> {
        self.data.as_ref().map(|data| data.id.as_str())
    }
}

open_enum! {
    /// Where a tunnel stands. The service has more states, and does not list them.
    pub enum TunnelState {
        /// It was just asked for.
        Uninitialized = "UNINITIALIZED",
        /// It waits to be told where the listening program is.
        AwaitingListener = "AWAITING_LISTENER",
        /// Data can flow.
        Active = "TUNNEL_ACTIVE",
        /// It is about to end.
        Stopping = "STOPPING",
        /// It has ended.
        Stopped = "STOPPED",
    }
}

model! {
    /// A tunnel between two stream access points.
    pub struct Tunnel {
        /// Its id.
        id: String = key,
        /// `Tunnel`.
        resource_type as "type": Option<String>,
        /// What it is like.
        attributes: Option<TunnelAttributes>,
        /// What it belongs to.
        relationships: Option<TunnelRelationships>,
    }
}

model! {
    /// What a tunnel is like.
    pub struct TunnelAttributes {
        /// Its name.
        label: Option<String>,
        /// Where it stands.
        state: Option<TunnelState>,
        /// The same in words.
        status: Option<String>,
        /// When it was made.
        created_time: Option<Timestamp>,
        /// How many minutes it exists.
        lifetime_mins: Option<u64>,
        /// Whether it is started again after a failure.
        restartable: Option<bool>,
        /// The address of the initiating program, in its own network.
        initiator_ip_address: Option<String>,
        /// The port of the initiating program.
        initiator_port: Option<u16>,
        /// The address of the listening program, in its own network.
        listener_ip_address: Option<String>,
        /// The port of the listening program.
        listener_port: Option<u16>,
        /// The id under which it was submitted.
        submission_id: Option<SubmissionId>,
    }
}

model! {
    /// What a tunnel belongs to.
    pub struct TunnelRelationships {
        /// The stream access point of the initiating program.
        initiator: Option<Related>,
        /// The stream access point of the listening program.
        listener: Option<Related>,
        /// The identity that made it.
        owner: Option<Related>,
    }
}

model! {
    /// Something that happened to a tunnel.
    pub struct TunnelEvent {
        /// Its id: a number, or a text as JSON:API would have it.
        id: Value = key,
        /// `TunnelEvent`.
        resource_type as "type": Option<String>,
        /// What happened.
        attributes: Option<TunnelEventAttributes>,
    }
}

model! {
    /// What happened to a tunnel.
    pub struct TunnelEventAttributes {
        /// The kind of event, such as `STARTED` or `TUNNEL_ACTIVE`.
        code: Option<String>,
        /// Whether it is a fault.
        is_error: Option<bool>,
        /// The event in words.
        description: Option<String>,
        /// More about it.
        details: Option<String>,
        /// When it happened.
        time: Option<Timestamp>,
    }
}

model! {
    /// A point at which streams enter and leave.
    pub struct StreamAccessPoint {
        /// Its id.
        id: String = key,
        /// `StreamAccessPoint`.
        resource_type as "type": Option<String>,
        /// What it is like.
        attributes: Option<StreamAccessPointAttributes>,
        /// What it belongs to.
        relationships: Option<StreamAccessPointRelationships>,
    }
}

model! {
    /// What a stream access point is like.
    pub struct StreamAccessPointAttributes {
        /// The name that people see.
        display_name: Option<String>,
        /// The address at which tunnels enter.
        tlsftp_server: Option<String>,
        /// The username of the identity that it shows as its owner.
        advertised_owner: Option<String>,
        /// Where its administrators can be written to.
        contact_email: Option<String>,
        /// More ways to reach them.
        contact_info: Option<String>,
        /// The organization that runs it.
        organization: Option<String>,
        /// The department within the organization.
        department: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// A page that tells more.
        info_link: Option<String>,
        /// Words to find it by, separated by commas.
        keywords: Option<String>,
    }
}

model! {
    /// What a stream access point belongs to.
    pub struct StreamAccessPointRelationships {
        /// The endpoint that hosts it.
        host_endpoint: Option<Related>,
    }
}

model! {
    /// A bookmark.
    pub struct Bookmark {
        /// Its id.
        id: String = key,
        /// `Bookmark`.
        resource_type as "type": Option<String>,
        /// What it is like.
        attributes: Option<BookmarkAttributes>,
        /// What it belongs to.
        relationships: Option<BookmarkRelationships>,
    }
}

model! {
    /// What a bookmark is like.
    pub struct BookmarkAttributes {
        /// Its name; a user has no two of the same.
        name: Option<String>,
        /// The directory; not told in lists when the collection holds high assurance data.
        path: Option<String>,
        /// Whether it stands first in lists.
        pinned: Option<bool>,
    }
}

model! {
    /// What a bookmark belongs to.
    pub struct BookmarkRelationships {
        /// The collection.
        collection: Option<Related>,
    }
}
