//! [`AuthorizationParameters`]: what a new login must satisfy.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// What a new login must satisfy (the `authorization_parameters` of an error). Fields not named by the service are `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AuthorizationParameters {
    /// What to tell the user.
    pub session_message: Option<String>,
    /// One of these identities (ids) must be in the session.
    pub session_required_identities: Option<Vec<String>>,
    /// These policies (ids) must be satisfied.
    pub session_required_policies: Option<Vec<String>>,
    /// An identity of one of these domains must be in the session.
    pub session_required_single_domain: Option<Vec<String>>,
    /// Whether multi-factor authentication is needed.
    pub session_required_mfa: Option<bool>,
    /// These scopes must be consented to.
    pub required_scopes: Option<Vec<String>>,
    /// How to prompt, such as `login`.
    pub prompt: Option<String>,
    /// Everything else that was said.
    pub extra: Map<String, Value>,
}

const MESSAGE: &str = "session_message";
const IDENTITIES: &str = "session_required_identities";
const POLICIES: &str = "session_required_policies";
const DOMAIN: &str = "session_required_single_domain";
const MFA: &str = "session_required_mfa";
const SCOPES: &str = "required_scopes";
const PROMPT: &str = "prompt";
const KNOWN: [&str; 7] = [MESSAGE, IDENTITIES, POLICIES, DOMAIN, MFA, SCOPES, PROMPT];

impl AuthorizationParameters {
    /// Takes the fields that fit and leaves out the others.
    pub(super) fn lenient(fields: &Map<String, Value>) -> Self {
        let field = |name| fields.get(name);
        let text = |name| field(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            session_message: text(MESSAGE),
            session_required_identities: strings(field(IDENTITIES)),
            session_required_policies: strings_or_commas(field(POLICIES)),
            session_required_single_domain: strings_or_commas(field(DOMAIN)),
            session_required_mfa: field(MFA).and_then(Value::as_bool),
            required_scopes: strings(field(SCOPES)),
            prompt: text(PROMPT),
            extra: fields
                .iter()
                .filter(|(name, _)| !KNOWN.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }

    /// The same, or nothing when a field has the wrong type: such a document is something else.
    pub(super) fn strict(fields: &Map<String, Value>) -> Option<Self> {
        let read = Self::lenient(fields);
        let given = |name| fields.get(name).is_some_and(|value| !value.is_null());
        let fits = given(MESSAGE) == read.session_message.is_some()
            && given(IDENTITIES) == read.session_required_identities.is_some()
            && given(POLICIES) == read.session_required_policies.is_some()
            && given(DOMAIN) == read.session_required_single_domain.is_some()
            && given(MFA) == read.session_required_mfa.is_some()
            && given(SCOPES) == read.required_scopes.is_some()
            && given(PROMPT) == read.prompt.is_some();
        fits.then_some(read)
    }

    /// As the service would write it.
    pub fn to_json(&self) -> Map<String, Value> {
        let list = |list: &Option<Vec<String>>| list.clone().map(Value::from);
        let text = |text: &Option<String>| text.clone().map(Value::from);
        let fields = [
            (MESSAGE, text(&self.session_message)),
            (IDENTITIES, list(&self.session_required_identities)),
            (POLICIES, list(&self.session_required_policies)),
            (DOMAIN, list(&self.session_required_single_domain)),
            (MFA, self.session_required_mfa.map(Value::from)),
            (SCOPES, list(&self.required_scopes)),
            (PROMPT, text(&self.prompt)),
        ];
        let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        known.chain(self.extra.clone()).collect()
    }

    /// Adds what `other` asks for. Lists are joined, and of two texts the first stays.
    pub(super) fn merge(&mut self, other: Self) {
        join(&mut self.session_required_identities, other.session_required_identities);
        join(&mut self.session_required_policies, other.session_required_policies);
        join(&mut self.session_required_single_domain, other.session_required_single_domain);
        join(&mut self.required_scopes, other.required_scopes);
        self.session_required_mfa = match (self.session_required_mfa, other.session_required_mfa) {
            (Some(one), Some(two)) => Some(one || two),
            (one, two) => one.or(two),
        };
        self.session_message = self.session_message.take().or(other.session_message);
        self.prompt = self.prompt.take().or(other.prompt);
        for (name, value) in other.extra {
            self.extra.entry(name).or_insert(value);
        }
    }

    /// Keeps each item of a list once: after all are joined, so that long lists take no longer than they must.
    pub(super) fn forget_repetitions(&mut self) {
        let lists = [
            &mut self.session_required_identities,
            &mut self.session_required_policies,
            &mut self.session_required_single_domain,
            &mut self.required_scopes,
        ];
        for list in lists.into_iter().flatten() {
            let mut seen = HashSet::new();
            list.retain(|item| seen.insert(item.clone()));
        }
    }
}

fn join(list: &mut Option<Vec<String>>, more: Option<Vec<String>>) {
    if let Some(more) = more {
        list.get_or_insert_default().extend(more);
    }
}

/// A list of text.
pub(super) fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    value?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A list of text, or text with commas as older services send it.
fn strings_or_commas(value: Option<&Value>) -> Option<Vec<String>> {
    match value?.as_str() {
        Some(text) => {
            Some(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
        }
        None => strings(value),
    }
}
