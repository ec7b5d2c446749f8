//! [`Gates`]: how many exchanges with a host go on at once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use url::Position::AfterPort;
use url::Url;

use super::attempt::host;
use crate::{Error, ErrorKind};

/// The right to one exchange; it ends when the last clone is dropped.
#[derive(Clone, Debug)]
pub(super) struct Permit {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// The gates of one connection pool, one for each origin: whoever finds the places taken waits in line.
pub(super) struct Gates {
    places: usize,
    /// The origin that was asked for first, in most programs the one that is asked for most: found without a lock.
    first: OnceLock<Gate>,
    others: Mutex<Vec<Gate>>,
}

struct Gate {
    origin: Box<str>,
    places: Arc<Semaphore>,
}

/// When there are more origins than this, those that nobody is using are forgotten.
const MANY: usize = 64;

impl Gates {
    pub(super) const fn new(places: usize) -> Self {
        Self { places, first: OnceLock::new(), others: Mutex::new(Vec::new()) }
    }

    /// A place for an exchange with the origin of `url`, at once or when it is free, in the order of asking.
    pub(super) async fn pass(&self, url: &Url, deadline: Option<Instant>) -> Result<Permit, Error> {
        let gate = self.of(url);
        if let Ok(permit) = Arc::clone(&gate).try_acquire_owned() {
            return Ok(Permit { _permit: Arc::new(permit) });
        }
        let permit = match deadline {
            Some(deadline) => {
                timeout_at(deadline, gate.acquire_owned()).await.map_err(|_| self.crowded(url))?
            }
            None => gate.acquire_owned().await,
        };
        // Nobody closes a gate.
        let permit = permit.map_err(|_| self.crowded(url))?;
        Ok(Permit { _permit: Arc::new(permit) })
    }

    fn of(&self, url: &Url) -> Arc<Semaphore> {
        let origin = &url[..AfterPort];
        let first = self.first.get_or_init(|| self.open(origin));
        if *first.origin == *origin {
            return Arc::clone(&first.places);
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = others.iter().find(|gate| *gate.origin == *origin) {
            return Arc::clone(&gate.places);
        }
        if others.len() >= MANY {
            // Whoever is inside or in line holds a share.
            others.retain(|gate| Arc::strong_count(&gate.places) > 1);
        }
        let gate = self.open(origin);
        let places = Arc::clone(&gate.places);
        others.push(gate);
        places
    }

    fn open(&self, origin: &str) -> Gate {
        Gate { origin: origin.into(), places: Arc::new(Semaphore::new(self.places)) }
    }

    fn crowded(&self, url: &Url) -> Error {
        Error::new(
            ErrorKind::Timeout,
            format!(
                "none of the {} connections to {} that this transport may have was free within the time of the call; start \
                 fewer calls at once, or raise max_connections_per_host",
                self.places,
                host(url)
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn free(gates: &Gates, text: &str) -> usize {
        gates.of(&url(text)).available_permits()
    }

    #[tokio::test]
    async fn each_origin_has_places_of_its_own() {
        let gates = Gates::new(2);
        let one = gates.pass(&url("https://a.example.org/x?y"), None).await.unwrap();
        let two = gates.pass(&url("https://a.example.org:443/z"), None).await.unwrap();
        for (text, places) in
            [("https://a.example.org/", 0), ("http://a.example.org/", 2), ("https://b.example.org/", 2)]
        {
            assert_eq!(free(&gates, text), places, "{text}");
        }
        drop((one, two));
        assert_eq!(free(&gates, "https://a.example.org/"), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_is_told_why_and_keeps_no_place() {
        let gates = Gates::new(1);
        let origin = url("http://127.0.0.1:1/");
        let inside = gates.pass(&origin, None).await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        let error = gates.pass(&origin, Some(deadline)).await.unwrap_err();
        assert_eq!((error.kind(), Instant::now()), (ErrorKind::Timeout, deadline));
        assert!(error.to_string().starts_with("none of the 1 connections to 127.0.0.1 "), "{error}");
        drop(inside);
        assert_eq!(free(&gates, "http://127.0.0.1:1/"), 1);
    }

    #[tokio::test]
    async fn places_are_given_in_the_order_of_asking() {
        let gates = Gates::new(1);
        let origin = url("http://127.0.0.1:1/");
        let inside = gates.pass(&origin, None).await.unwrap();
        let order = Mutex::new(Vec::new());
        let wait = |name| {
            let (gates, origin, order) = (&gates, &origin, &order);
            async move {
                let _permit = gates.pass(origin, None).await.unwrap();
                order.lock().unwrap().push(name);
            }
        };
        tokio::join!(wait(1), wait(2), wait(3), async { drop(inside) });
        assert_eq!(*order.lock().unwrap(), [1, 2, 3]);
    }

    #[tokio::test]
    async fn origins_that_nobody_uses_are_forgotten_and_the_others_are_not() {
        let gates = Gates::new(1);
        let _first = gates.pass(&url("https://first.example.org/"), None).await.unwrap();
        let _used = gates.pass(&url("https://used.example.org/"), None).await.unwrap();
        for number in 0..1000 {
            gates.pass(&url(&format!("https://h{number}.example.org/")), None).await.unwrap();
        }
        assert!(gates.others.lock().unwrap().len() <= MANY);
        assert_eq!(free(&gates, "https://first.example.org/"), 0);
        assert_eq!(free(&gates, "https://used.example.org/"), 0);
    }
}
