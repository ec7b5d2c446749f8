//! Transfers a file from one collection to another. What has to be consented to is part of the one login.
//!
//! `transfer_with_app SOURCE_COLLECTION SOURCE_PATH DESTINATION_COLLECTION DESTINATION_PATH`

use std::env;

use globus_sdk::prelude::*;

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [source, from, destination, to] = arguments.as_slice() else {
        anyhow::bail!(
            "usage: transfer_with_app SOURCE_COLLECTION SOURCE_PATH DESTINATION_COLLECTION DESTINATION_PATH"
        );
    };
    let app =
        UserApp::builder("my-simple-transfer").client_id(CLIENT_ID).request_refresh_tokens(true).build()?;
    let transfer = TransferClient::from_app(&app)?;

    // A mapped collection may want a consent of its own. Transfer says so, somebody is brought to give it, and the request is
    // sent once more.
    let stat = transfer.operation_stat(source).path(from).await?;
    println!("{from}: {} bytes", stat.size.unwrap_or_default());

    let data = TransferData::new(source, destination).item(from, to).label("from an app");
    let task = transfer.submit_transfer(data).await?;
    let outcome = transfer.task_wait(task.task_id).await?;
    println!("{outcome}");
    app.settle().await;
    anyhow::ensure!(outcome.is_success(), "the task did not succeed");
    Ok(())
}
