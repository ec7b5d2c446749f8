//! What one renewal leaves behind for the next.

use globus_auth_core::Secret;
use globus_tokenstorage::TokenData;

use crate::AuthorizerError;

#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// The tokens of the last renewal, where they are not in the storage: because there is none, because they are about to
    /// be written, because the write failed, or because another login is in their place.
    latest: Option<Latest>,
    rejected: Option<Rejected>,
    /// A refresh token with which Auth was asked, and whose answer has not come.
    unanswered: Option<Secret>,
}

#[derive(Clone, Debug)]
pub(super) struct Latest {
    pub(super) data: TokenData,
    /// The entry that it should have replaced in the storage.
    pub(super) replaces: Option<TokenData>,
    /// Whether it still belongs there.
    unsaved: bool,
}

#[derive(Clone, Debug)]
struct Rejected {
    entry: Option<TokenData>,
    error: AuthorizerError,
}

impl Latest {
    /// Whether a refresh token is known here alone.
    pub(super) fn is_rotated(&self) -> bool {
        self.data.refresh_token != self.replaces.as_ref().and_then(|entry| entry.refresh_token.clone())
    }
}

impl Knowledge {
    /// The tokens to go on from, given the stored `entry`: what is in memory if the storage has not changed since, else the
    /// entry.
    pub(super) fn basis(&self, entry: Option<&TokenData>) -> Option<TokenData> {
        match &self.latest {
            Some(latest) if has_same_tokens(latest.replaces.as_ref(), entry) => Some(latest.data.clone()),
            _ => entry.cloned(),
        }
    }

    /// Whether `entry` is what a failed write left in the storage, so that it is older than what is in memory.
    pub(super) fn is_outdated(&self, entry: &TokenData) -> bool {
        self.latest.as_ref().is_some_and(|latest| has_same_tokens(latest.replaces.as_ref(), Some(entry)))
    }

    /// Keeps tokens that are not stored yet in place of `replaces`.
    pub(super) fn keep(&mut self, data: TokenData, replaces: Option<TokenData>) {
        self.latest = Some(Latest { data, replaces, unsaved: true });
        self.rejected = None;
    }

    /// What the storage did not take, and should.
    pub(super) fn unsaved(&self) -> Option<&Latest> {
        self.latest.as_ref().filter(|latest| latest.unsaved)
    }

    /// The tokens in memory stay there alone: another login has their place in the storage.
    pub(super) fn leave_unsaved(&mut self) {
        if let Some(latest) = &mut self.latest {
            latest.unsaved = false;
        }
    }

    /// What is in the storage is all there is to know.
    pub(super) fn clear(&mut self) {
        self.latest = None;
        self.rejected = None;
    }

    /// Remembers that Auth refused what `entry` (the memory, when `None`) has. Nothing of it is to be stored any more.
    pub(super) fn reject(&mut self, entry: Option<TokenData>, error: AuthorizerError) {
        self.leave_unsaved();
        self.rejected = Some(Rejected { entry, error });
    }

    /// The refusal, if nothing has changed since. A login that brings the same tokens again, as a fake Auth may, has another
    /// expiry.
    pub(super) fn rejection(&self, entry: Option<&TokenData>) -> Option<AuthorizerError> {
        self.rejected.as_ref().filter(|rejected| rejected.entry.as_ref() == entry).map(|r| r.error.clone())
    }

    /// Notes that Auth is being asked with this refresh token. `true`: it was before, and the answer never came, so that
    /// the token may be spent.
    pub(super) fn ask_with(&mut self, refresh_token: &Secret) -> bool {
        self.unanswered.replace(refresh_token.clone()).is_some_and(|before| before == *refresh_token)
    }

    /// Notes that Auth has answered.
    pub(super) fn answered(&mut self) {
        self.unanswered = None;
    }
}

/// Whether two entries are of one login and one renewal, whatever has been learned about the identity since.
pub(super) fn has_same_tokens(one: Option<&TokenData>, two: Option<&TokenData>) -> bool {
    let tokens = |data: &TokenData| (data.access_token.clone(), data.refresh_token.clone(), data.expires_at);
    one.map(tokens) == two.map(tokens)
}
