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
    created: i64,
    updated: i64,
}

/// Who gave a consent to whom, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Giver<'a> {
    pub(crate) client: &'a str,
    pub(crate) identity: &'a str,
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
        for name in registry.get(&scope.name).map(|record| record.dependencies.clone()).unwrap_or_default() {
            if !scope.dependencies.iter().any(|asked| asked.name == name) {
                let dependency = Scope { name, optional: false, dependencies: Vec::new() };
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
            created: giver.now,
            updated: giver.now,
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

    pub(crate) fn forget_client(&mut self, client: &str) {
        self.given.retain(|_, consent| consent.client != client);
    }

    /// The consents of an identity, of one client or of all.
    pub(crate) fn documents(&self, registry: &Registry, identity: &str, client: Option<&str>) -> Vec<Value> {
        self.given
            .values()
            .filter(|consent| consent.identity == identity)
            .filter(|consent| client.is_none_or(|client| consent.client == client))
            .map(|consent| {
                let name = consent.scopes.last().map(String::as_str).unwrap_or_default();
                json!({
                    "id": consent.id,
                    "client": consent.client,
                    "scope": registry.get(name).map(|record| record.id.clone()),
                    "scope_name": name,
                    "effective_identity": consent.identity,
                    "dependency_path": consent.path,
                    "created": rfc3339(consent.created),
                    "updated": rfc3339(consent.updated),
                    "last_used": rfc3339(consent.updated),
                    "status": "approved",
                    "allows_refresh": true,
                    "auto_approved": false,
                    "atomically_revocable": consent.optional,
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
        let giver = Giver { client: "c", identity: "i", now: 0 };
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
            consents.give(&registry, Giver { client: "c", identity: "i", now }, &parse("openid").unwrap());
        }
        assert_eq!(consents.documents(&registry, "i", Some("c")).len(), 1);
    }
}
