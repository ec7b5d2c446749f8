//! [`LocalGlobusConnectPersonal`].

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use super::{GlobusConnectPersonalOwnerInfo, LocalEndpointError, file};
use crate::model::CollectionId;

/// The Globus Connect Personal of this user, on this machine.
///
/// ```no_run
/// use globus_services::local_endpoint::LocalGlobusConnectPersonal;
///
/// let personal = LocalGlobusConnectPersonal::new();
/// match personal.endpoint_id()? {
///     Some(id) => println!("this machine is the collection {id}"),
///     None => println!("Globus Connect Personal is not set up here"),
/// }
/// # Ok::<(), globus_services::local_endpoint::LocalEndpointError>(())
/// ```
///
/// [Documentation](https://docs.globus.org/globus-connect-personal/)
#[derive(Clone, Debug, Default)]
pub struct LocalGlobusConnectPersonal {
    config_dir: Option<PathBuf>,
}

impl LocalGlobusConnectPersonal {
    /// The one in the directory that is usual on this platform: `.globusonline` in the home directory; on Windows `Globus Connect`
    /// in `%LOCALAPPDATA%`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The one in another directory, which on Linux is what Globus Connect Personal is given as `-dir`.
    pub fn with_config_dir(config_dir: impl Into<PathBuf>) -> Self {
        Self { config_dir: Some(config_dir.into()) }
    }

    /// Its directory, whether it is there or not.
    ///
    /// # Errors
    /// When none was given, and the home directory (`%LOCALAPPDATA%` on Windows) is not known.
    pub fn config_dir(&self) -> Result<PathBuf, LocalEndpointError> {
        match &self.config_dir {
            Some(given) => Ok(given.clone()),
            None => usual_dir(cfg!(windows), env::home_dir(), env::var_os("LOCALAPPDATA")),
        }
    }

    /// The id of the collection; nothing when Globus Connect Personal is not set up.
    ///
    /// # Errors
    /// When the file with it cannot be read, or does not hold one id; and as [`LocalGlobusConnectPersonal::config_dir`].
    pub fn endpoint_id(&self) -> Result<Option<CollectionId>, LocalEndpointError> {
        let path = self.data_dir()?.join("client-id.txt");
        let Some(text) = file::read(&path)? else { return Ok(None) };
        match text.trim() {
            "" => Ok(None),
            id if id.contains(|c: char| c.is_whitespace() || c.is_control()) => {
                Err(LocalEndpointError::malformed(&path))
            }
            id => Ok(Some(id.into())),
        }
    }

    /// To whom it belongs; nothing when Globus Connect Personal is not set up, or its files name nobody. Who that is,
    /// Globus Auth tells: look the identity or username up.
    ///
    /// # Errors
    /// When the file with it cannot be read, or names the owner in no known way; and as
    /// [`LocalGlobusConnectPersonal::config_dir`].
    pub fn get_owner_info(&self) -> Result<Option<GlobusConnectPersonalOwnerInfo>, LocalEndpointError> {
        let path = self.data_dir()?.join("gridmap");
        let Some(text) = file::read(&path)? else { return Ok(None) };
        GlobusConnectPersonalOwnerInfo::read(&text).map_err(|()| LocalEndpointError::malformed(&path))
    }

    /// Where the files are.
    fn data_dir(&self) -> Result<PathBuf, LocalEndpointError> {
        let config_dir = self.config_dir()?;
        Ok(if cfg!(windows) { config_dir } else { config_dir.join("lta") })
    }
}

fn usual_dir(
    on_windows: bool,
    home: Option<PathBuf>,
    local_app_data: Option<OsString>,
) -> Result<PathBuf, LocalEndpointError> {
    let (parent, name, variable) = if on_windows {
        (local_app_data.map(PathBuf::from), "Globus Connect", "LOCALAPPDATA")
    } else {
        (home, ".globusonline", "HOME")
    };
    let parent = parent.filter(|parent| !parent.as_os_str().is_empty());
    parent.map(|parent| parent.join(name)).ok_or_else(|| LocalEndpointError::no_config_dir(variable))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_platform_has_its_directory() {
        let home = || Some(PathBuf::from("home"));
        let linux = usual_dir(false, home(), None).unwrap();
        assert_eq!(linux, Path::new("home").join(".globusonline"));
        let windows = usual_dir(true, home(), Some("local".into())).unwrap();
        assert_eq!(windows, Path::new("local").join("Globus Connect"));
    }

    #[test]
    fn without_a_home_the_variable_to_set_is_named() {
        for (on_windows, local, variable) in
            [(false, Some("x"), "HOME"), (true, None, "LOCALAPPDATA"), (true, Some(""), "LOCALAPPDATA")]
        {
            let error = usual_dir(on_windows, None, local.map(Into::into)).unwrap_err();
            assert!(error.to_string().contains(&format!("set {variable}")), "{error}");
            assert_eq!(error.path(), None);
        }
    }
}
