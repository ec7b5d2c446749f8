//! Pauses of single tasks, each by those who manage one of its collections.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::transfer::permission::{Role, Viewer};
use crate::transfer::state::TransferState;
use crate::transfer::task::Task;

/// By whom a task can be paused: the managers of a collection, or, of a guest collection, those of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Source,
    SourceShare,
    Destination,
    DestinationShare,
}

/// What they said, when they did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct AdminPause {
    messages: [Option<String>; 4],
}

impl Slot {
    const ALL: [Self; 4] = [Self::Source, Self::SourceShare, Self::Destination, Self::DestinationShare];

    /// The field that shows what was said.
    fn field(self) -> &'static str {
        match self {
            Self::Source => "source_pause_message",
            Self::SourceShare => "source_pause_message_share",
            Self::Destination => "destination_pause_message",
            Self::DestinationShare => "destination_pause_message_share",
        }
    }

    pub(crate) fn is_source(self) -> bool {
        matches!(self, Self::Source | Self::SourceShare)
    }

    /// The slots in which the viewer speaks: for each collection of the task, the one that weighs more.
    pub(crate) fn of(transfer: &TransferState, task: &Task, viewer: &Viewer) -> Vec<Self> {
        let mut slots = Vec::new();
        let ends = [
            (Some(&task.source.0), Self::Source, Self::SourceShare),
            (task.destination.as_ref().map(|(id, _)| id), Self::Destination, Self::DestinationShare),
        ];
        for (id, own, share) in ends {
            let Some(collection) = id.and_then(|id| transfer.collections.get(id)) else { continue };
            match collection.host(transfer) {
                Some(host) if host.grants(viewer, Role::ActivityManager) => slots.push(own),
                Some(_) if collection.grants(viewer, Role::ActivityManager) => slots.push(share),
                None if collection.grants(viewer, Role::ActivityManager) => slots.push(own),
                _ => {}
            }
        }
        slots
    }
}

impl AdminPause {
    pub(crate) fn is_set(&self) -> bool {
        self.messages.iter().any(Option::is_some)
    }

    pub(crate) fn set(&mut self, slots: &[Slot], message: &str) {
        for &slot in slots {
            self.messages[slot as usize] = Some(message.to_owned());
        }
    }

    /// Takes back what was said in these slots. Managers of a host also take back what those of its guests said.
    pub(crate) fn clear(&mut self, slots: &[Slot]) {
        for &slot in slots {
            self.messages[slot as usize] = None;
            match slot {
                Slot::Source => self.messages[Slot::SourceShare as usize] = None,
                Slot::Destination => self.messages[Slot::DestinationShare as usize] = None,
                _ => {}
            }
        }
    }

    /// Adds the fields of the messages to a document.
    pub(crate) fn write(&self, document: &mut Value) {
        for slot in Slot::ALL {
            document[slot.field()] = self.messages[slot as usize].clone().into();
        }
    }
}
