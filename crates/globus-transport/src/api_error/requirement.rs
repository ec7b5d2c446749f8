//! [`AuthRequirement`]: one model for every form in which services ask for a new login.

use globus_auth_core::LoginDemand;
use serde_json::{Map, Value};

use super::{AuthorizationParameters, SubError, parameters};

/// A service's demand for another login, before it carries the request out: a consent, an identity, a policy, a
/// second factor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthRequirement {
    /// Its code, such as `ConsentRequired` or `AuthorizationRequired`.
    pub code: String,
    /// What the login must satisfy.
    pub authorization_parameters: AuthorizationParameters,
    /// The other fields of the document, such as `message` or `resource`.
    pub extra: Map<String, Value>,
}

const PARAMETERS: &str = "authorization_parameters";
const CONSENT: &str = "ConsentRequired";

impl AuthRequirement {
    /// Reads a document: one that an error or a stored reason (of a timer, a flow run, a task) holds. Nothing when it is none,
    /// or when a field has the wrong type. [`AuthRequirement::all_in`] finds those that lie deeper as well.
    pub fn from_json(document: &Value) -> Option<Self> {
        from_fields(document.as_object()?)
    }

    /// The document as the services write it today.
    pub fn to_json(&self) -> Value {
        let mut document = self.extra.clone();
        document.insert("code".to_owned(), self.code.clone().into());
        document.insert(PARAMETERS.to_owned(), self.authorization_parameters.to_json().into());
        document.into()
    }

    /// The same for those who log somebody in.
    pub fn login_demand(&self) -> LoginDemand {
        let asked = &self.authorization_parameters;
        let list = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
        let mut demand = LoginDemand::default();
        demand.required_scopes = list(&asked.required_scopes);
        demand.session_required_identities = list(&asked.session_required_identities);
        demand.session_required_single_domain = list(&asked.session_required_single_domain);
        demand.session_required_policies = list(&asked.session_required_policies);
        demand.session_required_mfa = asked.session_required_mfa;
        demand.session_message.clone_from(&asked.session_message);
        demand.prompt.clone_from(&asked.prompt);
        demand
    }

    /// What to do, as the end of a sentence.
    pub(crate) fn advice(&self) -> String {
        let asked = &self.authorization_parameters;
        let mut needs = Vec::new();
        let mut list = |what: &str, list: &Option<Vec<String>>| {
            if let Some(list) = list.as_ref().filter(|list| !list.is_empty()) {
                needs.push(format!("{what} {}", list.join(" ")));
            }
        };
        list("with consent to", &asked.required_scopes);
        list("as one of", &asked.session_required_identities);
        list("with an identity of", &asked.session_required_single_domain);
        list("under the policies", &asked.session_required_policies);
        if asked.session_required_mfa == Some(true) {
            needs.push("with a second factor".to_owned());
        }
        format!("log in again {}", needs.join(", ")).trim_end().to_owned()
    }
}

pub(super) fn from_fields(fields: &Map<String, Value>) -> Option<AuthRequirement> {
    from_parameters(fields)
        .or_else(|| from_required_scopes(fields))
        .or_else(|| from_required_scope(fields))
        .or_else(|| from_dependent_consent(fields))
}

/// `code` and `authorization_parameters`; the code may be missing in an older form.
fn from_parameters(fields: &Map<String, Value>) -> Option<AuthRequirement> {
    let parameters = AuthorizationParameters::strict(fields.get(PARAMETERS)?.as_object()?)?;
    let code = match fields.get("code") {
        None | Some(Value::Null) => "AuthorizationRequired",
        Some(code) => code.as_str()?,
    };
    Some(requirement(code, parameters, fields, &[]))
}

/// Transfer's: `ConsentRequired` with `required_scopes`.
fn from_required_scopes(fields: &Map<String, Value>) -> Option<AuthRequirement> {
    let scopes = parameters::strings(consent(fields)?.get("required_scopes"))?;
    Some(requirement(CONSENT, wants(fields, "message", scopes), fields, &["required_scopes"]))
}

/// An older one: `ConsentRequired` with a single `required_scope`.
fn from_required_scope(fields: &Map<String, Value>) -> Option<AuthRequirement> {
    let scope = consent(fields)?.get("required_scope")?.as_str()?;
    Some(requirement(
        CONSENT,
        wants(fields, "description", vec![scope.to_owned()]),
        fields,
        &["required_scope"],
    ))
}

/// Auth's, from a dependent token grant.
fn from_dependent_consent(fields: &Map<String, Value>) -> Option<AuthRequirement> {
    if fields.get("error")?.as_str()? != "dependent_consent_required" {
        return None;
    }
    let scopes = parameters::strings(fields.get("errors")?.get(0)?.get("unapproved_scopes"))?;
    let parameters = AuthorizationParameters { required_scopes: Some(scopes), ..Default::default() };
    Some(AuthRequirement {
        code: CONSENT.to_owned(),
        authorization_parameters: parameters,
        extra: Map::new(),
    })
}

fn consent(fields: &Map<String, Value>) -> Option<&Map<String, Value>> {
    (fields.get("code")?.as_str()? == CONSENT).then_some(fields)
}

fn wants(fields: &Map<String, Value>, message: &str, scopes: Vec<String>) -> AuthorizationParameters {
    AuthorizationParameters {
        session_message: fields.get(message).and_then(Value::as_str).map(str::to_owned),
        required_scopes: Some(scopes),
        ..Default::default()
    }
}

fn requirement(
    code: &str,
    authorization_parameters: AuthorizationParameters,
    fields: &Map<String, Value>,
    read: &[&str],
) -> AuthRequirement {
    // `code` and the parameters are written anew; an older form may have had one of another type.
    let known = |name: &str| name == "code" || name == PARAMETERS || read.contains(&name);
    let extra = fields.iter().filter(|(name, _)| !known(name));
    AuthRequirement {
        code: code.to_owned(),
        authorization_parameters,
        extra: extra.map(|(name, value)| (name.clone(), value.clone())).collect(),
    }
}

/// More than any service asks for. Each is compared with all before it.
const MOST: usize = 100;

/// Every requirement in the body, its nested documents and its list of errors, each once, up to [`MOST`].
pub(super) fn all(body: Option<&Value>, errors: &[SubError]) -> Vec<AuthRequirement> {
    let whole = body.and_then(Value::as_object);
    let nested = ["detail", "error"].iter().filter_map(|field| whole?.get(*field)?.as_object());
    let listed = errors.iter().map(|error| &error.raw);
    let mut found = Vec::new();
    for requirement in whole.into_iter().chain(nested).chain(listed).filter_map(from_fields) {
        add(&mut found, requirement);
    }
    found
}

/// Adds a requirement, unless it is known, or there are [`MOST`] already.
pub(super) fn add(found: &mut Vec<AuthRequirement>, requirement: AuthRequirement) {
    // The same demand is often written at the top and in the list, with other words around it.
    let known = found.iter().any(|known| {
        known.code == requirement.code
            && known.authorization_parameters == requirement.authorization_parameters
    });
    if !known && found.len() < MOST {
        found.push(requirement);
    }
}

pub(super) fn merged(requirements: Vec<AuthRequirement>) -> Option<AuthRequirement> {
    let mut merged = requirements.into_iter().reduce(|mut merged, next| {
        merged.authorization_parameters.merge(next.authorization_parameters);
        for (name, value) in next.extra {
            merged.extra.entry(name).or_insert(value);
        }
        merged
    })?;
    merged.authorization_parameters.forget_repetitions();
    Some(merged)
}
