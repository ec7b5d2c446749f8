//! What `cargo tree --prefix depth` prints.

use std::collections::BTreeSet;

use crate::cargo::{self, cargo};
use crate::failure::{Failure, Outcome};

/// A package's dependencies, in the order of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree(Vec<Line>);

#[derive(Clone, Debug, PartialEq)]
struct Line {
    depth: usize,
    name: String,
}

impl Tree {
    /// The tree of one package alone: a whole workspace's would unify features, and hide a leak.
    pub(super) fn of(package: &str, arguments: &[&str]) -> Outcome<Self> {
        let mut command = cargo(["tree", "-p", package, "--prefix", "depth"]);
        Self::parse(&cargo::output(command.args(arguments))?)
    }

    pub(super) fn parse(output: &str) -> Outcome<Self> {
        let lines = output.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.map(|line| {
            Line::parse(line)
                .ok_or_else(|| Failure::new(format!("`cargo tree` printed `{line}`, which is not a package")))
        });
        Ok(Self(lines.collect::<Outcome<_>>()?))
    }

    /// All packages, the root among them.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.0.iter().map(|line| line.name.as_str()).collect()
    }

    /// How the root comes to use `name`: the packages from one to the other. `None` when it does not.
    pub(super) fn path_to(&self, name: &str) -> Option<Vec<&str>> {
        let mut path: Vec<&str> = Vec::new();
        for line in &self.0 {
            path.truncate(line.depth);
            path.push(&line.name);
            if line.depth > 0 && line.name == name {
                return Some(path);
            }
        }
        None
    }

    /// How many packages there are, the root among them. Two versions of one name count as one.
    pub(super) fn len(&self) -> usize {
        self.names().len()
    }
}

impl Line {
    /// `2serde v1.0.229 (proc-macro) (*)`. No name starts with a digit.
    fn parse(line: &str) -> Option<Self> {
        let digits = line.find(|c: char| !c.is_ascii_digit())?;
        let (depth, rest) = line.split_at_checked(digits)?;
        let (name, version) = rest.split_once(' ')?;
        version.strip_prefix('v')?;
        Some(Self { depth: depth.parse().ok()?, name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "\
0globus-tokenstorage v0.1.0 (/somewhere/crates/globus-tokenstorage)
1async-trait v0.1.92 (proc-macro)
2syn v2.0.1
1globus-auth-core v0.1.0 (/somewhere/crates/globus-auth-core)
2syn v2.0.1
2serde v1.0.229 (*)
";

    #[test]
    fn names_are_read_without_versions_and_marks() {
        let tree = Tree::parse(TREE).unwrap();
        let names: Vec<_> = tree.names().into_iter().collect();
        assert_eq!(names, ["async-trait", "globus-auth-core", "globus-tokenstorage", "serde", "syn"]);
        assert_eq!(tree.len(), 5);
    }

    #[test]
    fn the_path_leads_from_the_root_to_the_package() {
        let tree = Tree::parse(TREE).unwrap();
        assert_eq!(tree.path_to("serde").unwrap(), ["globus-tokenstorage", "globus-auth-core", "serde"]);
        assert_eq!(tree.path_to("async-trait").unwrap(), ["globus-tokenstorage", "async-trait"]);
        assert_eq!(tree.path_to("reqwest"), None);
        assert_eq!(tree.path_to("globus-tokenstorage"), None);
    }

    #[test]
    fn what_is_no_tree_is_an_error() {
        for output in ["[dev-dependencies]", "serde v1.0.0", "1serde", "1serde 1.0"] {
            Tree::parse(output).unwrap_err();
        }
        assert_eq!(Tree::parse("\n0a v1.0.0\n\n0b v1.0.0\n").unwrap().len(), 2);
    }
}
