use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use globus_services::ErrorKind;
use globus_services::auth::{AuthClient, IdentityMap};
use globus_transport::Transport;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// The query of one request, in its order.
type Parameters = Vec<(String, String)>;

/// An Auth that knows `user…@x.org` with the ids `…-00000000000n`, and answers when it is let.
#[derive(Clone)]
struct Auth {
    asked: Arc<Mutex<Vec<Parameters>>>,
    arrived: Arc<Semaphore>,
    gate: Arc<Semaphore>,
    broken: Arc<Mutex<bool>>,
}

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn name(number: usize) -> String {
    format!("user{number}@x.org")
}

impl Auth {
    /// One that answers at once, or when a permit is given.
    async fn start(open: bool) -> (Self, IdentityMap) {
        let gate = Arc::new(Semaphore::new(if open { Semaphore::MAX_PERMITS } else { 0 }));
        let auth = Self {
            asked: Arc::default(),
            arrived: Arc::new(Semaphore::new(0)),
            gate,
            broken: Arc::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(auth.clone());
        tokio::spawn(axum::serve(listener, app).into_future());
        let transport = Transport::builder().max_retries(0).build().unwrap();
        let client = AuthClient::builder().base_url(url).transport(transport).build().unwrap();
        (auth, IdentityMap::new(client))
    }

    fn asked(&self) -> Vec<Parameters> {
        self.asked.lock().unwrap().clone()
    }

    /// How many names each request held, largest first.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<_> = self.asked().iter().map(|query| query[0].1.split(',').count()).collect();
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        sizes
    }

    async fn arrival(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }
}

async fn answer(State(auth): State<Auth>, uri: Uri) -> Response {
    let query: Vec<_> = uri.query().unwrap_or_default().split('&').filter_map(pair).collect();
    auth.asked.lock().unwrap().push(query.clone());
    auth.arrived.add_permits(1);
    auth.gate.acquire().await.unwrap().forget();
    if *auth.broken.lock().unwrap() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let number = |text: &str| -> Option<usize> {
        let digits = text.strip_prefix("user").and_then(|text| text.strip_suffix("@x.org"));
        digits
            .or_else(|| text.strip_prefix("00000000-0000-4000-8000-"))?
            .parse()
            .ok()
            .filter(|number| *number < 1000)
    };
    let identity =
        |number: usize| json!({"id": id(number), "username": name(number), "name": format!("User {number}")});
    // In another order than asked for.
    let known: Vec<_> = query[0].1.split(',').rev().filter_map(number).map(identity).collect();
    let body = json!({"identities": known}).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    Some((name.to_owned(), percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned()))
}

#[tokio::test]
async fn ids_and_usernames_are_looked_up_in_batches_and_keep_their_order() {
    let (auth, map) = Auth::start(true).await;
    let asked: Vec<_> = (0..250)
        .map(|number| if number % 2 == 0 { id(number) } else { name(number) })
        .chain([name(5000)])
        .collect();
    let found = map.get_many(&asked).await.unwrap();
    for (number, identity) in found[..250].iter().enumerate() {
        assert_eq!(identity.as_ref().unwrap().id, id(number).as_str());
    }
    assert!(found[250].is_none());
    assert_eq!(auth.sizes(), [100, 100, 26, 25]);
    let kinds: Vec<_> = auth.asked().iter().map(|query| query.len()).collect();
    // Usernames come with `provision`.
    assert_eq!(kinds.iter().sum::<usize>(), 6);
}

#[tokio::test]
async fn what_is_known_is_not_asked_for_again_under_any_of_its_names() {
    let (auth, map) = Auth::start(true).await;
    let first = map.get(name(7)).await.unwrap().unwrap();
    for text in [id(7), id(7).to_uppercase(), id(7).replace('-', ""), " USER7@x.org".to_owned()] {
        assert!(Arc::ptr_eq(&map.get(&text).await.unwrap().unwrap(), &first), "{text}");
        assert!(map.clone().cached(&text).is_some());
    }
    assert_eq!(auth.asked().len(), 1);
    map.forget(id(7));
    assert!(map.cached(name(7)).is_none());
    map.get(name(7)).await.unwrap().unwrap();
    assert_eq!(auth.asked().len(), 2);
}

#[tokio::test]
async fn what_is_unknown_is_none_and_asked_for_anew() {
    let (auth, map) = Auth::start(true).await;
    assert!(map.get("nobody@x.org").await.unwrap().is_none());
    assert!(map.get("nobody@x.org").await.unwrap().is_none());
    assert_eq!(auth.asked().len(), 2);
    let found = map.get_many(["", "a@x.org,user1@x.org", "  "]).await.unwrap();
    assert!(found.iter().all(Option::is_none) && auth.asked().len() == 2);
}

#[tokio::test]
async fn twenty_tasks_that_want_the_same_cost_one_request() {
    let (auth, map) = Auth::start(false).await;
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let map = map.clone();
            tokio::spawn(async move { map.get_many([name(1), id(2), name(1), name(number % 2 + 1)]).await })
        })
        .collect();
    auth.arrival().await;
    auth.arrival().await;
    auth.gate.add_permits(10);
    for task in tasks {
        let found = task.await.unwrap().unwrap();
        assert!(found.iter().all(Option::is_some));
    }
    // The ids, the usernames, and once more for the name that the first had not asked for.
    assert!(auth.asked().len() <= 3, "{:?}", auth.asked());
}

#[tokio::test]
async fn an_asker_who_gives_up_does_not_lose_the_answer_of_the_others() {
    let (auth, map) = Auth::start(false).await;
    let first = tokio::spawn({
        let map = map.clone();
        async move { map.get(name(3)).await }
    });
    auth.arrival().await;
    let mut second = Box::pin(map.get(name(3)));
    assert!(futures_poll(&mut second).await.is_none());
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    auth.gate.add_permits(1);
    assert!(second.await.unwrap().is_some());
    assert_eq!(auth.asked().len(), 1);
}

#[tokio::test]
async fn a_lookup_that_nobody_waits_for_ends_and_is_begun_anew() {
    let (auth, map) = Auth::start(false).await;
    let asker = tokio::spawn({
        let map = map.clone();
        async move { map.get(name(3)).await }
    });
    auth.arrival().await;
    asker.abort();
    let _ = asker.await;
    auth.gate.add_permits(2);
    assert!(map.get(name(3)).await.unwrap().is_some());
    assert_eq!(auth.asked().len(), 2);
}

#[tokio::test]
async fn all_who_wait_are_told_the_same_error_and_the_next_asks_again() {
    let (auth, map) = Auth::start(false).await;
    *auth.broken.lock().unwrap() = true;
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let map = map.clone();
            tokio::spawn(async move { map.get(name(3)).await })
        })
        .collect();
    auth.arrival().await;
    // Each has had its turn to board the one lookup.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    auth.gate.add_permits(10);
    for task in tasks {
        let error = task.await.unwrap().unwrap_err();
        assert!(
            error.kind() == ErrorKind::Api && error.status() == Some(503) && error.is_transient(),
            "{error}"
        );
    }
    assert_eq!(auth.asked().len(), 1);
    *auth.broken.lock().unwrap() = false;
    assert!(map.get(name(3)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_was_announced_is_looked_up_with_the_next_request() {
    let (auth, map) = Auth::start(true).await;
    let map = map.with_batch_size(3).with_provision(true);
    map.add([name(1), name(2), name(3), id(4)]);
    assert!(auth.asked().is_empty());
    map.get(name(9)).await.unwrap().unwrap();
    assert_eq!(
        auth.asked(),
        [vec![
            ("usernames".to_owned(), [name(9), name(1), name(2)].join(",")),
            ("provision".to_owned(), "true".to_owned()),
        ]]
    );
    assert!(map.cached(name(2)).is_some() && map.cached(name(3)).is_none());
    map.get(name(3)).await.unwrap().unwrap();
    map.get(id(8)).await.unwrap().unwrap();
    assert!(map.cached(id(4)).is_some() && auth.asked().len() == 3);
}

/// Polls once; `None` when it is not ready.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    tokio::time::timeout(Duration::ZERO, future).await.ok()
}
