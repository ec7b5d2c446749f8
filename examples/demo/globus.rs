//! Clients of the emulated services.

use globus_emulator::Emulator;
use globus_sdk::prelude::*;

/// Makes clients. A program for the real Globus writes `TransferClient::new(authorizer)`.
pub(crate) struct Globus<'a> {
    pub(crate) emulator: &'a Emulator,
    pub(crate) auth: NativeAppAuthClient,
}

impl<'a> Globus<'a> {
    pub(crate) fn new(emulator: &'a Emulator) -> Result<Self, Error> {
        let auth =
            NativeAppAuthClient::builder(emulator.native_client_id()).base_url(emulator.url()).build()?;
        Ok(Self { emulator, auth })
    }

    pub(crate) fn groups(&self, storage: &JsonTokenStorage) -> Result<GroupsClient, Error> {
        let authorizer = self.authorizer(storage, GroupsClient::RESOURCE_SERVER);
        GroupsClient::builder().base_url(self.emulator.url()).authorizer(authorizer).build()
    }

    pub(crate) fn transfer(&self, storage: &JsonTokenStorage) -> Result<TransferClient, Error> {
        let authorizer = self.authorizer(storage, TransferClient::RESOURCE_SERVER);
        TransferClient::builder().base_url(self.emulator.url()).authorizer(authorizer).build()
    }

    fn authorizer(&self, storage: &JsonTokenStorage, resource_server: &str) -> RefreshTokenAuthorizer {
        RefreshTokenAuthorizer::from_storage(self.auth.clone(), storage.clone(), resource_server)
    }
}
