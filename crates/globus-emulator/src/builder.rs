//! Settings of an emulator.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::app::Settings;
use crate::config::Config;
use crate::emulator::Emulator;
use crate::error::Result;
use crate::faults::Fault;
use crate::http::Hosts;

/// Sets up an [`Emulator`]; made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is started"]
pub struct Builder {
    pub(crate) port: u16,
    pub(crate) seed: Option<u64>,
    pub(crate) config: Option<Config>,
    pub(crate) insecure_bind: Option<IpAddr>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) settings: Settings,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let settings = Settings {
            token_lifetime: Duration::from_secs(48 * 3600),
            rotate_refresh_tokens: false,
            transfer_rate: None,
            retry_interval: Duration::from_secs(1),
            clock_offset_millis: 0,
            faults: Vec::new(),
            hosts: Hosts::default(),
        };
        Self { port: 0, seed: None, config: None, insecure_bind: None, data: None, settings }
    }

    /// A world of one's own: users, clients, collections, groups, and the settings and faults that it names. What is set after
    /// this counts more.
    pub fn config(mut self, config: Config) -> Self {
        self = config.set(self);
        self.config = Some(config);
        self
    }

    /// The port to listen on; 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How long tokens live; 48 hours unless set.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.token_lifetime = lifetime;
        self
    }

    /// Makes ids and secrets the same in every run, and what faults do by chance. Without it they cannot be guessed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Keeps everything in this directory: who has logged in, groups, collections with their files, tasks. An emulator that is
    /// started on it again goes on where the last one stopped, killed or not; tasks that were not done go on by themselves.
    /// Faults and the list of requests are not kept.
    ///
    /// The directory is made if it is not there, and is for this user alone: it holds tokens. Without it, the state is in memory,
    /// and the files in a directory that goes away with the emulator.
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }

    /// Whether each use of a refresh token gives a new one and ends the old one.
    pub fn rotate_refresh_tokens(mut self, rotate: bool) -> Self {
        self.settings.rotate_refresh_tokens = rotate;
        self
    }

    /// How many bytes per second a task moves at most, so that its progress can be watched.
    pub fn transfer_rate(mut self, bytes_per_second: u64) -> Self {
        self.settings.transfer_rate = Some(bytes_per_second.max(1));
        self
    }

    /// How long a task waits before it tries again what failed; one second unless set. The wait doubles each time, up to
    /// thirty times this.
    pub fn retry_interval(mut self, interval: Duration) -> Self {
        self.settings.retry_interval = interval;
        self
    }

    /// A fault that is there from the start; may be called several times.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// How many seconds the emulator's clock is before the wall clock at the start; behind it when negative.
    pub fn clock_offset_seconds(mut self, seconds: i64) -> Self {
        self.settings.clock_offset_millis = seconds.saturating_mul(1000);
        self
    }

    /// Listens on this address in place of loopback.
    ///
    /// **Whoever can reach it can log in as anybody, and read, change and delete whatever is in the collections.** Nothing is
    /// encrypted. It is meant for containers and for networks where everybody may do that. A warning is printed.
    pub fn insecure_bind(mut self, address: IpAddr) -> Self {
        self.insecure_bind = Some(address);
        self.settings.hosts.addresses = true;
        self
    }

    /// A name, beside `localhost`, under which requests may ask for the emulator; may be called several times. With
    /// [`insecure_bind`](Self::insecure_bind) the first of them stands in the URLs that it gives out.
    ///
    /// Requests under other names are refused: a web page can have a name of its own lead here.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.settings.hosts.names.push(name.into());
        self
    }

    /// Starts the emulator; it answers when this returns.
    ///
    /// # Errors
    ///
    /// When the port is taken, a fault cannot be, or the directories of the collections cannot be made. With [`data`](Self::data)
    /// also when the directory is in use, or its state cannot be read: see [`ErrorKind`](crate::ErrorKind).
    pub async fn start(self) -> Result<Emulator> {
        Emulator::launch(self).await
    }
}
