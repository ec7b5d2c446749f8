//! The scope that reaches the data of mapped collections.

use globus_auth_core::scopes::{Scope, gcs};
use globus_transport::{Error, ErrorKind};

use super::TransferClient;
use crate::request::OneOrMany;

impl TransferClient {
    /// The scope `all` with `data_access` for these collections: what a login asks for, so that files on them can be listed and
    /// moved. Mapped collections that hold no high assurance data want it, and Auth knows it for no others.
    ///
    /// ```
    /// use globus_services::transfer::TransferClient;
    ///
    /// let scope = TransferClient::data_access_scope("f25031d5-9105-558f-a220-1add1996f872")?;
    /// assert_eq!(
    ///     scope.to_string(),
    ///     "urn:globus:auth:scope:transfer.api.globus.org:all\
    ///      [*https://auth.globus.org/scopes/f25031d5-9105-558f-a220-1add1996f872/data_access]",
    /// );
    /// # Ok::<(), globus_transport::Error>(())
    /// ```
    ///
    /// # Errors
    /// When one of the ids is no UUID: Auth would refuse the whole login.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/overview/#data-access-consents)
    pub fn data_access_scope(collection_ids: impl OneOrMany) -> Result<Scope, Error> {
        let usage = |err| Error::with_source(ErrorKind::Usage, "no scope can be made", err);
        let mut scope = Scope::new(Self::SCOPES.all).map_err(usage)?;
        for id in collection_ids.into_texts() {
            if !is_uuid(&id) {
                let id: String = id.chars().take(60).collect();
                return Err(Error::new(ErrorKind::Usage, format!("{id:?} is not the id of a collection")));
            }
            scope = scope.with_dependency(gcs::data_access(&id).map_err(usage)?.with_optional(true));
        }
        Ok(scope)
    }

    /// Tells the app of the client that files on these collections will be listed and moved:
    /// [`data_access_scope`](Self::data_access_scope) counts for the next login, and for every later one.
    ///
    /// # Errors
    /// When the client was not made with an app, or one of the ids is no UUID.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/overview/#data-access-consents)
    pub fn add_app_data_access_scope(&self, collection_ids: impl OneOrMany) -> Result<&Self, Error> {
        self.add_app_scope(Self::data_access_scope(collection_ids)?)
    }
}

fn is_uuid(id: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<_> = id.split('-').collect();
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_collection_is_an_optional_dependency() {
        let ids = ["f25031d5-9105-558f-a220-1add1996f872", "44ae0c59-af1f-5afa-874c-cfd9404a00a3"];
        let scope = TransferClient::data_access_scope(ids).unwrap();
        assert_eq!(scope.dependencies().len(), 2);
        assert!(scope.dependencies().iter().all(Scope::is_optional));
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        for id in
            ["", "not-a-uuid", "f25031d5-9105-558f-a220-1add1996f87", "x25031d5-9105-558f-a220-1add1996f872"]
        {
            let error = TransferClient::data_access_scope(id).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{id}");
        }
    }
}
