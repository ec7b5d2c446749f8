//! How many packages a user has to build.

use super::rules;
use super::tree::Tree;
use super::violation::Violation;
use crate::failure::Outcome;

pub(super) fn check(_members: &[String]) -> Outcome<Vec<Violation>> {
    let mut violations = Vec::new();
    for (package, budget) in rules::BUDGETS {
        let count = Tree::of(package, &["-e", "normal"])?.len();
        println!("  {package}: {count} packages with default features, at most {budget}");
        violations.extend(over(package, count, budget));
    }
    Ok(violations)
}

fn over(package: &str, count: usize, budget: usize) -> Option<Violation> {
    (count > budget).then(|| {
        let what = format!("has {count} packages in its tree, {} too many", count - budget);
        Violation::new(package, what, "a small tree and a short build are features")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_itself_is_allowed() {
        assert_eq!(over("a", 30, 30), None);
        assert!(over("a", 31, 30).unwrap().to_string().contains("31 packages in its tree, 1 too many"));
    }
}
