//! [`Reserved`]: packages that only some crates may name.

use std::collections::BTreeSet;

use super::rules;
use super::tree::Tree;
use super::violation::Violation;
use crate::failure::Outcome;

/// The rule for one package.
#[derive(Clone, Debug)]
pub(crate) struct Reserved {
    package: &'static str,
    why: &'static str,
    by: Vec<&'static str>,
    by_tests_of: Vec<&'static str>,
}

impl Reserved {
    pub(super) fn of(package: &'static str, why: &'static str) -> Self {
        Self { package, why, by: Vec::new(), by_tests_of: Vec::new() }
    }

    pub(super) fn named_by(mut self, member: &'static str) -> Self {
        self.by.push(member);
        self
    }

    /// As a development dependency only.
    pub(super) fn named_by_tests_of(mut self, member: &'static str) -> Self {
        self.by_tests_of.push(member);
        self
    }

    fn violation(&self, manifest: &Manifest<'_>) -> Option<Violation> {
        let allowed = self.by.contains(&manifest.name);
        if manifest.normal.contains(self.package) && !allowed {
            let what = format!("names {} in its manifest", self.package);
            return Some(Violation::new(manifest.name, what, self.why));
        }
        if manifest.dev.contains(self.package) && !allowed && !self.by_tests_of.contains(&manifest.name) {
            let what = format!("names {} in its development dependencies", self.package);
            return Some(Violation::new(manifest.name, what, self.why));
        }
        None
    }
}

/// What one crate names.
struct Manifest<'a> {
    name: &'a str,
    normal: BTreeSet<&'a str>,
    dev: BTreeSet<&'a str>,
}

pub(super) fn check(members: &[String]) -> Outcome<Vec<Violation>> {
    let rules = rules::reserved();
    let mut violations = Vec::new();
    for member in members {
        let normal = direct(member, "normal,build")?;
        let dev = direct(member, "dev")?;
        let manifest = Manifest { name: member, normal: named(&normal, member), dev: named(&dev, member) };
        violations.extend(rules.iter().filter_map(|rule| rule.violation(&manifest)));
    }
    let names: Vec<_> = rules.iter().map(|rule| rule.package).collect();
    println!("  {}", names.join(", "));
    Ok(violations)
}

/// Cargo tells names as they are in the registry, whatever the manifest calls them.
fn direct(member: &str, edges: &str) -> Outcome<Tree> {
    Tree::of(member, &["-e", edges, "--depth", "1", "--all-features", "--target", "all"])
}

fn named<'a>(tree: &'a Tree, member: &str) -> BTreeSet<&'a str> {
    let mut names = tree.names();
    names.remove(member);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, normal: &[&str], dev: &[&str]) -> Option<String> {
        let rule = Reserved::of("reqwest", "ours alone")
            .named_by("globus-transport")
            .named_by_tests_of("globus-emulator");
        let manifest =
            Manifest { name, normal: normal.iter().copied().collect(), dev: dev.iter().copied().collect() };
        rule.violation(&manifest).map(|violation| violation.to_string())
    }

    #[test]
    fn only_those_named_may_name_it() {
        assert_eq!(found("globus-transport", &["reqwest"], &["reqwest"]), None);
        assert_eq!(found("globus-emulator", &["hyper"], &["reqwest"]), None);
        assert_eq!(found("globus-services", &["serde"], &["mockito"]), None);
    }

    #[test]
    fn others_are_found() {
        assert_eq!(
            found("globus-services", &["reqwest"], &[]).as_deref(),
            Some("globus-services: names reqwest in its manifest; ours alone")
        );
        assert_eq!(
            found("globus-services", &[], &["reqwest"]).as_deref(),
            Some("globus-services: names reqwest in its development dependencies; ours alone")
        );
        assert!(found("globus-emulator", &["reqwest"], &[]).is_some());
    }
}
