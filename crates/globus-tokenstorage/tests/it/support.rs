//! Tokens to store, and where.

use std::collections::BTreeMap;

use globus_auth_core::UnixTime;
use globus_tokenstorage::TokenData;

pub(crate) fn token(resource_server: &str, access_token: &str) -> TokenData {
    TokenData::new(resource_server, "all", access_token, UnixTime::from_seconds(1_750_000_000))
}

pub(crate) fn one(resource_server: &str, access_token: &str) -> BTreeMap<String, TokenData> {
    [(resource_server.to_owned(), token(resource_server, access_token))].into()
}

#[cfg(all(unix, any(feature = "json", feature = "sqlite")))]
pub(crate) fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().unwrap().permissions().mode() & 0o777
}
