//! A service account: no person logs in, the client acts for itself.
//!
//! Run it with `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET` of a confidential client.

use std::env;

use anyhow::Context;
use globus_sdk::prelude::*;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client_id = env::var("GLOBUS_CLIENT_ID").context("GLOBUS_CLIENT_ID is not set")?;
    let client_secret = env::var("GLOBUS_CLIENT_SECRET").context("GLOBUS_CLIENT_SECRET is not set")?;

    let client = ConfidentialAppAuthClient::new(client_id, client_secret)?;
    let tokens = client.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await?;
    let transfer_token = &tokens.by_resource_server()[TransferClient::RESOURCE_SERVER];

    let transfer = TransferClient::new(AccessTokenAuthorizer::new(transfer_token.access_token()))?;
    let mut endpoints = transfer.endpoint_search().filter_fulltext("Globus Tutorial Collection").items();
    while let Some(endpoint) = endpoints.try_next().await? {
        println!("[{}] {}", endpoint.id, endpoint.display_name.unwrap_or_default());
    }
    Ok(())
}
