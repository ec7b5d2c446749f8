//! A look at many tasks.

use std::collections::HashMap;

use globus_transport::Error;
use tokio::time::Instant;

use crate::model::TaskId;
use crate::transfer::wait::{Policy, left};
use crate::transfer::{Task, TaskOutcome, TransferClient};

/// How many ids one call asks for: with more, the address becomes longer than servers commonly take (8 kB, some 4 kB).
const CHUNK: usize = 100;

/// What became of a task; an error when it cannot be looked at, and that does not pass.
pub(super) type End = (TaskId, Result<TaskOutcome, Error>);

/// Of the tasks `ids`, those for which there is nothing left to wait for.
pub(super) async fn look(
    client: TransferClient,
    ids: Vec<TaskId>,
    policy: Policy,
    deadline: Option<Instant>,
) -> Result<Vec<End>, Error> {
    let mut ends = Vec::new();
    for ids in ids.chunks(CHUNK) {
        let listed = match list(&client, ids, deadline).await {
            Ok(listed) => listed,
            Err(error) if error.is_transient() => {
                tracing::debug!(%error, "a list of tasks failed and will be made again");
                continue;
            }
            // Told next time, if it is still so: these ends would be lost.
            Err(_) if !ends.is_empty() => break,
            Err(error) => return Err(error),
        };
        let mut listed: HashMap<_, _> = listed.into_iter().map(|task| (task.task_id.clone(), task)).collect();
        for id in ids {
            let task = match listed.remove(id) {
                Some(task) => Ok(task),
                // Not the caller's own, or no longer in the list: it may be there all the same.
                None => get(&client, id, deadline).await,
            };
            match task {
                Ok(task) => {
                    if let Ok(outcome) = policy.judge(&client, Box::new(task), deadline).await {
                        ends.push((id.clone(), Ok(outcome)));
                    }
                }
                Err(error) if error.is_transient() => {}
                Err(error) => ends.push((id.clone(), Err(error))),
            }
        }
    }
    Ok(ends)
}

async fn list(
    client: &TransferClient,
    ids: &[TaskId],
    deadline: Option<Instant>,
) -> Result<Vec<Task>, Error> {
    let ids: Vec<&str> = ids.iter().map(TaskId::as_str).collect();
    let mut request = client.task_list().filter(format!("task_id:{}", ids.join(","))).limit(ids.len() as u64);
    if let Some(left) = left(deadline) {
        request = request.with_timeout(left);
    }
    Ok(request.await?.data)
}

async fn get(client: &TransferClient, id: &TaskId, deadline: Option<Instant>) -> Result<Task, Error> {
    let mut request = client.get_task(id);
    if let Some(left) = left(deadline) {
        request = request.with_timeout(left);
    }
    request.await
}
