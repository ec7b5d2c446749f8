//! Lists of routes: the committed one, and the recorded contract.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;

use serde_json::Value;

/// A verb and a path with places for ids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    pub(super) verb: String,
    pub(super) template: String,
}

impl Route {
    /// A path of the route, without the slash at its beginning. No id in it is known.
    pub(super) fn path(&self) -> String {
        let parts = self.template.trim_start_matches('/').split('/');
        let filled = parts
            .map(|part| if part.starts_with('{') { "00000000-0000-4000-8000-000000000000" } else { part });
        filled.collect::<Vec<_>>().join("/")
    }
}

/// A line for each: service, verb, path.
pub(super) fn committed(service: &str) -> BTreeSet<Route> {
    let lines = include_str!("routes.txt").lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let routes: BTreeSet<Route> = lines
        .filter_map(|words| match words[..] {
            [of, verb, template] if of == service => {
                Some(Route { verb: verb.to_owned(), template: template.to_owned() })
            }
            _ => None,
        })
        .collect();
    assert!(!routes.is_empty(), "no routes of {service} are listed");
    routes
}

/// The routes in the recorded contract; `None` when no folder is named.
pub(super) fn recorded(service: &str) -> Option<BTreeSet<Route>> {
    let folder = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty());
    let Some(folder) = folder else {
        println!("GLOBUS_CONTRACT_DIR is not set: only the list beside this test is compared");
        return None;
    };
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join(format!("{service}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let contract: Value = serde_json::from_str(&text).unwrap();
    let methods = contract["methods"].as_array().unwrap().iter();
    let routes = methods.filter_map(|method| {
        Some(Route {
            verb: method["verb"].as_str()?.to_owned(),
            template: method["path_template"].as_str()?.to_owned(),
        })
    });
    Some(routes.collect())
}
