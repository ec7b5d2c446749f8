//! Transfers a directory, with a progress bar, and says what happened.

use std::io::{Write, stdin, stdout};
use std::time::Duration;

use globus_sdk::prelude::*;
use globus_sdk::transfer::Task;
use indicatif::{ProgressBar, ProgressStyle};

/// The tutorial's own client. Register yours at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
/// Globus Tutorial Collection 1.
const SOURCE: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
/// Globus Tutorial Collection 2.
const DESTINATION: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;
    let flow = auth.oauth2_start_flow([TransferClient::SCOPES.all]).start()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    let tokens = flow.exchange_code_for_tokens(&prompt("Enter the code here: ")?).await?;
    let token = tokens.require(TransferClient::RESOURCE_SERVER)?;
    let transfer = TransferClient::new(AccessTokenAuthorizer::new(token.access_token()))?;

    let data = TransferData::new(SOURCE, DESTINATION)
        .label("Globus SDK for Rust example")
        .items([TransferItem::new("/home/share/godata/", "/~/godata/").recursive(true)]);
    let task = transfer.submit_transfer(data).await?;
    println!("\nSubmitted task {}", task.task_id);

    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} files {msg}")?);
    let progress = bar.clone();
    let outcome = transfer
        .task_wait(&task.task_id)
        .timeout(Duration::from_secs(600))
        .on_progress(move |task| show(&progress, task))
        .await?;
    bar.finish();
    println!("{outcome}");

    let mut events = transfer.task_event_list(&task.task_id).items();
    while let Some(event) = events.try_next().await? {
        println!("  {} {}", event.code, event.description.unwrap_or_default());
    }
    anyhow::ensure!(outcome.is_success(), "the files did not arrive");
    Ok(())
}

fn show(bar: &ProgressBar, task: &Task) {
    bar.set_length(task.files.unwrap_or(0));
    bar.set_position(task.files_transferred.unwrap_or(0));
    bar.set_message(format!("{} bytes", task.bytes_transferred.unwrap_or(0)));
}

fn prompt(question: &str) -> std::io::Result<String> {
    print!("{question}");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}
