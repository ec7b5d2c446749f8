//! What the text of the sources must be like.

mod differences;
mod lengths;
mod pages;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use self::lengths::Lengths;
use super::violation::Violation;
use crate::cargo;
use crate::failure::{Failure, Outcome};

/// What happens when something fails.
const RELIABILITY: &str = "docs/reliability.md";

pub(super) fn check(_members: &[String]) -> Outcome<Vec<Violation>> {
    let root = cargo::root();
    let mut files = Vec::new();
    for folder in ["crates", "examples", "fuzz", "xtask"] {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut lengths = Lengths::default();
    let mut violations = Vec::new();
    let mut texts = Vec::new();
    for file in &files {
        let text =
            fs::read_to_string(file).map_err(Failure::while_doing(format!("reading {}", file.display())))?;
        let name = file.strip_prefix(&root).unwrap_or(file).display().to_string();
        violations.extend(words::violations(&name, &text));
        if name.ends_with(".rs") {
            lengths.add(name, text.lines().count());
            texts.push(text);
        }
    }
    println!("  {}", lengths.summary());
    violations.extend(lengths.violations());
    let is_test = |name: &str| texts.iter().any(|text| text.contains(&format!("fn {name}(")));
    violations.extend(differences::check(&root, is_test)?);
    let reliability = fs::read_to_string(root.join(RELIABILITY))
        .map_err(Failure::while_doing(format!("reading {RELIABILITY}")))?;
    violations.extend(pages::violations(RELIABILITY, &reliability, is_test));
    Ok(violations)
}

/// The Rust files below `folder`, and the pages that are part of the documentation.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let unread = || Failure::while_doing(format!("reading {}", folder.display()));
    for entry in fs::read_dir(folder).map_err(unread())? {
        let path = entry.map_err(unread())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" {
                collect(&path, files)?;
            }
        } else if name.ends_with(".rs") || name.ends_with(".md") {
            files.push(path);
        }
    }
    Ok(())
}
