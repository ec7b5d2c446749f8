//! What stands before operations on files: logins that are good enough, and pause rules.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::access::caller;
use super::error::TransferError;
use super::pause::{self, Activity};
use super::{Answer, listing, operations, session};
use crate::app::App;
use crate::http::Call;

pub(crate) async fn ls(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    pass(&app, &call, &id, Some(Activity::Ls))?;
    listing::ls(State(app), Path(id), call).await
}

pub(crate) async fn stat(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    pass(&app, &call, &id, None)?;
    operations::stat(State(app), Path(id), call).await
}

pub(crate) async fn mkdir(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    pass(&app, &call, &id, Some(Activity::Mkdir))?;
    operations::mkdir(State(app), Path(id), call).await
}

pub(crate) async fn rename(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    pass(&app, &call, &id, Some(Activity::Rename))?;
    operations::rename(State(app), Path(id), call).await
}

fn pass(app: &App, call: &Call, id: &str, activity: Option<Activity>) -> Result<(), TransferError> {
    let grant = caller(app, call)?;
    session::demand(app, &grant, id)?;
    match activity {
        Some(activity) => pause::refuse(app, &grant.identity, id, activity),
        None => Ok(()),
    }
}
