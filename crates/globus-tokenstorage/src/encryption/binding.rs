//! What a sealed token is tied to, so that it opens nowhere else.

use crate::TokenData;

/// Where an entry is kept, and what stands beside its tokens.
///
/// Each part is written with its length before it: two different places never come to the same bytes.
pub(super) struct Binding(Vec<u8>);

impl Binding {
    pub(super) fn of(namespace: &str, resource_server: &str, data: &TokenData) -> Self {
        let mut binding = Self(Vec::with_capacity(256));
        binding.text("globus-sealed 1");
        binding.text(namespace);
        binding.text(resource_server);
        binding.text(&data.resource_server);
        binding.maybe(data.identity_id.as_deref());
        binding.text(&data.scope);
        binding.0.extend(data.expires_at.as_seconds().to_be_bytes());
        binding.maybe(data.token_type.as_deref());
        binding
    }

    /// For the access token, which knows whether there is a refresh token beside it.
    pub(super) fn of_access_token(&self, beside_refresh_token: bool) -> Vec<u8> {
        let mut binding = Self(self.0.clone());
        binding.text("access_token");
        binding.0.push(beside_refresh_token.into());
        binding.0
    }

    /// For the refresh token, which knows the sealed access token beside it.
    pub(super) fn of_refresh_token(&self, sealed_access_token: &str) -> Vec<u8> {
        let mut binding = Self(self.0.clone());
        binding.text("refresh_token");
        binding.text(sealed_access_token);
        binding.0
    }

    fn text(&mut self, text: &str) {
        self.0.extend((text.len() as u64).to_be_bytes());
        self.0.extend(text.as_bytes());
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.0.push(text.is_some().into());
        self.text(text.unwrap_or_default());
    }
}
