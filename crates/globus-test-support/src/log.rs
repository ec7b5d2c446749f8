//! What the tests of a process log, in a file.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, Once};

use tracing_log::LogTracer;
use tracing_subscriber::fmt::format::FmtSpan;

/// The folder that the files are written to.
const FOLDER: &str = "GLOBUS_SDK_TEST_TRACE";

/// Servers of tests, which see requests as they are and may say so.
const SERVERS: [&str; 1] = ["mockito"];

/// Writes down what this process logs, once it has been called with the variable set. More calls change nothing.
///
/// # Panics
/// When the file cannot be made: a search of nothing would find nothing.
#[expect(clippy::panic, reason = "for tests, which fail in no other way")]
pub fn record_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Some(folder) = std::env::var_os(FOLDER)
            && let Err(error) = start(Path::new(&folder))
        {
            panic!("{FOLDER} is {}, and nothing can be written there: {error}", folder.display());
        }
    });
}

fn start(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    // `cargo test` names the crate.
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let file = File::create(folder.join(format!("{package}.{}.log", std::process::id())))?;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        // A span shows what was recorded in it when it ends, also when nothing was said within.
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(Mutex::new(file))
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        // The program listens itself.
        return Ok(());
    }
    LogTracer::builder().ignore_all(SERVERS).init()?;
    Ok(())
}
