//! [`Authorizer`]: what a client asks for the `Authorization` header of a request.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::LoginDemand;

use crate::{AuthorizationHeader, AuthorizerError};

/// Gives requests their `Authorization` header.
///
/// A client asks [`current_header`](Self::current_header) first, which costs next to nothing, and
/// [`authorization_header`](Self::authorization_header) when that has none. After a 401 it names the header that was
/// [`refused`](Self::refused), and tries once more if that can help. When a service demands another login instead, it asks
/// whether the authorizer can [`meet`](Self::meet) that, once for each request.
#[async_trait]
pub trait Authorizer: fmt::Debug + Send + Sync {
    /// A header that is good now, without waiting or locking; `None`: ask
    /// [`authorization_header`](Self::authorization_header).
    fn current_header(&self) -> Option<AuthorizationHeader>;

    /// The header to send, obtained first where necessary; `None`: send the request without one.
    ///
    /// Dropping the future is safe: what it waits for goes on, and serves others.
    ///
    /// # Errors
    /// When no header can be had; [`AuthorizerError::kind`] says what to do about it.
    async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError>;

    /// Takes note that a service answered 401 to `header`. The token is given up only if it is still the one in use, so that
    /// many refusals of one token cause one renewal. `true`: asking again may bring another header.
    fn refused(&self, header: &AuthorizationHeader) -> bool;

    /// Tries to meet what a service demands instead of carrying out a request that went out with `header`: a consent, another
    /// session. `true`: send the request once more, with the header that is current then; `false`: the demand is the
    /// caller's affair, as it is where nobody can be asked.
    ///
    /// It may take as long as a person needs to log in. Dropping the future is safe.
    ///
    /// # Errors
    /// When it was tried and has failed, or when somebody has to log in who cannot be asked from here.
    async fn meet(
        &self,
        demand: &LoginDemand,
        header: &AuthorizationHeader,
    ) -> Result<bool, AuthorizerError> {
        let _ = (demand, header);
        Ok(false)
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        #[async_trait]
        impl<A: Authorizer + ?Sized> Authorizer for $pointer {
            fn current_header(&self) -> Option<AuthorizationHeader> {
                (**self).current_header()
            }

            async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
                (**self).authorization_header().await
            }

            fn refused(&self, header: &AuthorizationHeader) -> bool {
                (**self).refused(header)
            }

            async fn meet(
                &self,
                demand: &LoginDemand,
                header: &AuthorizationHeader,
            ) -> Result<bool, AuthorizerError> {
                (**self).meet(demand, header).await
            }
        }
    )*};
}

forward!(Arc<A>, Box<A>);
