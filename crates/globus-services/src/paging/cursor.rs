//! [`Cursor`]: where reading a list has got to.

use serde::{Deserialize, Serialize};

/// Where reading a list has got to, so that it can go on later, in another process if need be: it can be stored in any format
/// that serde knows. How long a service honours its markers is its own affair; offsets shift when the list changes.
///
/// ```no_run
/// # #[cfg(feature = "transfer")]
/// # async fn example(transfer: globus_services::transfer::TransferClient) -> Result<(), Box<dyn std::error::Error>> {
/// let mut tasks = transfer.task_list().items();
/// let first = tasks.try_next().await?;
/// let saved = serde_json::to_string(&tasks.cursor())?;
///
/// let rest = transfer.task_list().items().resume(serde_json::from_str(&saved)?).try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub(super) position: Position,
    /// How many items of the page that starts there were read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) read: u64,
    /// How many items may still come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) remaining: Option<u64>,
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Position {
    Start,
    /// After so many items.
    Offset(u64),
    Marker(String),
    Link(String),
    End,
}

impl Cursor {
    /// Whether there is nothing more to read.
    pub fn is_at_end(&self) -> bool {
        self.position == Position::End || self.remaining == Some(0)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
