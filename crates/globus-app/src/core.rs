//! [`Core`]: an app for the tokens of one namespace, whichever kind it is of.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use globus_auth_core::{Clock, TokenExchange};
use globus_tokenstorage::{StorageError, StorageErrorKind, TokenStorage};
use globus_transport::{Environment, Transport, Variables};

use crate::board::Board;
use crate::config::OnInvalidTokens;
use crate::consents::Consents;
use crate::login::LoginFlowManager;
use crate::obtained::Obtained;
use crate::requirements::Requirements;
use crate::slot::{Engine, Slot};
use crate::validate::Entries;
use crate::{AppAuthorizer, AppError, IdTokenDecoder, LoginClient};

/// An app for the tokens of one namespace. Subjects and profiles have one each, and share the rest.
pub(crate) struct Core {
    pub(crate) shared: Arc<Shared>,
    pub(crate) storage: Arc<dyn TokenStorage>,
    slots: Mutex<HashMap<Arc<str>, Arc<Slot>>>,
    /// The stored tokens as they were when they were last looked at.
    seen: Mutex<Entries>,
    pub(crate) consents: Consents,
    pub(crate) obtained: Obtained,
    pub(crate) board: Board,
}

/// What all subjects and profiles have in common.
pub(crate) struct Shared {
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) variables: Variables,
    pub(crate) transport: Transport,
    pub(crate) client: LoginClient,
    pub(crate) exchange: Arc<dyn TokenExchange>,
    pub(crate) kind: Kind,
    pub(crate) auto_redrive: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) requirements: Requirements,
    /// The namespace of the app without a profile, and what stands before the names of profiles and subjects.
    pub(crate) base: String,
    pub(crate) prefix: String,
    /// The apps in use, by their namespaces.
    pub(crate) siblings: Mutex<HashMap<String, Weak<Core>>>,
    /// What renews, or has tokens to store, and is used no more.
    pub(crate) leaving: Mutex<Vec<Engine>>,
}

/// For whom the app acts.
pub(crate) enum Kind {
    User(User),
    Client,
}

/// How people log in.
pub(crate) struct User {
    pub(crate) manager: Arc<dyn LoginFlowManager>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) refresh_tokens: bool,
    pub(crate) named_grant: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) decoder: Arc<dyn IdTokenDecoder>,
    pub(crate) on_invalid_tokens: OnInvalidTokens,
}

impl Core {
    /// The app as it was built, which those that are made of it find.
    pub(crate) fn first(shared: Shared, storage: Arc<dyn TokenStorage>) -> Arc<Self> {
        let first = Self::new(Arc::new(shared), storage);
        let namespace = first.storage.namespace().to_owned();
        let mut siblings = first.shared.siblings.lock().unwrap_or_else(PoisonError::into_inner);
        siblings.insert(namespace, Arc::downgrade(&first));
        drop(siblings);
        first
    }

    pub(crate) fn new(shared: Arc<Shared>, storage: Arc<dyn TokenStorage>) -> Arc<Self> {
        Arc::new(Self {
            shared,
            storage,
            slots: Mutex::default(),
            seen: Mutex::default(),
            consents: Consents::default(),
            obtained: Obtained::default(),
            board: Board::default(),
        })
    }

    pub(crate) fn user(&self) -> Option<&User> {
        match &self.shared.kind {
            Kind::User(user) => Some(user),
            Kind::Client => None,
        }
    }

    pub(crate) fn slot(&self, resource_server: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = slots.get(resource_server) {
            return Arc::clone(known);
        }
        let requirement = self.shared.requirements.of(resource_server);
        let new = Arc::new(Slot::new(resource_server, requirement));
        slots.insert(Arc::clone(&new.resource_server), Arc::clone(&new));
        new
    }

    pub(crate) fn slots(&self) -> Vec<Arc<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Whoever asks next looks at what is stored: somebody has logged in or out.
    pub(crate) fn reset(&self) {
        self.consents.forget();
        self.obtained.forget();
        self.leave();
        for slot in self.slots() {
            slot.reset();
        }
    }

    /// Whatever is still under way can be waited for when nobody uses it any more.
    fn leave(&self) {
        let engines: Vec<Engine> = self.slots().iter().filter_map(|slot| slot.engine()).collect();
        let mut leaving = self.shared.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        leaving.retain(|engine| !engine.is_settled());
        leaving.extend(engines.into_iter().filter(|engine| !engine.is_settled()));
    }

    /// Waits until nothing is being renewed for the app, its profiles and its subjects.
    pub(crate) async fn settle(&self) {
        let siblings: Vec<_> = {
            let siblings = self.shared.siblings.lock().unwrap_or_else(PoisonError::into_inner);
            siblings.values().filter_map(Weak::upgrade).collect()
        };
        for core in siblings {
            for engine in core.slots().iter().filter_map(|slot| slot.engine()) {
                engine.settle().await;
            }
        }
        let leaving = self.shared.leaving.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for engine in leaving {
            engine.settle().await;
        }
    }

    pub(crate) fn authorizer(self: &Arc<Self>, resource_server: &str) -> AppAuthorizer {
        AppAuthorizer::new(Arc::clone(self), self.slot(resource_server))
    }

    /// All that is stored. What cannot be understood is not there: a login mends it, where it is no more than an entry.
    pub(crate) async fn entries(&self) -> Result<Entries, AppError> {
        match self.storage.get_token_data_by_resource_server().await {
            Ok(entries) => Ok(entries),
            Err(err) if err.kind() == StorageErrorKind::Corrupt => self.sound_entries(err).await,
            Err(err) => Err(err.into()),
        }
    }

    /// Those of what is required that can be read.
    async fn sound_entries(&self, corrupt: StorageError) -> Result<Entries, AppError> {
        let mut entries = Entries::new();
        let mut is_all_corrupt = true;
        for name in self.shared.requirements.all().into_keys() {
            match self.storage.get_token_data(&name).await {
                Ok(entry) => {
                    is_all_corrupt = false;
                    entries.extend(entry.map(|entry| (name, entry)));
                }
                Err(err) if err.kind() == StorageErrorKind::Corrupt => {}
                Err(err) => return Err(err.into()),
            }
        }
        if is_all_corrupt { Err(corrupt.into()) } else { Ok(entries) }
    }

    /// Remembers what was stored, to tell later whether somebody has logged in since.
    pub(crate) fn see(&self, entries: &Entries) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone_from(entries);
    }

    pub(crate) fn seen(&self) -> Entries {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.leave();
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("name", &self.shared.name)
            .field("environment", &self.shared.environment)
            .field("client_id", &self.shared.client.client_id())
            .field("storage", &self.storage)
            .field("requirements", &self.shared.requirements)
            .finish_non_exhaustive()
    }
}
