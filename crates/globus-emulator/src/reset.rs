//! Everything back to how it was at the start.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::app::App;
use crate::error::{Error, Result};
use crate::lock::lock;
use crate::store::Kept as _;

/// Ends all tasks, empties the directories that the emulator made and fills them again, and forgets what happened since the
/// start. The names and secrets that programs were pointed at stay. Requests that arrive meanwhile wait.
pub(crate) async fn reset(app: &Arc<App>) -> Result<()> {
    let _alone = app.serving.write().await;
    end_tasks(app).await?;
    let filler = Arc::clone(app);
    tokio::task::spawn_blocking(move || filler.world.refill())
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| Error::io("cannot fill the directories of the collections again", error))?;
    app.ids.restart();
    app.steer_as_at_start()?;
    lock(&app.auth).replace(app.world.auth(&app.clock));
    lock(&app.groups).replace(app.world.groups(&app.clock));
    lock(&app.transfer).replace(app.world.transfer(&app.clock));
    Ok(())
}

/// A task looks up between two chunks of a file.
const LONGEST_END: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(2);

/// Takes all tasks away, and waits until nobody works on them.
async fn end_tasks(app: &App) -> Result<()> {
    let flags: Vec<Arc<AtomicBool>> = {
        let mut transfer = lock(&app.transfer);
        let flags = transfer.tasks.values().map(|task| Arc::clone(&task.cancel)).collect();
        transfer.tasks.clear();
        flags
    };
    for flag in &flags {
        flag.store(true, Ordering::SeqCst);
    }
    app.wake.notify_waiters();
    // Whoever works on a task holds its flag.
    let ended = async {
        while flags.iter().any(|flag| Arc::strong_count(flag) > 1) {
            tokio::time::sleep(LOOK).await;
        }
    };
    let ended = tokio::time::timeout(LONGEST_END, ended).await;
    ended.map_err(|_| Error::new("cannot go back to the start: a task does not end"))
}
