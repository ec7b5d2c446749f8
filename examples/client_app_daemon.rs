//! A daemon that looks after tasks without anybody: one app for all that it does at once, until it is told to stop.
//!
//! It acts for the client that `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET` name.

use std::time::Duration;

use globus_sdk::prelude::*;
use tokio::sync::watch;
use tokio::task::JoinSet;

const WORKERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = ClientApp::from_env("my-daemon")?;
    let (groups, transfer) = (GroupsClient::from_app(&app)?, TransferClient::from_app(&app)?);
    // A wrong id or secret shows here, and not in the middle of the night.
    app.login().await?;

    let (stop, stopping) = watch::channel(false);
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(groups.clone(), transfer.clone(), stopping.clone()));
    }
    println!("{WORKERS} workers have begun");
    told_to_stop().await?;

    stop.send_replace(true);
    let rounds: usize = workers.join_all().await.into_iter().sum();
    // No renewal is broken off, and no new token lost.
    app.settle().await;
    println!("stopped after {rounds} rounds");
    Ok(())
}

/// Works round by round, and ends between two rounds.
async fn work(groups: GroupsClient, transfer: TransferClient, mut stopping: watch::Receiver<bool>) -> usize {
    let mut rounds = 0;
    while !*stopping.borrow() {
        match round(&groups, &transfer).await {
            Ok(()) => rounds += 1,
            Err(err) if err.is_transient() => eprintln!("trying again: {err}"),
            Err(err) => eprintln!("{err}"),
        }
        let _ = tokio::time::timeout(PAUSE, stopping.changed()).await;
    }
    rounds
}

async fn round(groups: &GroupsClient, transfer: &TransferClient) -> Result<(), Error> {
    groups.get_my_groups().await?;
    transfer.task_list().await?;
    Ok(())
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
