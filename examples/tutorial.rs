//! The tutorial: log in, get a token, and use it to look around.

use std::io::{Write, stdin, stdout};

use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;

    // A login: ask for what the program needs, and no more.
    let flow = auth.oauth2_start_flow([TransferClient::SCOPES.all]).start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Please enter the code here: ")?).await?;
    println!("\nGot {tokens}");

    // The token for the Transfer service authorizes a client of it.
    let transfer_token = tokens.require(TransferClient::RESOURCE_SERVER)?;
    let transfer = TransferClient::new(AccessTokenAuthorizer::new(transfer_token.access_token()))?;

    println!("Tutorial endpoints:");
    let mut endpoints = transfer.endpoint_search().filter_fulltext("Globus Tutorial").limit(25).items();
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
