use std::collections::BTreeMap;

use globus_auth_core::scopes::{
    AUTH, COMPUTE, Consent, ConsentForest, FLOWS, GROUPS, NEXUS, SEARCH, Scope, ScopeParseErrorKind as Kind,
    Scopes, TIMERS, TRANSFER, gcs, specific_flow,
};
use serde_json::{Value, json};

use crate::contract;

fn error(text: &str) -> globus_auth_core::scopes::ScopeParseError {
    Scopes::parse(text).unwrap_err()
}

/// What the constants say, in the form of a service file.
fn named() -> BTreeMap<&'static str, Value> {
    macro_rules! services {
        ($($name:literal: $scopes:expr),+) => {
            BTreeMap::from([$(($name, json!({
                "resource_server": $scopes.resource_server,
                "default_scopes": $scopes.default_scopes,
                "scopes": $scopes.iter().collect::<BTreeMap<_, _>>(),
            }))),+])
        };
    }
    services! {
        "auth": AUTH, "transfer": TRANSFER, "groups": GROUPS, "search": SEARCH, "flows": FLOWS, "timers": TIMERS,
        "compute": COMPUTE
    }
}

#[test]
fn the_named_scopes_are_those_of_the_services() {
    if contract::folder().is_none() {
        let committed: Value = serde_json::from_str(include_str!("fixtures/named-scopes.json")).unwrap();
        assert_eq!(json!(named()), committed);
        return;
    }
    for (service, expected) in named() {
        let file = contract::read(&format!("{service}.json"), "").unwrap();
        for field in ["resource_server", "default_scopes", "scopes"] {
            assert_eq!(expected[field], file[field], "{field} of {service}");
        }
    }
    let groups = contract::read("groups.json", "").unwrap();
    assert_eq!(groups["nexus"]["resource_server"], NEXUS.resource_server);
    assert_eq!(groups["nexus"]["scopes"], json!(NEXUS.iter().collect::<BTreeMap<_, _>>()));
    let flow = &contract::read("flows.json", "").unwrap()["specific_flow"];
    let user = specific_flow::user(flow["flow_id"].as_str().unwrap()).unwrap();
    assert_eq!(flow["scopes"]["user"], user.name());
    let example = &contract::read("gcs.json", "").unwrap()["scopes"]["example"];
    let id = example["https"].as_str().unwrap().split('/').nth_back(1).unwrap();
    assert_eq!(example["https"], gcs::https(id).unwrap().name());
    assert_eq!(example["data_access"], gcs::data_access(id).unwrap().name());
}

#[test]
fn scopes_of_one_collection_endpoint_or_flow_hold_its_id() {
    let id = "0b3f1d2c-5a77-4a39-8f0e-6a1c2d3e4f50";
    assert_eq!(
        [gcs::data_access(id), gcs::https(id), gcs::manage_collections(id), specific_flow::user(id)]
            .map(|scope| scope.unwrap().to_string()),
        [
            format!("https://auth.globus.org/scopes/{id}/data_access"),
            format!("https://auth.globus.org/scopes/{id}/https"),
            format!("urn:globus:auth:scope:{id}:manage_collections"),
            format!("https://auth.globus.org/scopes/{id}/flow_0b3f1d2c_5a77_4a39_8f0e_6a1c2d3e4f50_user"),
        ]
    );
    assert_eq!(NEXUS.groups, "urn:globus:auth:scope:nexus.api.globus.org:groups");
    assert_eq!((NEXUS.resource_server, NEXUS.default_scopes), ("nexus.api.globus.org", [].as_slice()));
}

#[test]
fn an_id_from_outside_cannot_become_another_scope() {
    for id in ["", "a b", "a/../b", "a[b]", "*", "a\nb", "ä"] {
        for scope in
            [gcs::data_access(id), gcs::https(id), gcs::manage_collections(id), specific_flow::user(id)]
        {
            assert_eq!(scope.unwrap_err().kind(), Kind::InvalidCharacter, "{id}");
        }
    }
}

#[test]
fn an_error_says_where_and_why() {
    for (text, kind, position, says) in [
        ("foo bar*", Kind::UnexpectedAsterisk, 7, r#"`*` stands before a scope, after a space, before "*""#),
        ("foo * bar", Kind::MissingName, 5, r#"`*` is followed by the scope that it marks, before " bar""#),
        ("foo [bar]", Kind::MissingName, 4, "without a space"),
        ("foo[]", Kind::EmptyBrackets, 4, "at least one scope"),
        ("foo[bar", Kind::Unbalanced, 3, "has no `]`"),
        ("foo]", Kind::Unbalanced, 3, "has no `[`"),
        ("foo[bar]baz", Kind::MissingSpace, 8, "followed by a space"),
        ("föö\tbar", Kind::InvalidCharacter, 5, r#"before "\tbar""#),
        ("a\u{a0}b", Kind::InvalidCharacter, 1, "no whitespace"),
        ("*\tb", Kind::InvalidCharacter, 1, "no whitespace"),
        ("a[b] *", Kind::MissingName, 6, "at the end"),
    ] {
        let err = error(text);
        assert_eq!((err.kind(), err.position()), (kind, Some(position)), "{text}: {err}");
        assert!(err.to_string().contains(says), "{err}");
    }
    assert_eq!(
        error("a[b[c[a]]]").to_string(),
        "the scope is not valid: a scope depends on itself: a -> b -> c -> a"
    );
    assert_eq!(Scope::parse(" ").unwrap_err().kind(), Kind::Empty);
    assert_eq!(Scope::parse("a b").unwrap_err().kind(), Kind::NotOne);
}

#[test]
fn no_nesting_exhausts_the_stack() {
    assert_eq!(error(&"[".repeat(100_000)).kind(), Kind::MissingName);
    assert_eq!(error(&"a[".repeat(100_000)).kind(), Kind::TooDeep);
    let deep: String = (0..50_000).map(|n| format!("s{n}[")).collect();
    assert_eq!(error(&deep).kind(), Kind::TooDeep);
    // Written side by side, and deep only once they are merged.
    let chain: String = (0..50_000).map(|n| format!("s{n}[s{}] ", n + 1)).collect();
    assert_eq!(error(&chain).kind(), Kind::TooDeep);
    let nested = |levels: usize| -> String {
        let open: String = (1..levels).map(|n| format!("s{n}[")).collect();
        format!("{open}end{}", "]".repeat(levels - 1))
    };
    assert_eq!(Scopes::parse(&nested(100)).unwrap().to_string(), nested(100));
    assert_eq!(error(&nested(101)).kind(), Kind::TooDeep);
}

#[test]
fn a_tree_built_deeper_than_the_stack_can_be_used_and_dropped() {
    let mut scope = Scope::new("s").unwrap();
    for level in 0..100_000 {
        scope = Scope::new(format!("s{level}")).unwrap().with_dependency(scope);
    }
    let copy = scope.clone();
    assert!(copy == scope);
    assert_eq!(copy.to_string(), format!("{scope}"));
    assert!(format!("{copy:?}").len() > 100_000);
    assert_eq!(Scopes::from_trees([&copy]).unwrap_err().kind(), Kind::TooDeep);
}

#[test]
fn what_would_multiply_without_end_is_refused() {
    // Each depends twice on the next: 2^60 scopes when written out.
    let text: String = (0..60).map(|n| format!("a{n}[a{0} b{0}] b{n}[a{0} b{0}] ", n + 1)).collect();
    assert_eq!(error(&text).kind(), Kind::TooLarge);
}

#[test]
fn a_tree_stays_as_it_is_built_until_it_is_merged() {
    let new = |name| Scope::new(name).unwrap();
    let built = new("a").with_dependencies([new("c"), new("b").with_optional(true), new("b"), new("c")]);
    assert_eq!(built.to_string(), "a[b *b c]");
    assert_eq!(Scopes::from_trees([&built]).unwrap().to_string(), "a[b c]");
    let twice = new("x").with_dependency(new("x"));
    assert_eq!(Scopes::from_trees([&twice]).unwrap_err().kind(), Kind::Cycle);
    assert_eq!(built.clone().with_optional(true).with_optional(false), built);
}

#[test]
fn the_order_of_writing_does_not_count() {
    assert_eq!(Scopes::parse("b[d c] a").unwrap(), Scopes::parse("a b[c d]").unwrap());
    let names: Vec<String> = Scopes::parse("b a *a").unwrap().iter().map(Scope::to_string).collect();
    assert_eq!(names, ["a", "*a", "b"]);
}

#[test]
fn consents_are_walked_from_their_roots() {
    let forest = ConsentForest::new([
        Consent::new(7, vec![2, 7], "c"),
        Consent::new(2, vec![2], "a"),
        Consent::new(1, vec![1], "b"),
        Consent::new(5, vec![2, 5], "d"),
        Consent::new(9, vec![2, 5, 9], "e"),
    ]);
    let ids = |consents: Vec<&Consent>| consents.iter().map(|consent| consent.id).collect::<Vec<_>>();
    assert_eq!(ids(forest.roots().collect()), [1, 2]);
    assert_eq!(ids(forest.children(2).collect()), [5, 7]);
    assert_eq!(forest.edges().collect::<Vec<_>>(), [(2, 5), (2, 7), (5, 9)]);
    assert_eq!(forest.get(9).unwrap().scope_name, "e");
    assert!(forest.get(3).is_none() && forest.children(3).next().is_none());
}

#[test]
fn consents_that_make_no_tree_count_for_nothing() {
    let consent = Consent::new;
    let forest = ConsentForest::new([
        consent(1, vec![2, 1], "a"),
        consent(2, vec![1, 2], "b"),
        consent(3, vec![], "c"),
        consent(4, vec![4], "d"),
        consent(5, vec![4, 5], "b"),
        consent(5, vec![4, 5], "e"),
    ]);
    let meets = |text: &str| forest.meets(&Scopes::parse(text).unwrap());
    assert!(!meets("a") && !meets("b") && !meets("a[b]") && !meets("d[b]"));
    assert!(meets("d[e]") && meets(""));
    let wanted = Scopes::parse("d[e] d[*x] c").unwrap();
    let missing: Vec<String> = forest.missing(&wanted).map(Scope::to_string).collect();
    assert_eq!(missing, ["d[e *x]"]);
}
