//! `cargo xtask demo`.

use crate::cargo::{self, cargo};
use crate::failure::Outcome;

/// The demonstration brings its own Globus: it needs neither an account nor a network.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    cargo::run(cargo(["run", "-p", "globus-examples", "--bin", "demo", "--"]).args(arguments))
}
