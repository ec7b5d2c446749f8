//! [`Layer`]: what a crate may use, and what it must not.

use super::rules;
use super::tree::Tree;
use super::violation::Violation;
use crate::failure::Outcome;

/// The rule for one crate.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    name: &'static str,
    above: Vec<&'static str>,
    never: Vec<(&'static str, &'static str)>,
}

impl Layer {
    pub(super) fn of(name: &'static str) -> Self {
        Self { name, above: Vec::new(), never: Vec::new() }
    }

    /// The crates of the workspace that it may use. It may use no others.
    pub(super) fn above(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.above.extend(names);
        self
    }

    /// Packages that are nowhere in its tree, and why.
    pub(super) fn never(mut self, names: impl IntoIterator<Item = &'static str>, why: &'static str) -> Self {
        self.never.extend(names.into_iter().map(|name| (name, why)));
        self
    }

    /// What is wrong with `tree`, in a workspace of `members`.
    fn violations(&self, tree: &Tree, members: &[String]) -> Vec<Violation> {
        let order = if self.above.is_empty() {
            "it shares no code with the other crates".to_owned()
        } else {
            format!("it stands above {}, and nothing else", self.above.join(", "))
        };
        let strangers = members
            .iter()
            .filter(|member| !self.above.contains(&member.as_str()))
            .map(|member| (member.as_str(), order.clone()));
        let banned = self.never.iter().map(|(name, why)| (*name, (*why).to_owned()));
        let wrong = strangers.chain(banned);
        wrong
            .filter_map(|(name, why)| {
                let path = tree.path_to(name)?;
                Some(Violation::new(self.name, format!("depends on {name} ({})", path.join(" → ")), why))
            })
            .collect()
    }
}

/// Every crate, with all its features, on every platform: fewer features can only bring less.
pub(super) fn check(members: &[String]) -> Outcome<Vec<Violation>> {
    let layers = rules::layers();
    let mut violations = unruled(&layers, members);
    for layer in layers.iter().filter(|layer| members.iter().any(|member| member == layer.name)) {
        let tree = Tree::of(layer.name, &["-e", "normal", "--all-features", "--target", "all"])?;
        violations.extend(layer.violations(&tree, members));
    }
    println!("  {} crates", members.len());
    Ok(violations)
}

/// A crate without a rule, and a rule without a crate.
fn unruled(layers: &[Layer], members: &[String]) -> Vec<Violation> {
    let new = members.iter().filter(|member| layers.iter().all(|layer| layer.name != member.as_str()));
    let new = new.map(|name| Violation::new(name, "has no layer", "give it one in xtask/src/check/rules.rs"));
    let gone = layers.iter().filter(|layer| members.iter().all(|member| layer.name != member.as_str()));
    let gone = gone.map(|layer| {
        Violation::new(
            layer.name,
            "has a layer and does not exist",
            "a rule that is not checked is worth nothing",
        )
    });
    new.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [&str; 3] = ["globus-auth-core", "globus-tokenstorage", "globus-transport"];

    fn violations(tree: &str) -> Vec<String> {
        let layer = Layer::of("globus-tokenstorage")
            .above(["globus-auth-core"])
            .never(["reqwest", "mio"], "no HTTP here");
        let members = MEMBERS.map(str::to_owned);
        let found = layer.violations(&Tree::parse(tree).unwrap(), &members);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_tree_within_its_layer_passes() {
        assert!(
            violations(
                "0globus-tokenstorage v0.1.0\n1globus-auth-core v0.1.0\n2serde v1.0.0\n1tokio v1.54.0\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_planted_edge_is_found_and_explained() {
        let tree = "0globus-tokenstorage v0.1.0\n1globus-transport v0.1.0\n2globus-auth-core v0.1.0\n2reqwest v0.13.5\n";
        assert_eq!(
            violations(tree),
            [
                "globus-tokenstorage: depends on globus-transport (globus-tokenstorage → globus-transport); \
                 it stands above globus-auth-core, and nothing else",
                "globus-tokenstorage: depends on reqwest (globus-tokenstorage → globus-transport → reqwest); no HTTP here",
            ]
        );
    }

    #[test]
    fn a_dependency_of_a_dependency_is_found() {
        let found = violations("0globus-tokenstorage v0.1.0\n1tokio v1.54.0\n2mio v1.0.0\n");
        assert_eq!(
            found,
            ["globus-tokenstorage: depends on mio (globus-tokenstorage → tokio → mio); no HTTP here"]
        );
    }

    #[test]
    fn a_crate_without_a_rule_and_a_rule_without_a_crate_are_found() {
        let layers = [Layer::of("globus-auth-core"), Layer::of("globus-gone")];
        let found = unruled(&layers, &["globus-auth-core".to_owned(), "globus-new".to_owned()]);
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["globus-new", "globus-gone"]);
    }

    #[test]
    fn the_layers_are_in_order() {
        let layers = rules::layers();
        for (index, layer) in layers.iter().enumerate() {
            for below in &layer.above {
                let position = layers.iter().position(|other| other.name == *below);
                assert!(position.is_some_and(|position| position < index), "{} above {below}", layer.name);
            }
        }
    }
}
