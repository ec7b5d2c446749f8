//! Runs one test in one browser.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use crate::browser::Browser;
use crate::driver::Driver;
use crate::failure::{Failure, Outcome};
use crate::install::Installed;
use crate::webdriver::Session;

/// A browser that does nothing for so long does nothing any more.
const LONGEST: Duration = Duration::from_secs(180);

/// Runs a test in a browser of its own. When it fails or panics, its last page is kept as `NAME.failed.png` and `.html`.
///
/// # Errors
///
/// When there is no browser, or the test fails.
///
/// # Panics
///
/// As the test does.
pub fn browse<F>(name: &str, test: impl FnOnce(Browser) -> F) -> Outcome
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let installed = Installed::find()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let driver = Driver::start(&installed).await?;
        let profile = tempfile::Builder::new().prefix("globus-browser-").tempdir()?;
        let session = Session::new(driver.port, &capabilities(&installed, profile.path())).await?;
        let browser = Browser::new(session, photographs());
        // On its own, so that a panic leaves the browser to us.
        let mut running = tokio::spawn(test(browser.clone()));
        let ended = tokio::time::timeout(LONGEST, &mut running).await;
        running.abort();
        if !matches!(ended, Ok(Ok(Ok(())))) {
            browser.keep_evidence(name).await;
        }
        let _ = browser.end().await;
        match ended {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) if panic.is_panic() => std::panic::resume_unwind(panic.into_panic()),
            Ok(Err(cancelled)) => Err(cancelled.into()),
            Err(_) => Err(Failure::new(format!("{name} was not done after {} s", LONGEST.as_secs()))),
        }
    })
}

/// Where photographs go: beside what else is built.
fn photographs() -> PathBuf {
    let here = env::current_exe().unwrap_or_default();
    // `target/debug/deps/browser-…`
    here.ancestors().nth(3).map_or_else(env::temp_dir, |target| target.join("tmp")).join("browser")
}

fn capabilities(installed: &Installed, profile: &std::path::Path) -> serde_json::Value {
    let mut flags: Vec<String> = [
        "--headless=new",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1100,900",
        "--lang=en-US",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.display()));
    // In a container this is often root, for whom Chromium's sandbox does not work. The pages are all our own.
    flags.push("--no-sandbox".to_owned());
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": installed.browser, "args": flags },
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "pageLoad": 60_000, "script": 30_000, "implicit": 0 },
    })
}
