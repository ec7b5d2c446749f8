//! Lists your groups as CSV. The app brings you to log in the first time, keeps the tokens where the Python SDK does, and renews them.

use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let app = UserApp::builder("list-my-globus-groups")
        .client_id(CLIENT_ID)
        .request_refresh_tokens(true)
        .build()?;
    let groups = GroupsClient::from_app(&app)?;

    println!("ID,Name,Roles");
    for group in groups.get_my_groups().await? {
        let roles = group.my_memberships.iter().filter_map(|membership| membership.role.as_ref());
        let roles = roles.map(|role| role.as_str()).collect::<Vec<_>>().join("|");
        println!("{},{:?},{roles}", group.id, group.name.unwrap_or_default());
    }
    app.settle().await;
    Ok(())
}
