//! `cargo xtask check`: what holds of the workspace as a whole, and no compiler would tell.

mod budgets;
mod builds;
mod layer;
mod manifest;
mod reserved;
mod rules;
mod sources;
mod tree;
mod violation;

use self::tree::Tree;
use self::violation::Violation;
use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

/// Prints one line a violation. The cheap checks come first, then the builds.
pub(crate) fn run() -> Outcome {
    let members = members()?;
    let mut violations = Vec::new();
    for (what, check) in [
        ("layers and banned dependencies", layer::check as Check),
        ("reserved dependencies", reserved::check),
        ("crate budgets", budgets::check),
        ("sources", sources::check),
        ("each crate alone", builds::check),
    ] {
        println!("{what}");
        let found = check(&members)?;
        for violation in &found {
            println!("  VIOLATION {violation}");
        }
        violations.extend(found);
    }
    match violations.len() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} violations"))),
    }
}

/// Prints its figures itself, and returns what is wrong in the workspace of these packages.
type Check = fn(&[String]) -> Outcome<Vec<Violation>>;

/// The packages of the workspace.
fn members() -> Outcome<Vec<String>> {
    let output = cargo::output(&mut cargo(["tree", "--workspace", "--depth", "0", "--prefix", "depth"]))?;
    Ok(Tree::parse(&output)?.names().into_iter().map(str::to_owned).collect())
}
