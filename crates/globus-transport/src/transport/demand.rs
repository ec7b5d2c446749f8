//! What is done when a service demands another login before it carries a request out.

use globus_auth_core::LoginDemand;
use globus_authorizers::AuthorizationHeader;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use super::attempt::Failure;
use crate::{AuthRequirement, Error, ErrorKind, HttpRequest};

/// Whether the demand was met.
pub(super) enum Met {
    /// It was. Nothing was carried out so far: also what must not be repeated is sent again.
    SendAgain,
    /// It is the caller's affair.
    Not(Failure),
    /// It was tried, and that failed.
    Failed(Error),
}

/// Lets the authorizer of `request` meet what the answer demands.
pub(super) async fn meet(
    request: &HttpRequest,
    header: Option<&AuthorizationHeader>,
    failure: Failure,
    deadline: Option<Instant>,
) -> Met {
    let (Some(demand), Some(authorizer), Some(header)) = (demand_of(&failure), request.authorizer(), header)
    else {
        return Met::Not(failure);
    };
    debug!(service = request.service().name(), "the service demands another login");
    let met = authorizer.meet(&demand, header);
    let met = match deadline {
        Some(deadline) => match timeout_at(deadline, met).await {
            Ok(met) => met,
            Err(_) => {
                let why =
                    "the service demands another login, which did not come about within the time of the call";
                return Met::Failed(Error::new(ErrorKind::Timeout, why));
            }
        },
        None => met.await,
    };
    match met {
        Ok(true) => Met::SendAgain,
        Ok(false) => Met::Not(failure),
        Err(err) => Met::Failed(match failure {
            Failure::Answer { error, .. } => Error::unmet(error, err),
            Failure::Broken(..) => err.into(),
        }),
    }
}

/// Only what a service says when it has carried nothing out, and says to our own header.
fn demand_of(failure: &Failure) -> Option<LoginDemand> {
    match failure {
        Failure::Answer { error, authorized: true, .. } if matches!(error.http_status(), 401 | 403) => {
            error.auth_requirement().as_ref().map(AuthRequirement::login_demand)
        }
        _ => None,
    }
}
