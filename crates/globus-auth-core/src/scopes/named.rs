//! The scopes of each service, as constants.

/// One service: its struct, its constant, its resource server, the scopes that its client asks for by default, and all its
/// scopes with what they allow.
macro_rules! service {
    ($(#[$about:meta])* $type:ident $constant:ident $resource_server:literal [$($default:ident),*]
     { $($(#[$doc:meta])* $scope:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct $type {
            /// The resource server, by which the tokens for these scopes are stored and found.
            pub resource_server: &'static str,
            /// What the client of the service asks for unless it is told otherwise.
            pub default_scopes: &'static [&'static str],
            $($(#[$doc])* pub $scope: &'static str,)+
        }

        $(#[$about])*
        pub const $constant: $type = {
            $(const fn $scope() -> &'static str { $text })+
            $type {
                resource_server: $resource_server,
                default_scopes: &[$($default()),*],
                $($scope: $scope(),)+
            }
        };

        impl $type {
            /// Every scope of the service: the name of its field, and its text.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
                [$((stringify!($scope), self.$scope)),+].into_iter()
            }
        }
    };
}

service! {
    /// The scopes of Globus Auth.
    AuthScopes AUTH "auth.globus.org" [openid, profile, email] {
        /// The user's email address in the ID token and user info.
        email = "email",
        /// Manage projects, and the clients and policies in them.
        manage_projects = "urn:globus:auth:scope:auth.globus.org:manage_projects",
        /// An ID token, which says who logged in.
        openid = "openid",
        /// The user's name and organization in the ID token and user info.
        profile = "profile",
        /// View when and how the user logged in.
        view_authentications = "urn:globus:auth:scope:auth.globus.org:view_authentications",
        /// View clients.
        view_clients = "urn:globus:auth:scope:auth.globus.org:view_clients",
        /// View clients and scopes.
        view_clients_and_scopes = "urn:globus:auth:scope:auth.globus.org:view_clients_and_scopes",
        /// View the consents that the user gave.
        view_consents = "urn:globus:auth:scope:auth.globus.org:view_consents",
        /// View identities of other users.
        view_identities = "urn:globus:auth:scope:auth.globus.org:view_identities",
        /// View the identities that are linked to the user's.
        view_identity_set = "urn:globus:auth:scope:auth.globus.org:view_identity_set",
    }
}

service! {
    /// The scopes of Globus Transfer.
    TransferScopes TRANSFER "transfer.api.globus.org" [all] {
        /// Everything: transfers, listings, collections. Mapped collections need
        /// [`data_access`](super::gcs::data_access) below it.
        all = "urn:globus:auth:scope:transfer.api.globus.org:all",
        /// Set up Globus Connect Personal.
        gcp_install = "urn:globus:auth:scope:transfer.api.globus.org:gcp_install",
    }
}

service! {
    /// The scopes of Globus Groups.
    GroupsScopes GROUPS "groups.api.globus.org" [view_my_groups_and_memberships] {
        /// Everything, changes included.
        all = "urn:globus:auth:scope:groups.api.globus.org:all",
        /// View the user's groups and memberships.
        view_my_groups_and_memberships =
            "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships",
    }
}

service! {
    /// The scopes of Nexus, the service that came before Globus Groups. It has no client here.
    NexusScopes NEXUS "nexus.api.globus.org" [] {
        /// The user's groups.
        groups = "urn:globus:auth:scope:nexus.api.globus.org:groups",
    }
}

service! {
    /// The scopes of Globus Search.
    SearchScopes SEARCH "search.api.globus.org" [search] {
        /// Everything, changes included.
        all = "urn:globus:auth:scope:search.api.globus.org:all",
        /// What Globus Connect Server needs.
        globus_connect_server = "urn:globus:auth:scope:search.api.globus.org:globus_connect_server",
        /// Write to indices.
        ingest = "urn:globus:auth:scope:search.api.globus.org:ingest",
        /// Search in indices.
        search = "urn:globus:auth:scope:search.api.globus.org:search",
    }
}

service! {
    /// The scopes of Globus Flows. A run of one flow needs [`specific_flow::user`](super::specific_flow::user).
    FlowsScopes FLOWS "flows.globus.org" [all] {
        /// Everything.
        all = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all",
        /// Create, change and delete flows.
        manage_flows = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/manage_flows",
        /// Start runs.
        run = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run",
        /// Change, cancel and release runs.
        run_manage = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run_manage",
        /// View runs.
        run_status = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run_status",
        /// View flows.
        view_flows = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/view_flows",
    }
}

service! {
    /// The scopes of Globus Timers.
    TimersScopes TIMERS "524230d7-ea86-4a52-8312-86065a9e0417" [timer] {
        /// Everything. A timer that transfers needs Transfer's `all` below it.
        timer = "https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/timer",
    }
}

service! {
    /// The scopes of Globus Compute.
    ComputeScopes COMPUTE "funcx_service" [all] {
        /// Everything.
        all = "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all",
    }
}
