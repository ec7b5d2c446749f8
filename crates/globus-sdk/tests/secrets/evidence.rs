//! [`Evidence`]: what a scenario showed, and what was logged.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::needles;
use crate::world::World;

/// What a program could print, collected.
#[derive(Default)]
pub(crate) struct Evidence {
    shown: String,
    types: BTreeSet<String>,
    /// Secrets that the emulator does not know: those that were made here.
    own: Vec<String>,
}

impl Evidence {
    /// From now on everything is logged.
    pub(crate) fn new() -> Self {
        log();
        Self::default()
    }

    /// Prints a value both ways.
    pub(crate) fn show<T: Debug>(&mut self, value: &T) {
        let _ = write!(self.shown, "{value:?} {value:#?} ");
        let name = std::any::type_name::<T>();
        let name = name.split('<').next().unwrap_or_default();
        self.types.insert(name.rsplit("::").next().unwrap_or_default().to_owned());
    }

    /// Prints an error in every way, with all that is below it.
    pub(crate) fn tell<E: Error>(&mut self, error: &E) {
        self.show(error);
        let _ = write!(self.shown, "{error} {error:#} ");
        let mut below = error.source();
        while let Some(source) = below {
            let _ = write!(self.shown, "{source} {source:?} {source:#?} ");
            below = source.source();
        }
    }

    /// Prints text.
    pub(crate) fn print(&mut self, text: impl std::fmt::Display) {
        let _ = write!(self.shown, "{text} ");
    }

    /// A secret that must not be seen either.
    pub(crate) fn hide(&mut self, secret: &str) {
        self.own.push(secret.to_owned());
    }

    pub(crate) fn types(&self) -> &BTreeSet<String> {
        &self.types
    }

    /// Nothing that the emulator gave out, and none of our own secrets, was shown or logged; and something was: `logged` are
    /// words that must be in the log.
    pub(crate) fn is_clean(&self, world: &World, logged: &[&str]) {
        let issued = world.emulator.issued_secrets();
        for secret in &issued {
            let marked = secret.contains(globus_emulator::Emulator::SECRET_MARKER);
            assert!(marked || secret.starts_with("eyJ"), "a search for the marker misses {secret}");
        }
        let secrets: Vec<String> = issued.into_iter().chain(self.own.iter().cloned()).collect();
        let log = log().text();
        for word in logged {
            assert!(log.contains(word), "{word} is not logged: it proves nothing then");
        }
        assert_eq!(needles::leak(&log, &secrets), None, "logged");
        assert_eq!(needles::leak(&self.shown, &secrets), None, "shown");
    }
}

/// Everything that the process logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_span_events(FmtSpan::FULL)
            .with_writer(log.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        // What is said through the crate `log`, as by the HTTP client, comes along.
        tracing_log::LogTracer::init().unwrap();
        log
    })
}
