//! What one renewal leaves behind for the next.

use globus_tokenstorage::TokenData;

use crate::AuthorizerError;

#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// The tokens of the last renewal, where they are not in the storage: because there is none, because they are about to
    /// be written, or because the write failed.
    latest: Option<Latest>,
    rejected: Option<Rejected>,
}

#[derive(Clone, Debug)]
struct Latest {
    data: TokenData,
    /// The entry that it should have replaced in the storage.
    replaces: Option<TokenData>,
}

#[derive(Clone, Debug)]
struct Rejected {
    entry: Option<TokenData>,
    error: AuthorizerError,
}

impl Knowledge {
    /// The tokens to go on from, given the stored `entry`: what is in memory if the storage has not changed since, else the
    /// entry.
    pub(super) fn basis(&self, entry: Option<&TokenData>) -> Option<TokenData> {
        match &self.latest {
            Some(latest) if latest.replaces.as_ref() == entry => Some(latest.data.clone()),
            _ => entry.cloned(),
        }
    }

    /// Whether `entry` is what a failed write left in the storage, so that it is older than what is in memory.
    pub(super) fn is_outdated(&self, entry: &TokenData) -> bool {
        self.latest.as_ref().is_some_and(|latest| latest.replaces.as_ref() == Some(entry))
    }

    /// Keeps tokens that are not stored yet in place of `replaces`.
    pub(super) fn keep(&mut self, data: TokenData, replaces: Option<TokenData>) {
        self.latest = Some(Latest { data, replaces });
        self.rejected = None;
    }

    /// What is in the storage is all there is to know.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Remembers that Auth refused what `entry` (the memory, when `None`) has.
    pub(super) fn reject(&mut self, entry: Option<TokenData>, error: AuthorizerError) {
        self.rejected = Some(Rejected { entry, error });
    }

    /// The refusal, if nothing has changed since.
    pub(super) fn rejection(&self, entry: Option<&TokenData>) -> Option<AuthorizerError> {
        self.rejected.as_ref().filter(|rejected| rejected.entry.as_ref() == entry).map(|r| r.error.clone())
    }
}
