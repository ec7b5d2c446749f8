//! What the tests of a process log, in a file.

use std::fmt;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::{Once, OnceLock};

use tracing_log::LogTracer;
use tracing_subscriber::fmt::format::FmtSpan;

/// The folder that the files are written to.
const FOLDER: &str = "GLOBUS_SDK_TEST_TRACE";

/// Servers of tests, which see requests as they are and may say so.
const SERVERS: [&str; 1] = ["mockito"];

/// Writes down what this process logs, from the first call on, if the variable is set. Where another global subscriber was
/// there before, it stays, and has to pass on what it sees: [`log_line`].
///
/// # Panics
/// When the file cannot be made: a search of nothing would find nothing.
pub fn record_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Some(file) = file() else { return };
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            // A span shows what was recorded in it when it ends, also when nothing was said within.
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(move || file)
            .finish();
        if tracing::subscriber::set_global_default(subscriber).is_ok() {
            // What is said through the crate `log` comes along. Only who set another logger could be in the way.
            let _ = LogTracer::builder().ignore_all(SERVERS).init();
        }
    });
}

/// Writes one line down, if the variable is set: for tests with a subscriber of their own.
///
/// # Panics
/// As [`record_log`].
pub fn log_line(line: fmt::Arguments<'_>) {
    if let Some(mut file) = file() {
        // In one piece, since others write too.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

/// The file of this process.
#[expect(clippy::panic, reason = "for tests, which fail in no other way")]
fn file() -> Option<&'static File> {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let folder = std::env::var_os(FOLDER)?;
        match open(Path::new(&folder)) {
            Ok(file) => Some(file),
            Err(error) => {
                panic!("{FOLDER} is {}, and nothing can be written there: {error}", folder.display())
            }
        }
    });
    file.as_ref()
}

fn open(folder: &Path) -> std::io::Result<File> {
    fs::create_dir_all(folder)?;
    // `cargo test` names the crate.
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    File::create(folder.join(format!("{package}.{}.log", std::process::id())))
}
