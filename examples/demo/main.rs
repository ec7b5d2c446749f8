//! The main job from beginning to end, on an emulated Globus that this program brings along: no account, no network.

mod globus;
mod stage;
mod trees;

use std::time::Instant;

use anyhow::{Context, ensure};
use globus_emulator::Emulator;
use globus_sdk::prelude::*;

use crate::globus::Globus;
use crate::stage::{Stage, TransferBar};

/// What is copied, and where to.
const SOURCE: &str = "/share/climate-run/";
const DESTINATION: &str = "/~/climate-run/";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let started = Instant::now();
    let stage = Stage::new(6);
    // Slow enough for the progress bar to be seen.
    let emulator = Emulator::builder().transfer_rate(6_000_000).start().await?;
    let globus = Globus::new(&emulator)?;
    stage
        .say(format!("A Globus of your own is running at {}, until this demonstration ends", emulator.url()));

    let login = log_in(&stage, &globus).await?;
    let home = tempfile::tempdir()?;
    let storage = store(&stage, &login, home.path()).await?;
    list_groups(&stage, &globus, &storage).await?;
    let transfer = globus.transfer(&storage)?;
    search(&stage, &transfer).await?;
    copy_tree(&stage, &emulator, &transfer).await?;
    let renewed = renew(&stage, &emulator, &transfer).await;
    emulator.stop().await;
    renewed?;
    stage.say(format!("Everything worked, in {:.1} seconds.", started.elapsed().as_secs_f64()));
    println!(
        "Next: the programs in examples/, and `cargo run -p globus-emulator -- serve` for a Globus that stays."
    );
    Ok(())
}

/// The login of a native app: PKCE, the browser's consent page, the code, tokens, a verified ID token.
async fn log_in(stage: &Stage, globus: &Globus<'_>) -> anyhow::Result<globus_sdk::OAuthTokenResponse> {
    stage.begin("Log in: authorization code with PKCE, in the browser");
    let scopes = [
        "openid",
        "profile",
        "email",
        TransferClient::SCOPES.all,
        GroupsClient::SCOPES.view_my_groups_and_memberships,
    ];
    let flow = globus.auth.oauth2_start_flow(scopes).refresh_tokens(true).start()?;
    stage.show(format!(
        "a person would open {}…",
        &flow.authorize_url()[..72.min(flow.authorize_url().len())]
    ));
    stage.show("the emulated browser loads the page, reads what is asked for, and allows it");
    let code = globus.emulator.approve(flow.authorize_url()).await?;
    let tokens = flow.exchange_code_for_tokens(&code).await?;
    let who = globus.auth.decode_id_token(&tokens, None).await?;
    let name = who.preferred_username.unwrap_or(who.sub);
    stage.show(format!("the code was exchanged; the ID token's signature is good: logged in as {name}"));
    for token in tokens.tokens() {
        stage.show(token);
    }
    Ok(tokens)
}

/// Tokens in a file of which the Python SDK is a reader too.
async fn store(
    stage: &Stage,
    tokens: &globus_sdk::OAuthTokenResponse,
    home: &std::path::Path,
) -> anyhow::Result<JsonTokenStorage> {
    stage.begin("Store the tokens");
    let storage = JsonTokenStorage::new(home.join(".globus-demo").join("tokens.json"));
    storage.store_token_response(tokens).await?;
    let stored = storage.get_token_data_by_resource_server().await?;
    stage.show(format!("{} ({} tokens)", storage.path().display(), stored.len()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(storage.path())?.permissions().mode() & 0o777;
        stage.show(format!("mode {mode:04o}: nobody else can read it"));
        ensure!(mode == 0o600, "the token file is readable by others");
    }
    Ok(storage)
}

async fn list_groups(stage: &Stage, globus: &Globus<'_>, storage: &JsonTokenStorage) -> anyhow::Result<()> {
    stage.begin("List my groups, as CSV");
    stage.show("ID,Name,Roles");
    for group in globus.groups(storage)?.get_my_groups().await? {
        let roles = group.my_memberships.iter().filter_map(|membership| membership.role.as_ref());
        let roles: Vec<&str> = roles.map(|role| role.as_str()).collect();
        stage.show(format!("{},{},{}", group.id, group.name.unwrap_or_default(), roles.join(" ")));
    }
    Ok(())
}

async fn search(stage: &Stage, transfer: &TransferClient) -> anyhow::Result<()> {
    stage.begin("Search endpoints, over several pages");
    let mut pages = transfer.endpoint_search().filter_scope("all").filter_fulltext("a").pages();
    let (mut count, mut found) = (0, 0);
    while let Some(page) = pages.try_next().await? {
        count += 1;
        found += page.data.len();
        let first = page.data.first().and_then(|endpoint| endpoint.display_name.clone()).unwrap_or_default();
        stage.show(format!("page {count}: {} endpoints, from \"{first}\"", page.data.len()));
    }
    ensure!(count > 1, "the search came on one page");
    stage.show(format!("{found} endpoints in {count} pages"));
    Ok(())
}

/// A directory tree from one collection to another, watched, and then compared byte for byte.
async fn copy_tree(stage: &Stage, emulator: &Emulator, transfer: &TransferClient) -> anyhow::Result<()> {
    stage.begin("Transfer a directory tree");
    let data = TransferData::new(emulator.collection_a(), emulator.collection_b())
        .label("demo")
        .items([TransferItem::new(SOURCE, DESTINATION).recursive(true)]);
    let task = transfer.submit_transfer(data).await?;
    stage.show(format!("task {}: {SOURCE} to {DESTINATION}", task.task_id));
    let source = trees::local(emulator.collection_a_dir(), SOURCE);
    let bar = TransferBar::new(trees::size(&source)?)?;
    let progress = bar.clone();
    let outcome = transfer
        .task_wait(&task.task_id)
        .polling_interval(std::time::Duration::from_millis(100))
        .on_progress(move |task| progress.update(task))
        .await?;
    bar.finish();
    ensure!(outcome.is_success(), "{outcome}");
    stage.show(&outcome);

    let home = transfer.operation_ls(emulator.collection_b()).path("/~/").await?;
    let home = home.absolute_path.context("the listing does not say where the home directory is")?;
    let arrived = trees::local(emulator.collection_b_dir(), &format!("{home}/climate-run"));
    let same = trees::compare(&source, &arrived)?;
    stage
        .show(format!("read both trees: {} files, {} bytes, identical byte by byte", same.files, same.bytes));
    Ok(())
}

/// Two days later: the access token has lapsed, and nobody needs to notice.
async fn renew(stage: &Stage, emulator: &Emulator, transfer: &TransferClient) -> anyhow::Result<()> {
    stage.begin("Two days later (the clock of the emulator is moved): the access token has expired");
    emulator.advance_clock(std::time::Duration::from_secs(49 * 3600));
    emulator.clear_requests();
    let tasks = transfer.task_list().limit(1).await?;
    ensure!(tasks.data.len() == 1, "the task is not in the list");
    for request in emulator.requests() {
        stage.show(format!("{} {} -> {}", request.method, request.path, request.status));
    }
    stage.show("the expired token was refused, renewed, stored, and the call repeated by itself");
    Ok(())
}
