//! The caller's own account.

use super::{AuthClient, UserInfo};
use crate::request::Request;

impl AuthClient {
    /// Says who the caller is; the more, the more of `openid`, `profile`, `email` and `view_identity_set` the token holds.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/reference/#userinfo) (OpenID Connect Core, section 5.3).
    /// Needs `openid`; fails with `FORBIDDEN` without it.
    pub fn userinfo(&self) -> Request<UserInfo> {
        self.core.get("userinfo", "v2/oauth2/userinfo", &[]).into()
    }
}
