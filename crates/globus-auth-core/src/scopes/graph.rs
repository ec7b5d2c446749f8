//! What a set of scopes says, as a graph: each scope once, with everything that it depends on anywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Scope, ScopeParseError, ScopeParseErrorKind as Kind};

/// Levels of nesting. The deepest in use has four: a timer, a flow, Transfer, a collection.
pub(super) const MAX_DEPTH: usize = 100;
/// Scopes, each counted as often as it is written. One thing that many depend on multiplies quickly.
const MAX_SCOPES: usize = 100_000;

/// Scopes and edges; an edge says whether it is optional. Ordered, so that the result is.
#[derive(Default)]
pub(super) struct Graph<'a> {
    roots: BTreeSet<(&'a str, bool)>,
    edges: BTreeMap<&'a str, BTreeMap<&'a str, bool>>,
}

/// How large the tree below a scope is once it is written out.
#[derive(Clone, Copy, Default)]
struct Extent {
    depth: usize,
    scopes: usize,
}

impl<'a> Graph<'a> {
    /// Adds a scope at the top level, or as a dependency of `parent`. Required beats optional among dependencies; at the
    /// top level both stay, since they ask for different things.
    pub(super) fn add(&mut self, parent: Option<&'a str>, name: &'a str, optional: bool) {
        match parent {
            None => {
                self.roots.insert((name, optional));
            }
            Some(parent) => {
                let edges = self.edges.entry(parent).or_default();
                edges.entry(name).and_modify(|held| *held &= optional).or_insert(optional);
            }
        }
    }

    /// Adds a whole tree at the top level.
    pub(super) fn add_tree(&mut self, tree: &'a Scope) {
        self.add(None, tree.name(), tree.is_optional());
        let mut waiting = vec![tree];
        while let Some(scope) = waiting.pop() {
            for dependency in scope.dependencies() {
                self.add(Some(scope.name()), dependency.name(), dependency.is_optional());
                waiting.push(dependency);
            }
        }
    }

    /// The trees of the top level, sorted, each with all its dependencies.
    pub(super) fn into_trees(self) -> Result<Vec<Scope>, ScopeParseError> {
        let extents = self.extents()?;
        let roots = || self.roots.iter().filter_map(|(name, _)| extents.get(name));
        if roots().any(|extent| extent.depth > MAX_DEPTH) {
            return Err(too_deep(None));
        }
        if roots().fold(0, |sum: usize, extent| sum.saturating_add(extent.scopes)) > MAX_SCOPES {
            return Err(ScopeParseError::whole(
                Kind::TooLarge,
                format!("written out, it would hold more than {MAX_SCOPES} scopes"),
            ));
        }
        Ok(self.roots.iter().map(|&(name, optional)| self.tree(name, optional)).collect())
    }

    /// Recursion is fine here: the depth has been checked.
    fn tree(&self, name: &str, optional: bool) -> Scope {
        let dependencies = self.dependencies(name).map(|(name, optional)| self.tree(name, optional));
        Scope::leaf(name.to_owned(), optional).with_dependencies(dependencies.collect::<Vec<_>>())
    }

    fn dependencies(&self, name: &str) -> impl Iterator<Item = (&'a str, bool)> {
        self.edges.get(name).into_iter().flatten().map(|(&name, &optional)| (name, optional))
    }

    /// The extent of every scope; an error when one depends on itself. Depth first, with a stack of its own.
    fn extents(&self) -> Result<HashMap<&'a str, Extent>, ScopeParseError> {
        let mut done: HashMap<&'a str, Extent> = HashMap::new();
        let mut path: Vec<&'a str> = Vec::new();
        let mut on_path: BTreeSet<&'a str> = BTreeSet::new();
        let mut steps: Vec<Step<'a>> = self.roots.iter().map(|&(name, _)| Step::Enter(name)).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(name) if done.contains_key(name) => {}
                Step::Enter(name) if !on_path.insert(name) => return Err(cycle(&path, name)),
                Step::Enter(name) => {
                    path.push(name);
                    steps.push(Step::Leave(name));
                    steps.extend(self.dependencies(name).map(|(name, _)| Step::Enter(name)));
                }
                Step::Leave(name) => {
                    let below = self.dependencies(name).filter_map(|(name, _)| done.get(name));
                    let extent = below.fold(Extent { depth: 0, scopes: 1 }, |sum, extent| Extent {
                        depth: sum.depth.max(extent.depth),
                        scopes: sum.scopes.saturating_add(extent.scopes),
                    });
                    done.insert(name, Extent { depth: extent.depth + 1, ..extent });
                    on_path.remove(name);
                    path.pop();
                }
            }
        }
        Ok(done)
    }
}

enum Step<'a> {
    Enter(&'a str),
    Leave(&'a str),
}

/// The nesting is too deep, noticed at a place of a text or only in the merged whole.
pub(super) fn too_deep(place: Option<(&str, usize)>) -> ScopeParseError {
    let reason = format!("dependencies are nested deeper than {MAX_DEPTH} scopes");
    match place {
        Some((text, position)) => ScopeParseError::at(Kind::TooDeep, text, position, &reason),
        None => ScopeParseError::whole(Kind::TooDeep, reason),
    }
}

fn cycle(path: &[&str], name: &str) -> ScopeParseError {
    let start = path.iter().position(|&on_path| on_path == name).unwrap_or(0);
    let mut way: Vec<&str> = path.iter().skip(start).take(10).copied().collect();
    way.push(name);
    ScopeParseError::whole(Kind::Cycle, format!("a scope depends on itself: {}", way.join(" -> ")))
}
