//! Globus endpoints on this machine: what their files say about them. Nothing here uses the network.
//!
//! [`LocalGlobusConnectPersonal`] and [`LocalGlobusConnectServer`] look where an installation keeps its files each time they are
//! asked; that none is there is no error. What the files say is not verified: whoever may write them may write anything.
//!
//! The files are small, and reading them blocks the thread; where that matters (a home directory on a slow file system, in an
//! asynchronous program), ask from `tokio::task::spawn_blocking`.

mod error;
mod file;
mod owner;
mod personal;
mod server;

pub use error::{LocalEndpointError, LocalEndpointErrorKind};
pub use owner::GlobusConnectPersonalOwnerInfo;
pub use personal::LocalGlobusConnectPersonal;
pub use server::{GlobusConnectServerInfo, LocalGlobusConnectServer};
