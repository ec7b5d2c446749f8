//! Reading what the browser brings back (RFC 6749, section 4.1.2).

use super::{LoginError, LoginErrorKind as Kind};
use crate::{Printable, Secret};

/// Longer than any real one. Browsers and proxies end at less.
const MAX_CALLBACK: usize = 64 * 1024;
const MAX_SHOWN: usize = 300;

/// The code in `callback`, which is a URL or its query, if it carries `state` and no error.
pub(super) fn read_code(callback: &str, state: &Secret) -> Result<Secret, LoginError> {
    if callback.len() > MAX_CALLBACK {
        return Err(LoginError::new(Kind::InvalidCallback, "the callback of the login is too long"));
    }
    let callback = Callback::read(query_of(callback.trim()))?;
    // The state comes first: without it, nothing in the callback is to be believed, an error included.
    match callback.state {
        None => {
            return Err(LoginError::new(
                Kind::StateMismatch,
                "the callback of the login carries no state; use the link of this login",
            ));
        }
        Some(found) if found != *state => {
            return Err(LoginError::new(
                Kind::StateMismatch,
                "the callback belongs to another login: its state differs; use the link of this login",
            ));
        }
        Some(_) => {}
    }
    if let Some(error) = callback.error {
        return Err(LoginError::denied(printable(&error), callback.description.as_deref().map(printable)));
    }
    callback
        .code
        .filter(|code| !code.is_empty())
        .ok_or_else(|| LoginError::new(Kind::MissingCode, "the callback of the login carries no code"))
}

/// A URL's query, without its fragment. A text without `?` is a query already, and so is one that has parameters before it.
fn query_of(callback: &str) -> &str {
    let url = callback.split_once('?').filter(|(before, _)| before.contains(':') || !before.contains('='));
    let query = url.map_or(callback, |(_, query)| query);
    query.split_once('#').map_or(query, |(query, _)| query)
}

#[derive(Default)]
struct Callback {
    code: Option<Secret>,
    state: Option<Secret>,
    error: Option<String>,
    description: Option<String>,
}

impl Callback {
    /// Parameters are never repeated (RFC 6749, section 3.1); others than these are no concern of ours.
    fn read(query: &str) -> Result<Self, LoginError> {
        let mut callback = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let repeated = match name.as_ref() {
                "code" => callback.code.replace(Secret::new(value)).is_some(),
                "state" => callback.state.replace(Secret::new(value)).is_some(),
                "error" => callback.error.replace(value.into_owned()).is_some(),
                "error_description" => callback.description.replace(value.into_owned()).is_some(),
                _ => false,
            };
            if repeated {
                return Err(LoginError::new(
                    Kind::InvalidCallback,
                    format!("the callback of the login repeats `{name}`"),
                ));
            }
        }
        Ok(callback)
    }
}

fn printable(text: &str) -> String {
    Printable::new(text).at_most(MAX_SHOWN).to_string()
}
