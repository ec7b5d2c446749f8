//! `cargo xtask coverage`: which method of the service clients is compared with which recorded calls.

mod json;
mod page;
mod sources;
mod vectors;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use self::sources::Sources;
use self::vectors::Recorded;
use crate::cargo;
use crate::failure::{Failure, Outcome};

const PAGE: &str = "docs/coverage.md";
const VECTORS: &str = "crates/globus-services/tests/contract/vectors";
const SERVICES: [&str; 3] = ["auth", "groups", "transfer"];

/// Methods that send what others do, or nothing: which test is about them.
const OTHERS: [(&str, &str, &str); 6] = [
    // As `get_client` with an `fqdn`.
    ("AuthClient", "get_client_by_fqdn", "contract"),
    ("ConfidentialAppAuthClient", "decode_id_token", "the_nonce_of_the_login_is_in_the_id_token"),
    ("NativeAppAuthClient", "decode_id_token", "the_nonce_of_the_login_is_in_the_id_token"),
    ("TransferClient", "data_access_scope", "each_collection_is_an_optional_dependency"),
    ("TransferClient", "submit_plan", "all_items_of_a_plan_arrive_in_tasks_that_are_watched_together"),
    ("TransferClient", "walk", "a_walk_finds_what_is_on_the_disk"),
];

/// Writes the page; or, to check, compares it with what would be written. Either way it tells what is not covered.
pub(crate) fn run(check: bool) -> Outcome {
    let root = cargo::root();
    let recorded = Recorded::read(&root.join(VECTORS), &SERVICES)?;
    let sources = Sources::read(&root)?;
    let mut wrong = sources.violations(&recorded, &OTHERS);
    if let Some(folder) = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty()) {
        let given = Recorded::read(&root.join(PathBuf::from(folder)), &SERVICES)?;
        wrong.extend(recorded.missing(&given));
    }
    let text = page::write(&recorded, &OTHERS);
    if check {
        wrong.extend(stale(&root.join(PAGE), &text)?);
    } else {
        fs::write(root.join(PAGE), &text).map_err(Failure::while_doing(format!("writing {PAGE}")))?;
    }
    for what in &wrong {
        println!("  {what}");
    }
    println!(
        "coverage: {} methods, {} cases, {} wrong",
        recorded.methods.len(),
        recorded.cases(),
        wrong.len()
    );
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new("not everything is covered")) }
}

fn stale(page: &Path, text: &str) -> Outcome<Option<String>> {
    let found = fs::read_to_string(page).map_err(Failure::while_doing(format!("reading {PAGE}")))?;
    Ok((found != text).then(|| format!("{PAGE} is not up to date: `cargo xtask coverage` writes it")))
}
