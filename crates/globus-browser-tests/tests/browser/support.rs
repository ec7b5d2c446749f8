//! What the tests say over and over.

use globus_browser_tests::Outcome;
use globus_emulator::{Builder, Emulator};
use globus_sdk::prelude::*;

/// S256 of a verifier that nobody needs: the code is not exchanged here.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) async fn start(builder: Builder) -> Outcome<Emulator> {
    Ok(builder.start().await?)
}

/// The address that a program sends its user to; the code is shown on a page of the emulator.
pub(crate) fn authorize_url(emulator: &Emulator, scope: &str) -> String {
    let (url, client) = (emulator.url(), emulator.native_client_id());
    let scope = scope.replace(' ', "+");
    format!(
        "{url}v2/oauth2/authorize?client_id={client}&redirect_uri={url}v2/web/auth-code&scope={scope}&state=s1\
         &response_type=code&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
}

/// A client of Transfer that acts for the service account.
pub(crate) fn transfer(emulator: &Emulator) -> Outcome<TransferClient> {
    let client = ConfidentialAppAuthClient::builder(emulator.client_id(), emulator.client_secret());
    let client = client.base_url(emulator.url()).build()?;
    let authorizer = ClientCredentialsAuthorizer::new(client, [TransferClient::SCOPES.all]);
    Ok(TransferClient::builder().base_url(emulator.url()).authorizer(authorizer).build()?)
}
