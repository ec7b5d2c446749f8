//! `cargo xtask secrets`: whether anything that is logged, printed or told gives a secret away.

mod search;
mod types;

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::failure::{Failure, Outcome};
use crate::test::{self, Tally};

/// Crates whose tests write down what is logged: one that has stopped to do so would look clean.
const TRACED: [&str; 4] = ["globus-authorizers", "globus-transport", "globus-services", "globus-sdk"];

/// Runs every test with everything logged, and searches.
pub(crate) fn run() -> Outcome {
    let tally = count()?;
    // A test that fails for another reason keeps nobody from the search.
    let searched = search();
    test::verdict(&tally)?;
    searched
}

/// Runs every test; what is logged and printed is kept for [`search()`].
pub(crate) fn count() -> Outcome<Tally> {
    let folder = folder()?;
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing("removing what the last run logged"))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::while_doing("making a folder for what is logged"))?;
    let mut tests = test::all();
    tests.env("GLOBUS_SDK_TEST_TRACE", &folder).args(["--", "--show-output"]);
    let mut tally = test::count(&mut tests, Some(&folder.join("output.txt")))?;
    if let Some(mut tests) = test::postgres::tests() {
        tests.args(["--", "--show-output"]);
        tally.add(test::count(&mut tests, Some(&folder.join("output.postgres.txt")))?);
    }
    Ok(tally)
}

/// Searches what [`count`] kept, and whether the types that can show a secret are all known.
pub(crate) fn search() -> Outcome {
    let folder = folder()?;
    let mut wrong = Vec::new();
    let (mut lines, mut files) = (0, Vec::new());
    for entry in fs::read_dir(&folder).map_err(Failure::while_doing("looking for what was logged"))? {
        let path = entry.map_err(Failure::while_doing("looking for what was logged"))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = read(&path)?;
        lines += text.lines().count();
        wrong.extend(search::findings(&text).into_iter().map(|found| format!("{}:{found}", path.display())));
        files.push(name);
    }
    for member in TRACED {
        let prefix = format!("{member}.");
        if !files.iter().any(|name| name.starts_with(&prefix)) {
            wrong.push(format!("the tests of {member} wrote nothing down: do they still call `record`?"));
        }
    }
    println!("  {lines} lines of {} files searched", files.len());
    wrong.extend(types::check()?);
    for what in &wrong {
        println!("  VIOLATION {what}");
    }
    match wrong.len() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} violations"))),
    }
}

fn folder() -> Outcome<PathBuf> {
    Ok(cargo::target_dir()?.join("secrets"))
}

fn read(path: &Path) -> Outcome<String> {
    let bytes = fs::read(path).map_err(Failure::while_doing(format!("reading {}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
