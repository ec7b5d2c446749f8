//! Secrets of clients.

use crate::auth::{AuthClient, ClientCredentialDocument, ClientCredentialList};
use crate::model::{ClientId, CredentialId};
use crate::request::Request;

impl AuthClient {
    /// Lists the secrets of a client, all at once, without the secrets themselves.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#get_client_credentials).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` for a client that the caller does not manage.
    pub fn get_client_credentials(&self, client_id: impl Into<ClientId>) -> Request<ClientCredentialList> {
        let id = client_id.into();
        self.core
            .get("get_client_credentials", "v2/api/clients/{client_id}/credentials", &[id.as_str()])
            .into()
    }

    /// Makes a new secret for a client. The answer is the only one that holds the secret itself: keep it.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#create_client_credential).
    /// Needs `manage_projects`. A lost answer is not tried again, since a second secret could come of it.
    ///
    /// ```no_run
    /// use globus_services::auth::{AuthClient, ConfidentialAppAuthClient};
    ///
    /// # async fn example(auth: AuthClient, client_id: &str) -> Result<(), globus_transport::Error> {
    /// let made = auth.create_client_credential(client_id, "nightly jobs").await?.credential;
    /// println!("made {}", made.id);
    /// if let Some(secret) = made.secret {
    ///     let client = ConfidentialAppAuthClient::new(client_id, secret)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_client_credential(
        &self,
        client_id: impl Into<ClientId>,
        name: impl Into<String>,
    ) -> Request<ClientCredentialDocument> {
        let id = client_id.into();
        self.core
            .post("create_client_credential", "v2/api/clients/{client_id}/credentials", &[id.as_str()])
            .wrapped("credential")
            .field("name", name.into())
            .into()
    }

    /// Deletes a secret of a client: it works no longer.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#delete_client_credential).
    /// Needs `manage_projects`; fails with `NOT_FOUND` or `FORBIDDEN` when there is none that the caller manages.
    pub fn delete_client_credential(
        &self,
        client_id: impl Into<ClientId>,
        credential_id: impl Into<CredentialId>,
    ) -> Request<ClientCredentialDocument> {
        let (client, credential) = (client_id.into(), credential_id.into());
        let template = "v2/api/clients/{client_id}/credentials/{credential_id}";
        self.core.delete("delete_client_credential", template, &[client.as_str(), credential.as_str()]).into()
    }
}
