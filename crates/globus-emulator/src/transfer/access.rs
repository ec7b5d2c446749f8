//! Who may do what where: tokens, consents, access rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::StatusCode;
use serde_json::Value;

use super::collection::Collection;
use super::disk::{Inside, Wanted};
use super::error::TransferError;
use super::paths::{self, PathError};
use super::permission::{Role, Viewer};
use crate::app::App;
use crate::auth::{Grant, TRANSFER, TRANSFER_ALL, bearer, data_access};
use crate::http::Call;
use crate::lock::lock;

/// The grant of the caller, which must be for all of Transfer.
pub(crate) fn caller(app: &App, call: &Call) -> Result<Arc<Grant>, TransferError> {
    let grant = bearer(app, call, TRANSFER).ok_or_else(TransferError::unauthenticated)?;
    if grant.has_scope(TRANSFER_ALL) {
        Ok(grant)
    } else {
        Err(TransferError::forbidden(format!("The token lacks the scope {TRANSFER_ALL}")))
    }
}

/// A collection as one identity may use it.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) root: PathBuf,
    /// What `/~/` stands for.
    pub(crate) home: String,
    /// What is looked at where no path is named.
    pub(crate) start: String,
    /// Paths that may be read, and whether they may be written; `None` for everything.
    rules: Option<Vec<(String, bool)>>,
}

/// Opens a collection for the holder of a grant.
pub(crate) fn open(app: &App, grant: &Grant, id: &str) -> Result<Opened, TransferError> {
    let collection = {
        let transfer = lock(&app.transfer);
        transfer.collections.get(id).cloned().ok_or_else(|| TransferError::no_endpoint(id))?
    };
    if collection.needs_data_access && !has_consented(app, grant, id) {
        return Err(TransferError::consent_required(format!("{TRANSFER_ALL}[*{}]", data_access(id))));
    }
    let root = collection.root.clone().ok_or_else(|| {
        let message = format!("Endpoint '{}' is not connected to Globus", collection.display_name);
        TransferError::new(StatusCode::BAD_GATEWAY, "ExternalError.DirListingFailed.GCDisconnected", message)
    })?;
    let viewer = Viewer::of(app, &grant.identity);
    let everything = !collection.is_guest() || collection.grants(&viewer, Role::AccessManager);
    let rules = (!everything).then(|| rules(app, &viewer, &collection));
    let home = if collection.is_guest() { "/".to_owned() } else { home(app, grant) };
    let start = collection.more.get("default_directory").and_then(Value::as_str);
    // What is in braces stands for a place that only the server knows.
    let start = start.filter(|start| !start.is_empty() && !start.contains('{')).unwrap_or("/~/").to_owned();
    let opened = Opened { id: collection.id, name: collection.display_name, root, home, start, rules };
    let home = opened.home.as_str();
    if home != "/" {
        // Made when first wanted, as on a system where the account has just been opened.
        opened.inside()?.dir(home, Wanted::Make).map_err(|error| path_error(error, home))?;
    }
    Ok(opened)
}

/// Whether the path is the root of a collection, or one lies below it. Such a directory stays where it is, so that nothing else
/// can get into its place.
pub(crate) fn holds_a_root(app: &App, real: &Path) -> bool {
    let transfer = lock(&app.transfer);
    let mut roots = transfer.collections.values().filter_map(|collection| collection.root.as_ref());
    roots.any(|root| root.starts_with(real))
}

fn has_consented(app: &App, grant: &Grant, collection: &str) -> bool {
    let auth = lock(&app.auth);
    grant.paths.iter().filter(|path| path.last().is_some_and(|scope| scope == TRANSFER_ALL)).any(|path| {
        let mut path = path.clone();
        path.push(data_access(collection));
        auth.consents.allows(&grant.consent_client, &grant.identity, &path)
    })
}

/// `/home/<name>` of the identity's account.
fn home(app: &App, grant: &Grant) -> String {
    format!("/home/{}", account(lock(&app.auth).username(&grant.identity)))
}

/// The local account of a user: the first part of the username, in plain letters.
pub(crate) fn account(username: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    username.split('@').next().unwrap_or_default().chars().map(plain).collect()
}

fn rules(app: &App, viewer: &Viewer, collection: &Collection) -> Vec<(String, bool)> {
    let rules = collection.access_list(app.clock.millis());
    rules
        .iter()
        .filter(|rule| viewer.is(rule))
        .map(|rule| (rule["path"].as_str().unwrap_or("/").to_owned(), rule["permissions"] == "rw"))
        .collect()
}

impl Opened {
    /// A collection without rules.
    #[cfg(test)]
    pub(crate) fn everything(root: &std::path::Path) -> Self {
        let text = String::new;
        let (home, start) = ("/".to_owned(), "/~/".to_owned());
        Self { id: text(), name: text(), root: root.to_path_buf(), home, start, rules: None }
    }

    /// Whether the path may be read, or written.
    pub(crate) fn allows(&self, absolute: &str, write: bool) -> bool {
        let Some(rules) = &self.rules else { return true };
        let path = paths::with_slash(absolute);
        rules.iter().any(|(above, writable)| {
            (path.starts_with(above) && (*writable || !write)) || (!write && above.starts_with(&path))
        })
    }

    /// A path as the client wrote it, from the root, where the identity may go.
    pub(crate) fn locate(&self, path: &str, write: bool) -> Result<String, TransferError> {
        let absolute = paths::absolute(path, &self.home).map_err(|error| path_error(error, path))?;
        if self.allows(&absolute, write) {
            Ok(absolute)
        } else {
            Err(TransferError::forbidden(format!("No permission for '{path}' on '{}'", self.name)))
        }
    }

    /// Whether every path may be read and written.
    pub(crate) fn is_free(&self) -> bool {
        self.rules.is_none()
    }

    /// The files of the collection.
    pub(crate) fn inside(&self) -> Result<Inside, TransferError> {
        Inside::open(Arc::new(self.clone())).map_err(|error| path_error(error, "/"))
    }
}

/// How Transfer tells what is wrong with a path.
pub(crate) fn path_error(error: PathError, path: &str) -> TransferError {
    match error {
        PathError::Invalid(message) => TransferError::invalid(message),
        PathError::Escapes => TransferError::forbidden(format!("Path '{path}' leads out of the collection")),
        PathError::Io(error) => io_error(&error, path),
    }
}

pub(crate) fn io_error(error: &std::io::Error, path: &str) -> TransferError {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => TransferError::new(
            StatusCode::NOT_FOUND,
            "ClientError.NotFound",
            format!("Path '{path}' not found"),
        ),
        ErrorKind::InvalidFilename => {
            TransferError::invalid(format!("Path '{path}' has a name that is too long"))
        }
        ErrorKind::PermissionDenied => TransferError::forbidden(format!("Permission denied for '{path}'")),
        _ => TransferError::new(StatusCode::BAD_GATEWAY, "EndpointError", format!("'{path}': {error}")),
    }
}
