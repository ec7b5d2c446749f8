//! [`Events`]: what has happened in a task since one last looked.

use std::collections::BTreeMap;

use globus_transport::Error;
use tokio::time::Instant;

use super::deadline::left;
use crate::model::TaskId;
use crate::transfer::{TaskEvent, TransferClient};

/// How many events were seen. The service lists the newest first and counts all, so that each has a number that stays: its place from
/// the oldest on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Events {
    seen: u64,
}

const PAGE: u64 = 100;

/// The service goes no further back.
const MOST: u64 = 1000;

impl Events {
    /// Those that are new, oldest first. Nothing is lost when it fails or is dropped.
    pub(super) async fn fetch(
        &mut self,
        client: &TransferClient,
        task_id: &TaskId,
        deadline: Option<Instant>,
    ) -> Result<Vec<TaskEvent>, Error> {
        let mut new = BTreeMap::new();
        let mut offset = 0;
        while offset < MOST {
            let mut request = client.task_event_list(task_id).limit(PAGE).offset(offset);
            if let Some(left) = left(deadline) {
                request = request.with_timeout(left);
            }
            let page = request.await?;
            let len = page.data.len() as u64;
            let total = page.total.unwrap_or(offset + len);
            let numbers = (0..len).map(|place| total.saturating_sub(offset + place));
            new.extend(numbers.zip(page.data).filter(|(number, _)| *number > self.seen));
            offset += len;
            if len == 0 || total.saturating_sub(offset) <= self.seen {
                break;
            }
        }
        if let Some((newest, _)) = new.last_key_value() {
            self.seen = *newest;
        }
        Ok(new.into_values().collect())
    }
}
