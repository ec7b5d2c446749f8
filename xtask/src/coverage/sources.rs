//! What the sources have: the public methods of the clients, the table of the contract test, and the tests.

use std::fs;
use std::path::Path;

use super::vectors::Recorded;
use crate::failure::{Failure, Outcome};

/// Methods that make or look at a value and send nothing.
const NOT_CALLS: [&str; 8] =
    ["new", "builder", "base_url", "client", "client_id", "request", "len", "is_empty"];

/// The test that the recorded calls are for.
const CONTRACT: &str = "contract";

/// What a method's documentation has.
const LINK: &str = "](https://";

#[derive(Debug, Default)]
pub(super) struct Sources {
    methods: Vec<PublicMethod>,
    /// The text of the tables that say how each recorded method is called.
    tables: String,
    /// The text of all tests.
    tests: String,
}

/// A public method, in the `impl` of a type or in a macro that makes it for some.
#[derive(Debug, PartialEq)]
struct PublicMethod {
    /// The type; nothing in a macro.
    client: Option<String>,
    name: String,
    place: String,
    has_link: bool,
}

impl Sources {
    pub(super) fn read(root: &Path) -> Outcome<Self> {
        let services = root.join("crates/globus-services");
        let mut sources = Self::default();
        for service in ["auth", "groups", "transfer"] {
            each_file(&services.join("src").join(service), &mut |path, text| {
                let place = path.strip_prefix(root).unwrap_or(path).display().to_string();
                sources.methods.extend(methods(&place, text));
                sources.tests.push_str(text);
            })?;
        }
        each_file(&services.join("tests/contract/methods"), &mut |_, text| sources.tables.push_str(text))?;
        for folder in ["crates/globus-services/tests/it", "crates/globus-sdk/tests"] {
            each_file(&root.join(folder), &mut |_, text| sources.tests.push_str(text))?;
        }
        Ok(sources)
    }

    /// The methods of the clients. Macros that make other things have nothing that is recorded.
    fn calls<'a>(&'a self, recorded: &'a Recorded) -> impl Iterator<Item = &'a PublicMethod> {
        let is_client = |client: &str| recorded.methods.iter().any(|method| method.client == client);
        let named = |name: &str| recorded.methods.iter().any(|method| method.name == name);
        let of_clients = move |place: &str| {
            let here = self.methods.iter().filter(|method| method.client.is_none() && method.place == place);
            here.filter(|method| named(&method.name)).count() > 0
        };
        self.methods.iter().filter(move |method| {
            let is_call = !NOT_CALLS.contains(&&*method.name);
            is_call
                && method
                    .client
                    .as_ref()
                    .map_or_else(|| of_clients(&method.place), |client| is_client(client))
        })
    }

    /// What is not covered, and what covers nothing.
    pub(super) fn violations(&self, recorded: &Recorded, others: &[(&str, &str, &str)]) -> Vec<String> {
        let mut wrong = Vec::new();
        let is_other = |client: Option<&str>, name: &str| {
            others
                .iter()
                .any(|(whose, other, _)| client.is_none_or(|client| client == *whose) && *other == name)
        };
        for PublicMethod { client, name, place, has_link } in self.calls(recorded) {
            let covered = match client {
                Some(client) => recorded.has(client, name),
                // Which types have it, the macro says; some does.
                None => recorded.methods.iter().any(|method| method.name == *name),
            };
            if !covered && !is_other(client.as_deref(), name) {
                wrong.push(format!("{place}: `{name}` has no recorded case"));
            }
            if !has_link {
                wrong.push(format!("{place}: `{name}` does not link to the documentation of what it does"));
            }
        }
        for method in &recorded.methods {
            // A table's line is `("name", …)`; a long one is broken before the name.
            let name = format!("\"{}\",", method.name);
            let begins = [format!("({name}"), format!("(\n        {name}")];
            if !begins.iter().any(|begin| self.tables.contains(begin)) {
                wrong.push(format!(
                    "{}.{} is recorded, but there is no such method",
                    method.client, method.name
                ));
            }
            if method.cases == 0 {
                wrong.push(format!("{}.{} is recorded without a case", method.client, method.name));
            }
        }
        for (client, method, test) in others {
            let is_its = |known: &PublicMethod| known.client.as_deref().is_none_or(|whose| whose == *client);
            if !self.methods.iter().any(|known| is_its(known) && known.name == *method) {
                wrong.push(format!("there is no method {client}.{method}"));
            }
            if *test != CONTRACT && !self.tests.contains(&format!("fn {test}(")) {
                wrong.push(format!("there is no test `{test}` of {client}.{method}"));
            }
        }
        wrong
    }
}

/// The public methods in a file. Formatted as all files are: what is within an `impl` or a macro is further in.
fn methods(place: &str, text: &str) -> Vec<PublicMethod> {
    let mut found = Vec::new();
    let mut within = None;
    let mut docs = String::new();
    for line in text.lines() {
        let inner = line.trim_start();
        if let Some(doc) = inner.strip_prefix("///") {
            docs.push_str(doc);
            continue;
        }
        if !line.starts_with([' ', '}', '\n']) && !line.is_empty() {
            let name = line.strip_prefix("impl ").and_then(|rest| rest.strip_suffix(" {"));
            within = match name {
                Some(name) if !name.contains(' ') => Some(Some(name.to_owned())),
                _ if line.starts_with("macro_rules! ") => Some(None),
                _ => None,
            };
        }
        if let (Some(name), Some(client)) = (public(inner), &within) {
            let method = PublicMethod {
                client: client.clone(),
                name: name.to_owned(),
                place: place.to_owned(),
                has_link: docs.contains(LINK),
            };
            found.push(method);
        }
        if !inner.starts_with("#[") && !inner.starts_with("$(#[") {
            docs.clear();
        }
    }
    found
}

/// The name of a method whose declaration the line begins. Names that a macro is given have a `$`.
fn public(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let rest = rest.strip_prefix("async ").or_else(|| rest.strip_prefix("const ")).unwrap_or(rest);
    let name = rest.strip_prefix("fn ")?.split(['(', '<']).next()?;
    (!name.starts_with('$')).then_some(name)
}

/// Reads the Rust files below `folder`.
fn each_file(folder: &Path, with: &mut impl FnMut(&Path, &str)) -> Outcome {
    let doing = || Failure::while_doing(format!("reading {}", folder.display()));
    let entries = fs::read_dir(folder).map_err(doing())?;
    let mut paths: Vec<_> =
        entries.map(|entry| Ok(entry.map_err(doing())?.path())).collect::<Outcome<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            each_file(&path, with)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            with(&path, &fs::read_to_string(&path).map_err(doing())?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
