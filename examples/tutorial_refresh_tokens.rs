//! The tutorial with refresh tokens: access that goes on after the access token has lapsed.

use std::io::{Write, stdin, stdout};

use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;
    let flow = auth.oauth2_start_flow([TransferClient::SCOPES.all]).refresh_tokens(true).start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Please enter the code here: ")?).await?;

    let token = tokens.require(TransferClient::RESOURCE_SERVER)?;
    let refresh_token =
        token.refresh_token().ok_or_else(|| anyhow::anyhow!("no refresh token was granted"))?;

    // The authorizer trades the refresh token for a new access token whenever the current one is about to lapse.
    let authorizer = RefreshTokenAuthorizer::new(auth, TransferClient::RESOURCE_SERVER, refresh_token)
        .with_access_token(token.access_token(), token.expires_at())
        .on_refresh(|renewed| println!("renewed the token for {}", renewed.resource_server));
    let transfer = TransferClient::new(authorizer)?;

    println!("\nMy endpoints:");
    let mut endpoints = transfer.endpoint_search().filter_scope("my-endpoints").items();
    while let Some(endpoint) = endpoints.try_next().await? {
        println!("[{}] {}", endpoint.id, endpoint.display_name.unwrap_or_default());
    }
    Ok(())
}

fn prompt(question: &str) -> std::io::Result<String> {
    print!("{question}");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}
