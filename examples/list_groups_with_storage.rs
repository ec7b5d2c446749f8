//! Lists your groups as CSV. You log in once: the tokens are kept in a file in your home directory, and renewed in it.

use std::env;
use std::io::{Write, stdin, stdout};

use anyhow::Context;
use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let home = env::home_dir().context("there is no home directory to keep tokens in")?;
    let storage = JsonTokenStorage::new(home.join(".list-my-globus-groups-tokens.json"));
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;

    if !storage.file_exists() {
        log_in(&auth, &storage).await?;
    }

    let authorizer =
        RefreshTokenAuthorizer::from_storage(auth.clone(), storage.clone(), GroupsClient::RESOURCE_SERVER);
    let groups = GroupsClient::new(authorizer.clone())?;
    let mine = match groups.get_my_groups().await {
        // The stored tokens were revoked, or unused for six months.
        Err(err) if err.needs_login() => {
            log_in(&auth, &storage).await?;
            groups.get_my_groups().await?
        }
        answer => answer?,
    };

    println!("ID,Name,Roles");
    for group in mine {
        let roles = group.my_memberships.iter().filter_map(|membership| membership.role.as_ref());
        let roles: Vec<&str> = roles.map(|role| role.as_str()).collect();
        println!("{},{},{}", group.id, group.name.unwrap_or_default(), roles.join(" "));
    }
    // A renewal that has begun in the background is stored before the program ends.
    authorizer.settle().await;
    Ok(())
}

async fn log_in(auth: &NativeAppAuthClient, storage: &JsonTokenStorage) -> anyhow::Result<()> {
    let flow = auth
        .oauth2_start_flow([GroupsClient::SCOPES.view_my_groups_and_memberships])
        .refresh_tokens(true)
        .start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Enter the code here: ")?).await?;
    println!();
    storage.store_token_response(&tokens).await?;
    Ok(())
}

fn prompt(question: &str) -> std::io::Result<String> {
    print!("{question}");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}
