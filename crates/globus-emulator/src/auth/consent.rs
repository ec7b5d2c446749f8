//! What users have allowed clients to do, as trees of scopes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::registry::Registry;
use super::scope::Scope;
use crate::clock::rfc3339;
use crate::store::{Table, tables};

/// One node of a consent tree.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Consent {
    id: u32,
    client: String,
    identity: String,
    /// The scopes from the root to this node.
    scopes: Vec<String>,
    /// The ids of the nodes from the root to this one.
    path: Vec<u32>,
    optional: bool,
    /// What the user calls it, where the program asked for a name.
    label: Option<String>,
    created: i64,
    updated: i64,
    last_used: i64,
}

/// Who gave a consent to whom, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Giver<'a> {
    pub(crate) client: &'a str,
    pub(crate) identity: &'a str,
    pub(crate) label: Option<&'a str>,
    pub(crate) now: i64,
}

tables! {
    /// All consents. They belong to a client and an identity, not to a token.
    pub(crate) struct Consents {
        /// By id, written so that the texts are in the order of the numbers.
        given: Table<Consent>,
    }
}

/// Registered dependencies could form a circle.
const DEEPEST: usize = 8;

impl Consents {
    /// Records consent to the scopes, what they were asked with, and what they always bring along.
    pub(crate) fn give(&mut self, registry: &Registry, giver: Giver<'_>, scopes: &[Scope]) {
        for scope in scopes {
            self.give_below(registry, giver, scope, &[], &[]);
        }
    }

    fn give_below(
        &mut self,
        registry: &Registry,
        giver: Giver<'_>,
        scope: &Scope,
        above: &[String],
        ids: &[u32],
    ) {
        if above.len() >= DEEPEST || above.contains(&scope.name) {
            return;
        }
        let mut scopes = above.to_vec();
        scopes.push(scope.name.clone());
        let path = self.node(giver, &scopes, ids, scope.optional);
        for dependency in &scope.dependencies {
            self.give_below(registry, giver, dependency, &scopes, &path);
        }
        for along in registry.get(&scope.name).map(|record| record.dependencies.clone()).unwrap_or_default() {
            // What is optional is allowed only when it is asked for.
            if !along.optional && !scope.dependencies.iter().any(|asked| asked.name == along.scope) {
                let dependency = Scope { name: along.scope, optional: false, dependencies: Vec::new() };
                self.give_below(registry, giver, &dependency, &scopes, &path);
            }
        }
    }

    fn node(&mut self, giver: Giver<'_>, scopes: &[String], above: &[u32], optional: bool) -> Vec<u32> {
        let known = self.given.iter().find(|(_, consent)| {
            consent.client == giver.client && consent.identity == giver.identity && consent.scopes == scopes
        });
        let known = known.map(|(key, _)| key.clone());
        if let Some(consent) = known.and_then(|key| self.given.get_mut(&key)) {
            consent.updated = giver.now;
            consent.last_used = giver.now;
            if let Some(label) = giver.label {
                consent.label = Some(label.to_owned());
            }
            return consent.path.clone();
        }
        let id = self.given.last_key_value().map_or(1, |(_, last)| last.id + 1);
        let mut path = above.to_vec();
        path.push(id);
        let consent = Consent {
            id,
            client: giver.client.to_owned(),
            identity: giver.identity.to_owned(),
            scopes: scopes.to_vec(),
            path: path.clone(),
            optional,
            label: giver.label.map(str::to_owned),
            created: giver.now,
            updated: giver.now,
            last_used: giver.now,
        };
        self.given.insert(format!("{id:010}"), consent);
        path
    }

    /// Whether the identity has allowed the client the last scope of the path, reached through the others.
    pub(crate) fn allows(&self, client: &str, identity: &str, path: &[String]) -> bool {
        self.given
            .values()
            .any(|consent| consent.client == client && consent.identity == identity && consent.scopes == path)
    }

    /// The scopes directly below a path.
    pub(crate) fn below(&self, client: &str, identity: &str, path: &[String]) -> Vec<String> {
        self.given
            .values()
            .filter(|consent| consent.client == client && consent.identity == identity)
            .filter_map(|consent| match consent.scopes.split_last() {
                Some((last, above)) if above == path => Some(last.clone()),
                _ => None,
            })
            .collect()
    }

    /// Whether everything that is asked for was allowed before.
    pub(crate) fn cover(&self, client: &str, identity: &str, scopes: &[Scope]) -> bool {
        self.cover_below(client, identity, scopes, &[])
    }

    fn cover_below(&self, client: &str, identity: &str, scopes: &[Scope], above: &[String]) -> bool {
        scopes.iter().all(|scope| {
            let mut path = above.to_vec();
            path.push(scope.name.clone());
            self.allows(client, identity, &path)
                && self.cover_below(client, identity, &scope.dependencies, &path)
        })
    }

    /// Notes that tokens were made from the consents to these scopes. Nobody needs this on disk at once.
    pub(crate) fn use_now(&mut self, client: &str, identity: &str, paths: &[Vec<String>], now: i64) {
        let used: Vec<String> = self
            .given
            .iter()
            .filter(|(_, consent)| {
                consent.client == client && consent.identity == identity && paths.contains(&consent.scopes)
            })
            .map(|(key, _)| key.clone())
            .collect();
        for key in used {
            if let Some(consent) = self.given.get_mut_soon(&key) {
                consent.last_used = now;
            }
        }
    }

    pub(crate) fn forget_client(&mut self, client: &str) {
        self.given.retain(|_, consent| consent.client != client);
    }

    pub(crate) fn forget_scope(&mut self, scope: &str) {
        self.given.retain(|_, consent| !consent.scopes.iter().any(|name| name == scope));
    }

    pub(crate) fn rename_scope(&mut self, from: &str, to: &str) {
        let rename = |consent: &mut Consent| {
            for name in consent.scopes.iter_mut().filter(|name| *name == from) {
                to.clone_into(name);
            }
        };
        self.given.change_where(|consent| consent.scopes.iter().any(|name| name == from), rename);
    }

    /// The consents of an identity, of one client or of all.
    pub(crate) fn documents(&self, registry: &Registry, identity: &str, client: Option<&str>) -> Vec<Value> {
        self.given
            .values()
            .filter(|consent| consent.identity == identity)
            .filter(|consent| client.is_none_or(|client| consent.client == client))
            .map(|consent| {
                let name = consent.scopes.last().map(String::as_str).unwrap_or_default();
                let record = registry.get(name);
                // What is allowed below a scope is allowed to the service that the scope belongs to.
                let above = consent.scopes.iter().rev().nth(1).and_then(|above| registry.get(above));
                json!({
                    "id": consent.id,
                    "client": above.map_or(&consent.client, |above| &above.client),
                    "scope": record.map(|record| record.id.clone()),
                    "scope_name": name,
                    "effective_identity": consent.identity,
                    "dependency_path": consent.path,
                    "created": rfc3339(consent.created),
                    "updated": rfc3339(consent.updated),
                    "last_used": rfc3339(consent.last_used),
                    "status": "approved",
                    "allows_refresh": record.is_none_or(|record| record.allows_refresh_token),
                    "auto_approved": false,
                    "atomically_revocable": consent.optional,
                    "named_grant": consent.label,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scope::parse;
    use super::*;

    #[test]
    fn consent_reaches_what_was_asked_and_what_comes_along() {
        let mut registry = Registry::globus();
        registry.add_resource_server("rs", "Service");
        let mut consents = Consents::default();
        let giver = Giver { client: "c", identity: "i", label: None, now: 0 };
        let all = "https://auth.globus.org/scopes/rs/all";
        consents.give(&registry, giver, &parse(&format!("{all} openid")).unwrap());
        let transfer = super::super::registry::TRANSFER_ALL.to_owned();
        assert!(consents.allows("c", "i", &["openid".to_owned()]));
        assert!(consents.allows("c", "i", &[all.to_owned(), transfer.clone()]));
        assert!(!consents.allows("c", "i", std::slice::from_ref(&transfer)));
        assert!(!consents.allows("d", "i", &["openid".to_owned()]));
        assert_eq!(consents.below("c", "i", &[all.to_owned()]).len(), 2);
    }

    #[test]
    fn consent_given_twice_is_one_consent() {
        let registry = Registry::globus();
        let mut consents = Consents::default();
        for now in [0, 1] {
            consents.give(
                &registry,
                Giver { client: "c", identity: "i", label: None, now },
                &parse("openid").unwrap(),
            );
        }
        assert_eq!(consents.documents(&registry, "i", Some("c")).len(), 1);
    }
}
