//! Where the browser and its driver are.

use std::env;
use std::path::PathBuf;

use crate::failure::{Failure, Outcome};

/// Names the driver to use.
const DRIVER: &str = "GLOBUS_SDK_TEST_CHROMEDRIVER";
/// Names the browser to use.
const BROWSER: &str = "GLOBUS_SDK_TEST_BROWSER";

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) driver: PathBuf,
    pub(crate) browser: PathBuf,
}

impl Installed {
    pub(crate) fn find() -> Outcome<Self> {
        let driver = program(DRIVER, &["chromedriver"]).ok_or_else(|| lacks("driver (chromedriver)"))?;
        let browser = program(BROWSER, &BROWSERS).ok_or_else(|| lacks("browser (chromium)"))?;
        Ok(Self { driver, browser })
    }
}

/// What is missing here to run a browser, and how to get it.
#[must_use]
pub fn missing() -> Option<String> {
    Installed::find().err().map(|failure| failure.to_string())
}

fn lacks(what: &str) -> Failure {
    Failure::new(format!(
        "there is no {what} here; install Chromium (apt-get install chromium chromium-driver), or name the programs in \
         {DRIVER} and {BROWSER}"
    ))
}

fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
