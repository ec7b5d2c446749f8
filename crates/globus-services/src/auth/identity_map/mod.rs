//! [`IdentityMap`]: many identities with few requests.

mod flight;
mod key;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use globus_transport::Error;
use tokio::sync::Semaphore;

use self::flight::Flight;
use self::key::Key;
use super::{AuthClient, Identity};

/// What the service takes at once.
const LARGEST_BATCH: usize = 100;

/// How many requests are under way at once.
const LOOKUPS: usize = 4;

/// Looks identities up by id or username, many with one request, and keeps what it has learned.
///
/// Clones share what they know. Whoever asks for an identity that is being looked up waits for that lookup; when its asker gives
/// up, the others get their answer all the same. What is unknown to the service, or cannot be looked up, is asked for again.
///
/// ```no_run
/// use globus_services::auth::{AuthClient, IdentityMap};
///
/// # async fn example(auth: AuthClient, owners: Vec<String>) -> Result<(), globus_transport::Error> {
/// let identities = IdentityMap::new(auth);
/// for (owner, identity) in owners.iter().zip(identities.get_many(&owners).await?) {
///     let name = identity.and_then(|identity| identity.name.clone());
///     println!("{owner}: {}", name.unwrap_or_else(|| "unknown".to_owned()));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct IdentityMap {
    auth: AuthClient,
    provision: bool,
    batch_size: usize,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    lookups: Semaphore,
}

#[derive(Default)]
struct State {
    /// By id, and by username.
    known: HashMap<Key, Arc<Identity>>,
    /// To be looked up with others.
    added: BTreeSet<Key>,
    flights: HashMap<Key, Weak<Flight>>,
}

impl IdentityMap {
    /// A map that knows nothing yet.
    pub fn new(auth: AuthClient) -> Self {
        let shared = Shared { state: Mutex::default(), lookups: Semaphore::new(LOOKUPS) };
        Self { auth, provision: false, batch_size: LARGEST_BATCH, shared: Arc::new(shared) }
    }

    /// Whether identities are made for usernames that have none yet; they are not, when not given.
    #[must_use]
    pub fn with_provision(mut self, provision: bool) -> Self {
        self.provision = provision;
        self
    }

    /// How many are looked up with one request: 1 to 100, which is the default.
    #[must_use]
    pub fn with_batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size.clamp(1, LARGEST_BATCH);
        self
    }

    /// Announces ids and usernames: as many as fit are looked up with the next request for others.
    pub fn add(&self, ids_and_usernames: impl IntoIterator<Item: AsRef<str>>) {
        let keys = ids_and_usernames.into_iter().filter_map(|text| Key::read(text.as_ref()));
        self.shared.state().added.extend(keys);
    }

    /// The identity with this id or username; `None` when the service knows none.
    ///
    /// # Errors
    /// As for [`AuthClient::get_identities`]. All who wait for one request get its error.
    pub async fn get(&self, id_or_username: impl AsRef<str>) -> Result<Option<Arc<Identity>>, Error> {
        let key = Key::read(id_or_username.as_ref());
        Ok(self.look_up(vec![key]).await?.pop().flatten())
    }

    /// The identities with these ids and usernames in the order given; `None` for each that the service does not know.
    ///
    /// # Errors
    /// As for [`AuthClient::get_identities`]. What other requests have learned is kept.
    pub async fn get_many(
        &self,
        ids_and_usernames: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Vec<Option<Arc<Identity>>>, Error> {
        let keys = ids_and_usernames.into_iter().map(|text| Key::read(text.as_ref())).collect();
        self.look_up(keys).await
    }

    /// The identity with this id or username, when it is known without asking.
    pub fn cached(&self, id_or_username: impl AsRef<str>) -> Option<Arc<Identity>> {
        let key = Key::read(id_or_username.as_ref())?;
        self.shared.state().known.get(&key).cloned()
    }

    /// Forgets an identity, so that it is looked up anew.
    pub fn forget(&self, id_or_username: impl AsRef<str>) {
        let Some(key) = Key::read(id_or_username.as_ref()) else { return };
        let mut state = self.shared.state();
        state.added.remove(&key);
        if let Some(identity) = state.known.remove(&key) {
            state.known.retain(|_, known| !Arc::ptr_eq(known, &identity));
        }
    }

    /// What cannot be an id or username is nobody's.
    async fn look_up(&self, keys: Vec<Option<Key>>) -> Result<Vec<Option<Arc<Identity>>>, Error> {
        let (mut found, flights) = self.board(keys.iter().flatten());
        for flight in flights {
            for (key, identity) in flight.landed().await?.iter() {
                found.insert(key.clone(), identity.clone());
            }
        }
        Ok(keys.into_iter().map(|key| found.get(&key?).cloned()).collect())
    }

    /// What is known of these, and the lookups that will tell of the others.
    fn board<'a>(
        &self,
        keys: impl Iterator<Item = &'a Key>,
    ) -> (BTreeMap<Key, Arc<Identity>>, Vec<Arc<Flight>>) {
        let mut found = BTreeMap::new();
        let mut flights: Vec<Arc<Flight>> = Vec::new();
        let mut missing = Vec::new();
        let mut seen = BTreeSet::new();
        let mut state = self.shared.state();
        for key in keys.filter(|key| seen.insert(*key)) {
            if let Some(identity) = state.known.get(key) {
                found.insert(key.clone(), identity.clone());
            } else if let Some(flight) = state.flight(key) {
                if flights.iter().all(|known| !Arc::ptr_eq(known, &flight)) {
                    flights.push(flight);
                }
            } else {
                missing.push(key.clone());
            }
        }
        if !missing.is_empty() {
            state.flights.retain(|_, flight| flight.strong_count() > 0);
        }
        let (ids, usernames): (Vec<_>, Vec<_>) = missing.into_iter().partition(Key::is_id);
        for batch in [ids, usernames] {
            flights.extend(self.take_off(&mut state, batch));
        }
        (found, flights)
    }

    /// Starts the lookups of `keys`, which are all ids or all usernames; places that are left go to those that were added.
    fn take_off(&self, state: &mut State, mut keys: Vec<Key>) -> Vec<Arc<Flight>> {
        let Some(is_id) = keys.first().map(Key::is_id) else { return Vec::new() };
        for key in &keys {
            state.added.remove(key);
        }
        let places = keys.len().next_multiple_of(self.batch_size) - keys.len();
        let fitting = state.added.iter().filter(|key| {
            key.is_id() == is_id && !state.known.contains_key(key) && state.flight(key).is_none()
        });
        let fitting: Vec<_> = fitting.take(places).cloned().collect();
        state.added.retain(|key| !fitting.contains(key));
        keys.extend(fitting);
        let batches = keys.chunks(self.batch_size).map(|batch| {
            let flight = Arc::new(Flight::start(self.clone(), batch.to_vec()));
            state.flights.extend(batch.iter().map(|key| (key.clone(), Arc::downgrade(&flight))));
            flight
        });
        batches.collect()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The lookup of `key` that is under way.
    fn flight(&self, key: &Key) -> Option<Arc<Flight>> {
        self.flights.get(key)?.upgrade().filter(|flight| !flight.has_landed())
    }
}

impl fmt::Debug for IdentityMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityMap")
            .field("auth", &self.auth)
            .field("provision", &self.provision)
            .field("batch_size", &self.batch_size)
            .field("known", &self.shared.state().known.len())
            .finish_non_exhaustive()
    }
}
