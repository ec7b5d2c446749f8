//! What Auth answers when it issues tokens.

mod response;
mod token;

pub use response::{OAuthTokenResponse, TokenResponseError, TokensByScope};
pub use token::OAuthToken;
