//! Lists your groups as CSV, with a login each time.

use std::io::{Write, stdin, stdout};

use globus_sdk::groups::Group;
use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;
    let flow = auth.oauth2_start_flow([GroupsClient::SCOPES.view_my_groups_and_memberships]).start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Please enter the code here: ")?).await?;

    let token = tokens.require(GroupsClient::RESOURCE_SERVER)?;
    let groups = GroupsClient::new(AccessTokenAuthorizer::new(token.access_token()))?;

    println!("\nID,Name,Type,Session Enforcement,Roles");
    for group in groups.get_my_groups().await? {
        println!("{}", csv_row(&group));
    }
    Ok(())
}

fn csv_row(group: &Group) -> String {
    let name = group.name.as_deref().unwrap_or_default();
    let kind = group.group_type.as_ref().map_or("", |kind| kind.as_str());
    let enforcement = if group.enforce_session == Some(true) { "strict" } else { "not strict" };
    let roles = group.my_memberships.iter().filter_map(|membership| membership.role.as_ref());
    let mut roles: Vec<&str> = roles.map(|role| role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    [group.id.as_str(), name, kind, enforcement, &roles.join(",")].join(",")
}

fn prompt(question: &str) -> std::io::Result<String> {
    print!("{question}");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}
