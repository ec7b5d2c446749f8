//! Secrets of clients.

use globus_auth_core::Secret;

use crate::model::{ClientId, CredentialId, Timestamp, model};

model! {
    /// A secret of a client.
    ///
    /// `Debug` shows a fingerprint of the secret only. Writing the document, as JSON for example, writes the secret itself.
    pub struct ClientCredential {
        /// The id by which it is managed.
        id: CredentialId = key,
        /// Its name.
        name: Option<String>,
        /// The client whose it is.
        client: Option<ClientId>,
        /// When it was made.
        created: Option<Timestamp>,
        /// The secret itself; only the answer that made it holds it.
        secret: Option<Secret> = secret,
    }
}

model! {
    /// The answer that is one secret of a client.
    pub struct ClientCredentialDocument {
        /// The secret, and what is known of it.
        credential: ClientCredential = key,
    }
}

model! {
    /// The secrets of a client, without the secrets themselves.
    pub struct ClientCredentialList {
        /// What is known of them.
        credentials: Vec<ClientCredential> = list,
    }
}
