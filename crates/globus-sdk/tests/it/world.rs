//! An emulator, and clients of it.

use globus_emulator::Emulator;
use globus_sdk::prelude::*;
use globus_sdk::{OAuthTokenResponse, Transport};

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) transport: Transport,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Emulator::start().await.unwrap())
    }

    pub(crate) fn on(emulator: Emulator) -> Self {
        globus_test_support::record_log();
        Self { emulator, transport: Transport::builder().build().unwrap() }
    }

    pub(crate) fn native(&self) -> NativeAppAuthClient {
        let builder = NativeAppAuthClient::builder(self.emulator.native_client_id());
        builder.base_url(self.emulator.url()).transport(self.transport.clone()).build().unwrap()
    }

    pub(crate) fn confidential(&self) -> ConfidentialAppAuthClient {
        let builder =
            ConfidentialAppAuthClient::builder(self.emulator.client_id(), self.emulator.client_secret());
        builder.base_url(self.emulator.url()).transport(self.transport.clone()).build().unwrap()
    }

    pub(crate) fn client<C: ServiceClient>(&self, authorizer: impl Authorizer + 'static) -> C {
        let builder = C::builder().base_url(self.emulator.url()).transport(self.transport.clone());
        builder.authorizer(authorizer).build().unwrap()
    }

    /// Logs the user in for `scopes`, with refresh tokens.
    pub(crate) async fn log_in<const N: usize>(&self, scopes: [&str; N]) -> OAuthTokenResponse {
        let flow = self.native().oauth2_start_flow(scopes).refresh_tokens(true).start().unwrap();
        let code = self.emulator.approve(flow.authorize_url()).await.unwrap();
        flow.exchange_code_for_tokens(&code).await.unwrap()
    }

    /// A client of Transfer that acts for the service account.
    pub(crate) fn transfer(&self) -> TransferClient {
        self.client(ClientCredentialsAuthorizer::new(self.confidential(), [TransferClient::SCOPES.all]))
    }

    /// How many requests with this method and path have arrived.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.emulator.requests().iter().filter(|seen| seen.method == method && seen.path == path).count()
    }
}
