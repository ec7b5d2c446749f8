//! Which tokens are to be used: the rules for stored ones, and for those of a login.

use std::collections::{BTreeMap, BTreeSet};

use globus_auth_core::{OAuthTokenResponse, Scopes, UnixTime};
use globus_authorizers::LEAST_TOKEN_LIFE;
use globus_tokenstorage::TokenData;

use crate::TokenValidationErrorKind as Kind;
use crate::{LoginClient, TokenValidationError};

type Checked = Result<(), TokenValidationError>;
pub(crate) type Entries = BTreeMap<String, TokenData>;

/// Whether a stored entry of a person can be used for `required`. Dependent scopes are another matter: an entry does not say them.
pub(crate) fn entry(
    resource_server: &str,
    entry: Option<&TokenData>,
    required: &Scopes,
    refresh_tokens: bool,
    now: UnixTime,
) -> Checked {
    let wrong = |kind, message| Err(TokenValidationError::new(kind, message).about(resource_server));
    let Some(entry) = entry else {
        return wrong(Kind::MissingToken, format!("no tokens for {resource_server} are stored"));
    };
    match &entry.refresh_token {
        None if refresh_tokens => wrong(
            Kind::MissingRefreshToken,
            format!("no refresh token for {resource_server} is stored, and one is asked for"),
        ),
        None if entry.expires_at.saturating_since(now) < LEAST_TOKEN_LIFE => wrong(
            Kind::ExpiredToken,
            format!("the access token for {resource_server} has ended, and no refresh token is stored"),
        ),
        _ => scopes(resource_server, &entry.scope, required),
    }
}

/// Whether a token allows all of `required`, as far as it says.
fn scopes(resource_server: &str, granted: &str, required: &Scopes) -> Checked {
    let is_missing = |name: &str| granted.split_whitespace().all(|held| held != name);
    let wanted = required.iter().filter(|scope| !scope.is_optional() && is_missing(scope.name()));
    let missing: BTreeSet<&str> = wanted.map(|scope| scope.name()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.into_iter().collect::<Vec<_>>().join(" ");
    let message = format!("the tokens for {resource_server} do not allow {missing}");
    Err(TokenValidationError::new(Kind::UnmetScopeRequirements, message).about(resource_server))
}

/// The person whose the stored tokens are; nobody where none says so.
pub(crate) fn identity(entries: &Entries) -> Result<Option<&str>, TokenValidationError> {
    let people: BTreeSet<&str> = entries.values().filter_map(|entry| entry.identity_id.as_deref()).collect();
    match people.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(TokenValidationError::new(
            Kind::IdentityMismatch,
            "the stored tokens are of different people; log out with `sweep`, and log in again",
        )),
    }
}

/// Whether the tokens of a login by the person `new` are to be stored, where those of `known` are.
pub(crate) fn login(
    response: &OAuthTokenResponse,
    required: &BTreeMap<String, Scopes>,
    known: Option<&str>,
    new: &str,
) -> Checked {
    if let Some(known) = known.filter(|known| *known != new) {
        return Err(TokenValidationError::new(
            Kind::IdentityMismatch,
            format!(
                "the login was by the identity {new}, and the stored tokens are of {known}; nothing was stored: log in as \
                 that person, or log out first"
            ),
        ));
    }
    for (resource_server, required) in required {
        let Some(token) = response.by_resource_server().get(resource_server) else {
            let message = format!("the login brought no tokens for {resource_server}");
            return Err(TokenValidationError::new(Kind::MissingToken, message).about(resource_server));
        };
        scopes(resource_server, token.scope(), required)?;
    }
    Ok(())
}

/// Whether a stored entry is not what a client obtains for itself, but a person's or another client's.
pub(crate) fn is_foreign(client: &LoginClient, entry: &TokenData) -> bool {
    let is_another = |id: &String| !id.eq_ignore_ascii_case(client.client_id());
    entry.refresh_token.is_some() || entry.identity_id.as_ref().is_some_and(is_another)
}

/// Whether some of the scopes depend on others, to which a person, or a client, has to consent.
pub(crate) fn has_dependencies(scopes: &Scopes) -> bool {
    scopes.iter().any(|scope| !scope.dependencies().is_empty())
}

#[cfg(test)]
mod tests {
    use globus_auth_core::OAuthToken;

    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

    fn data(scope: &str, left: i64, refresh: bool) -> TokenData {
        let expires_at = UnixTime::from_seconds(NOW.as_seconds() + left);
        TokenData::new("rs", scope, "AgA", expires_at).with_refresh_token(refresh.then(|| "AgR".into()))
    }

    fn kind(entry_: Option<&TokenData>, required: &str, refresh_tokens: bool) -> Option<Kind> {
        let required = Scopes::parse(required).unwrap();
        entry("rs", entry_, &required, refresh_tokens, NOW).err().map(|err| err.kind())
    }

    #[test]
    fn a_stored_entry_is_looked_at_for_expiry_refresh_token_and_scopes() {
        for (found, required, refresh_tokens, wrong) in [
            (None, "a", false, Some(Kind::MissingToken)),
            (Some(data("a b", 100, false)), "a", false, None),
            (Some(data("a b", 59, false)), "a", false, Some(Kind::ExpiredToken)),
            (Some(data("a b", 60, false)), "a", false, None),
            (Some(data("a b", -100, true)), "a", false, None),
            (Some(data("a b", -100, true)), "a", true, None),
            (Some(data("a b", 100, false)), "a", true, Some(Kind::MissingRefreshToken)),
            (Some(data("a", 100, false)), "a b", false, Some(Kind::UnmetScopeRequirements)),
            (Some(data("a", 100, false)), "a[*c] *b", false, None),
            (Some(data("", 100, false)), "", false, None),
        ] {
            assert_eq!(kind(found.as_ref(), required, refresh_tokens), wrong, "{found:?} {required}");
        }
    }

    #[test]
    fn stored_tokens_are_of_one_person() {
        let of = |ids: &[Option<&str>]| -> Entries {
            let ids = ids.iter().enumerate();
            ids.map(|(n, id)| (n.to_string(), data("a", 100, false).with_identity_id(id.map(str::to_owned))))
                .collect()
        };
        assert_eq!(identity(&of(&[])), Ok(None));
        assert_eq!(identity(&of(&[None, Some("p"), Some("p")])), Ok(Some("p")));
        assert_eq!(identity(&of(&[Some("p"), Some("q")])).unwrap_err().kind(), Kind::IdentityMismatch);
    }

    #[test]
    fn a_login_brings_the_same_person_and_all_that_is_required() {
        let token = |rs: &str, scope: &str| OAuthToken::new(rs, scope, "AgA", NOW);
        let response = OAuthTokenResponse::from_tokens(vec![token("one", "a b"), token("two", "c")], None);
        let kind = |required: &[(&str, &str)], known| {
            let required =
                required.iter().map(|(rs, s)| ((*rs).to_owned(), Scopes::parse(s).unwrap())).collect();
            login(&response, &required, known, "p").err().map(|err| err.kind())
        };
        assert_eq!(kind(&[("one", "a[x]"), ("two", "c")], None), None);
        assert_eq!(kind(&[("one", "a")], Some("p")), None);
        assert_eq!(kind(&[("one", "a")], Some("q")), Some(Kind::IdentityMismatch));
        assert_eq!(kind(&[("three", "a")], None), Some(Kind::MissingToken));
        assert_eq!(kind(&[("two", "c d")], None), Some(Kind::UnmetScopeRequirements));
    }
}
