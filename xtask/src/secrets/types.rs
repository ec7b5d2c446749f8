//! Whether each public type is known to show no secret: printed by a test with secrets in it, or unable to hold any.

use std::collections::BTreeSet;
use std::fs;

use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

/// The crates that have types of their own.
const CRATES: [&str; 8] = [
    "globus-auth-core",
    "globus-tokenstorage",
    "globus-tokenstorage-postgres",
    "globus-authorizers",
    "globus-transport",
    "globus-services",
    "globus-app",
    "globus-emulator",
];
const LIST: &str = "crates/globus-sdk/tests/secrets/types.txt";

/// Compares the list with what the documentation of the crates has: nothing public is left out there.
pub(super) fn check() -> Outcome<Vec<String>> {
    let mut command = cargo(["doc", "--quiet", "--no-deps", "--all-features"]);
    for member in CRATES {
        command.args(["-p", member]);
    }
    // As in `cargo xtask ci`, so that they are not made twice.
    cargo::run(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    let docs = cargo::target_dir()?.join("doc");
    let mut public = BTreeSet::new();
    for member in CRATES {
        let page = docs.join(member.replace('-', "_")).join("all.html");
        let text =
            fs::read_to_string(&page).map_err(Failure::while_doing(format!("reading {}", page.display())))?;
        public.extend(documented(&text).into_iter().map(str::to_owned));
    }
    let list = fs::read_to_string(cargo::root().join(LIST))
        .map_err(Failure::while_doing(format!("reading {LIST}")))?;
    println!("  {} public types", public.len());
    Ok(compare(&public, &list))
}

/// The names of the structs, enums and unions that the page of all items links to.
fn documented(page: &str) -> Vec<&str> {
    let links = page.split("<a href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    links
        .filter_map(|(link, _)| {
            let file = link.rsplit('/').next()?.strip_suffix(".html")?;
            let (kind, name) = file.split_once('.')?;
            matches!(kind, "struct" | "enum" | "union").then_some(name)
        })
        .collect()
}

/// In the list, lines are `reason: Type Type …`; one that begins with a space goes on with the reason of the line before.
fn compare(public: &BTreeSet<String>, list: &str) -> Vec<String> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let names = lines.flat_map(|line| line.rsplit(": ").next().unwrap_or_default().split_whitespace());
    let mut listed = BTreeSet::new();
    let mut wrong = Vec::new();
    for name in names {
        if !listed.insert(name) {
            wrong.push(format!("{LIST}: {name} is there twice"));
        }
        if !public.contains(name) {
            wrong.push(format!("{LIST}: there is no public type {name}"));
        }
    }
    let forgotten = public.iter().filter(|name| !listed.contains(name.as_str()));
    wrong.extend(forgotten.map(|name| {
        format!(
            "{name} is not in {LIST}: print it in that test with secrets in it, or say why it can hold none"
        )
    }));
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_off_the_page_of_all_items() {
        let page = r#"<a href="../x/index.html"></a><h3>Structs</h3><ul><li><a href="auth/struct.AuthClient.html">auth::AuthClient</a></li>
            <li><a href="enum.Kind.html">Kind</a></li><li><a href="trait.T.html">T</a></li></ul>"#;
        assert_eq!(documented(page), ["AuthClient", "Kind"]);
    }

    #[test]
    fn a_type_that_was_forgotten_or_is_gone_or_twice_is_told() {
        let public: BTreeSet<String> = ["A", "B", "C"].map(str::to_owned).into();
        let list = "# about: X\nshown: A\nonly numbers: B Gone\n  A\n";
        let wrong = compare(&public, list).join("\n");
        assert!(wrong.contains("no public type Gone") && wrong.contains("A is there twice"), "{wrong}");
        assert!(wrong.contains("C is not in"), "{wrong}");
    }
}
