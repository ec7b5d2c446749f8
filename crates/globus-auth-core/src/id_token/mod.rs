//! Verification of ID tokens (OpenID Connect Core, section 3.1.3.7).
// `ring` directly, not a JWT crate: `jsonwebtoken` 11 takes its cryptography from a process-wide default and panics when
// nobody has set one, and its older majors confuse claim types. RSA with SHA-2 is all that is needed.

mod claims;
mod error;
mod keys;
mod pem;
mod token;
mod verifier;

pub use claims::IdTokenClaims;
pub use error::{IdTokenError, IdTokenErrorKind};
pub use keys::{JsonWebKey, JsonWebKeySet, OpenIdConfiguration};
pub use verifier::{IdTokenAlgorithm, IdTokenVerifier};
