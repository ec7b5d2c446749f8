//! Every way to authorize a client's requests.
//!
//! Run it with `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET` of a confidential client, and log in when it asks.

use std::env;
use std::io::{Write, stdin, stdout};

use anyhow::Context;
use globus_sdk::Method;
use globus_sdk::auth::TokenIntrospection;
use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
/// Globus Tutorial Collection 1.
const COLLECTION: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let id = env::var("GLOBUS_CLIENT_ID").context("GLOBUS_CLIENT_ID is not set")?;
    let secret = Secret::from(env::var("GLOBUS_CLIENT_SECRET").context("GLOBUS_CLIENT_SECRET is not set")?);
    let service = ConfidentialAppAuthClient::new(&id, &secret)?;

    // An access token: good until it lapses.
    let tokens = service.oauth2_client_credentials_tokens([TransferClient::SCOPES.all]).await?;
    let token = tokens.require(TransferClient::RESOURCE_SERVER)?;
    show("access token", AccessTokenAuthorizer::new(token.access_token())).await?;

    // A client's own credentials: a token is fetched when it is needed, and again before it lapses.
    show("client credentials", ClientCredentialsAuthorizer::new(service, [TransferClient::SCOPES.all]))
        .await?;

    // A refresh token: what a person's login leaves to a program that runs for long.
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;
    let flow = auth.oauth2_start_flow([TransferClient::SCOPES.all]).refresh_tokens(true).start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Enter the code here: ")?).await?;
    println!();
    let refresh_token = tokens.require(TransferClient::RESOURCE_SERVER)?.refresh_token();
    let refresh_token = refresh_token.context("no refresh token was granted")?;
    show("refresh token", RefreshTokenAuthorizer::new(auth, TransferClient::RESOURCE_SERVER, refresh_token))
        .await?;

    // A user name and password, which Auth takes from clients: here to look at a token that the client was issued.
    let auth = AuthClient::new(BasicAuthorizer::new(&id, secret))?;
    let introspect =
        auth.request(Method::Post, "v2/oauth2/token/introspect").form([("token", token.access_token())]);
    let known: TokenIntrospection = introspect.await?.json()?;
    println!("basic: the token is good: {}", known.active);
    Ok(())
}

/// Makes a client with the authorizer, and one call with the client.
async fn show(kind: &str, authorizer: impl Authorizer + 'static) -> Result<(), Error> {
    let transfer = TransferClient::new(authorizer)?;
    let collection = transfer.get_endpoint(COLLECTION).await?;
    println!("{kind}: the collection is {}", collection.display_name.unwrap_or_default());
    Ok(())
}

fn prompt(question: &str) -> std::io::Result<String> {
    print!("{question}");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}
