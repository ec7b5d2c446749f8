//! Settings of an emulator.

use std::time::Duration;

use crate::app::Settings;
use crate::emulator::Emulator;
use crate::error::Result;

/// Sets up an [`Emulator`]; made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is started"]
pub struct Builder {
    pub(crate) port: u16,
    pub(crate) seed: Option<u64>,
    pub(crate) settings: Settings,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let settings = Settings {
            token_lifetime: Duration::from_secs(48 * 3600),
            rotate_refresh_tokens: false,
            transfer_rate: None,
            retry_interval: Duration::from_secs(1),
        };
        Self { port: 0, seed: None, settings }
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

    /// Makes ids and secrets the same in every run. Without it they cannot be guessed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
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

    /// Starts the emulator; it answers when this returns.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the directories of the collections cannot be made.
    pub async fn start(self) -> Result<Emulator> {
        Emulator::launch(self).await
    }
}
