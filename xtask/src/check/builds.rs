//! Each crate compiles alone, whatever its features. In a build of the whole workspace, one crate's features hide what another forgot.

use std::fs;

use super::violation::Violation;
use super::{manifest, rules};
use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

const WHY: &str = "each crate can be depended on alone";

pub(super) fn check(members: &[String]) -> Outcome<Vec<Violation>> {
    let mut violations = Vec::new();
    for member in members {
        // Those that are not in `crates` are not published, nor is the bench; nobody depends on them.
        let Ok(text) = fs::read_to_string(cargo::root().join("crates").join(member).join("Cargo.toml"))
        else {
            continue;
        };
        if text.contains("publish = false") {
            continue;
        }
        let features = manifest::features(&text);
        let choices = choices(&features, rules::SINGLE_FEATURES.contains(&member.as_str()));
        for choice in &choices {
            violations.extend(build(member, choice)?);
        }
        println!("  {member}: with {} choices of features", choices.len());
    }
    Ok(violations)
}

/// The arguments of cargo that choose features.
fn choices(features: &[&str], each: bool) -> Vec<Vec<String>> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    if features.is_empty() {
        return vec![Vec::new()];
    }
    let mut choices = vec![owned(&["--no-default-features"]), Vec::new(), owned(&["--all-features"])];
    if each && features.len() > 1 {
        let single = features.iter().map(|feature| owned(&["--no-default-features", "--features", feature]));
        choices.extend(single);
    }
    choices
}

fn build(member: &str, choice: &[String]) -> Outcome<Option<Violation>> {
    let mut command = cargo(["check", "--quiet", "-p", member]);
    let command = command.args(choice);
    let shown = cargo::show(command);
    let output = command.output().map_err(Failure::while_doing(format!("starting `{shown}`")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let what = if !output.status.success() {
        "does not compile"
    } else if said.contains("warning:") {
        "compiles with warnings"
    } else {
        return Ok(None);
    };
    eprintln!("{said}");
    Ok(Some(Violation::new(member, format!("{what} (`{shown}`)"), WHY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(features: &[&str], each: bool) -> Vec<String> {
        choices(features, each).iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn features_are_chosen_as_few_times_as_tell_something() {
        assert_eq!(lines(&[], true), [""]);
        assert_eq!(lines(&["a"], true), ["--no-default-features", "", "--all-features"]);
        assert_eq!(lines(&["a", "b"], false), ["--no-default-features", "", "--all-features"]);
        assert_eq!(
            lines(&["a", "b"], true)[3..],
            ["--no-default-features --features a", "--no-default-features --features b"]
        );
    }
}
