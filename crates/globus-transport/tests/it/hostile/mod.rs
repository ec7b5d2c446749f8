//! A server that does what no well-behaved server does, as a script says: one script for each connection.

use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;

mod act;
mod calm;
mod connection;

pub(crate) use act::{Act, Script, answer, dropped, hangs, said, said_then_hangs, say, serves};
pub(crate) use calm::Calm;

pub(crate) struct Server {
    pub(crate) url: String,
    log: Arc<Log>,
}

/// What arrived.
#[derive(Default)]
pub(crate) struct Log {
    requests: Mutex<Vec<String>>,
    connections: Mutex<Connections>,
    /// Bytes that were written to clients.
    written: Mutex<usize>,
}

#[derive(Default)]
struct Connections {
    accepted: usize,
    open: usize,
    most_open: usize,
    /// Those on which nothing was read.
    unread: usize,
}

impl Server {
    /// Plays the scripts, one a connection; the last one is repeated.
    pub(crate) async fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        Self::start(scripts, None).await
    }

    /// The same where time is virtual: it stands still while anything moves.
    pub(crate) async fn in_virtual_time(calm: &Calm, scripts: impl IntoIterator<Item = Script>) -> Self {
        Self::start(scripts, Some(calm.clone())).await
    }

    async fn start(scripts: impl IntoIterator<Item = Script>, calm: Option<Calm>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Log::default());
        let scripts: Vec<Script> = scripts.into_iter().collect();
        let seen = Arc::clone(&log);
        let serving = async move {
            for at in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                seen.connections.lock().unwrap().opens();
                let script = scripts.get(at).or(scripts.last()).unwrap().clone();
                let log = Arc::clone(&seen);
                let playing = async move {
                    connection::play(stream, script, Arc::clone(&log)).await;
                    log.connections.lock().unwrap().open -= 1;
                };
                match calm.clone() {
                    Some(calm) => drop(tokio::spawn(async move { calm.watch(playing).await })),
                    None => drop(tokio::spawn(playing)),
                }
            }
        };
        tokio::spawn(serving);
        Self { url, log }
    }

    /// The requests that arrived whole, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.log.requests.lock().unwrap().clone()
    }

    /// Which tokens were sent, in order.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let token = |request: &String| {
            let line = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
            line.unwrap_or("none").to_owned()
        };
        self.requests().iter().map(token).collect()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.log.connections.lock().unwrap().accepted
    }

    /// How many of them there were at once.
    pub(crate) fn most_connections(&self) -> usize {
        self.log.connections.lock().unwrap().most_open
    }

    /// How many requests were sent, as far as a server can tell: those that were read, and one for each connection on which
    /// nothing was.
    pub(crate) fn arrived(&self) -> usize {
        self.requests().len() + self.log.connections.lock().unwrap().unread
    }

    /// How many bytes were written to clients.
    pub(crate) fn written(&self) -> usize {
        *self.log.written.lock().unwrap()
    }
}

impl Connections {
    fn opens(&mut self) {
        self.accepted += 1;
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
    }
}
