//! [`TaskOutcome`]: what became of a task.

use std::fmt;

use globus_transport::AuthRequirement;

use crate::transfer::{Task, TaskEvent};

/// What became of a task. `Display` says it in a sentence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// It is done.
    Succeeded(Box<Task>),
    /// It failed, expired or was cancelled: [`Task::failure`] says why.
    Failed(Box<Task>),
    /// It is held until its owner does something, such as logging in again.
    Inactive(Box<Task>),
    /// It is active, but a pause rule of an administrator holds it. It goes on when the rule is gone.
    Paused(Box<Task>),
    /// It is active, but its last fault does not heal by itself. It goes on trying until its deadline.
    Stalled {
        /// The task.
        task: Box<Task>,
        /// The last fault.
        fault: Option<Box<TaskEvent>>,
        /// Whether it was cancelled for it: see [`TaskWait::cancel_when_stalled`](crate::transfer::requests::TaskWait::cancel_when_stalled).
        canceled: bool,
    },
    /// The time was up first.
    TimedOut {
        /// The task as it was last seen, if it was.
        task: Option<Box<Task>>,
    },
}

impl TaskOutcome {
    /// The task as it was last seen.
    pub fn task(&self) -> Option<&Task> {
        match self {
            Self::Succeeded(task)
            | Self::Failed(task)
            | Self::Inactive(task)
            | Self::Paused(task)
            | Self::Stalled { task, .. } => Some(task),
            Self::TimedOut { task } => task.as_deref(),
        }
    }

    /// Whether it is done.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded(_))
    }

    /// The login that the task asks for before it goes on, by what the service has stored as the reason. An
    /// [inactive](Self::Inactive) task often has one.
    pub fn auth_requirement(&self) -> Option<AuthRequirement> {
        let fault = match self {
            Self::Succeeded(_) => return None,
            Self::Stalled { fault, .. } => fault.as_deref(),
            _ => None,
        };
        let of_task = self.task().and_then(Task::auth_requirement);
        let of_fault = fault.and_then(TaskEvent::auth_requirement);
        AuthRequirement::merged(of_task.into_iter().chain(of_fault))
    }
}

impl fmt::Display for TaskOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded(task) => {
                let (files, bytes) =
                    (task.files_transferred.unwrap_or(0), task.bytes_transferred.unwrap_or(0));
                write!(f, "task {} succeeded: {files} files, {bytes} bytes", task.task_id)
            }
            Self::Failed(task) => {
                write!(
                    f,
                    "task {} failed: {}",
                    task.task_id,
                    task.failure().unwrap_or("the service does not say why")
                )
            }
            Self::Inactive(task) => {
                let why = task.failure().unwrap_or("the service does not say why");
                write!(f, "task {} waits for its owner: {why}", task.task_id)
            }
            Self::Paused(task) => {
                write!(f, "task {} is paused by an administrator of a collection", task.task_id)
            }
            Self::Stalled { task, fault, canceled } => {
                let described = fault.as_ref().and_then(|fault| fault.description.as_deref());
                let why = described.or(task.failure()).unwrap_or("the service does not say why");
                let advice = if *canceled { "it was cancelled" } else { "fix this, or cancel the task" };
                write!(f, "task {} makes no progress: {why}; {advice}", task.task_id)
            }
            Self::TimedOut { task: Some(task) } => {
                write!(f, "task {} was still running when the time was up", task.task_id)
            }
            Self::TimedOut { task: None } => {
                f.write_str("the time was up before the task could be looked at")
            }
        }
    }
}
