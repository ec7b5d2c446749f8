//! [`LocalGlobusConnectServer`].

use std::path::PathBuf;

use super::{LocalEndpointError, file};
use crate::model::{CollectionId, model};

/// The Globus Connect Server of which this machine is a node.
///
/// ```no_run
/// use globus_services::local_endpoint::LocalGlobusConnectServer;
///
/// if let Some(id) = LocalGlobusConnectServer::new().endpoint_id()? {
///     println!("this machine is a node of the endpoint {id}");
/// }
/// # Ok::<(), globus_services::local_endpoint::LocalEndpointError>(())
/// ```
///
/// [Documentation](https://docs.globus.org/globus-connect-server/)
#[derive(Clone, Debug)]
pub struct LocalGlobusConnectServer {
    info_path: PathBuf,
}

model! {
    /// What a node says about its endpoint.
    pub struct GlobusConnectServerInfo {
        /// The endpoint.
        endpoint_id: Option<CollectionId>,
        /// Its domain name.
        domain_name: Option<String>,
    }
}

impl LocalGlobusConnectServer {
    /// The one that is installed as usual, with `/var/lib/globus-connect-server/info.json`.
    pub fn new() -> Self {
        Self::with_info_path("/var/lib/globus-connect-server/info.json")
    }

    /// The one with this file.
    pub fn with_info_path(info_path: impl Into<PathBuf>) -> Self {
        Self { info_path: info_path.into() }
    }

    /// What the file says; nothing when there is none: this machine is no node, or this program does not see its files, as in a container.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no such document.
    pub fn info(&self) -> Result<Option<GlobusConnectServerInfo>, LocalEndpointError> {
        let Some(text) = file::read(&self.info_path)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|_| LocalEndpointError::malformed(&self.info_path))
    }

    /// The id of the endpoint.
    ///
    /// # Errors
    /// As [`LocalGlobusConnectServer::info`].
    pub fn endpoint_id(&self) -> Result<Option<CollectionId>, LocalEndpointError> {
        Ok(self.info()?.and_then(|info| info.endpoint_id))
    }

    /// The domain name of the endpoint.
    ///
    /// # Errors
    /// As [`LocalGlobusConnectServer::info`].
    pub fn domain_name(&self) -> Result<Option<String>, LocalEndpointError> {
        Ok(self.info()?.and_then(|info| info.domain_name))
    }
}

impl Default for LocalGlobusConnectServer {
    fn default() -> Self {
        Self::new()
    }
}
