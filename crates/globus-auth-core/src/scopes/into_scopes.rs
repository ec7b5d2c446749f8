//! [`IntoScopes`]: every way to say which scopes are asked for.

use super::{Scope, ScopeParseError, ScopeParseErrorKind, Scopes};

/// Scopes as an argument: one text, one [`Scope`], a [`Scopes`], or an array, `Vec` or slice of texts or scopes.
///
/// A list is joined by spaces as it is: nothing is parsed, merged or checked. Use [`Scopes`] for that.
///
/// ```
/// use globus_auth_core::scopes::{GROUPS, IntoScopes, TRANSFER};
///
/// assert_eq!("openid email".into_scope_string(), "openid email");
/// assert_eq!(
///     [TRANSFER.all, GROUPS.all].into_scope_string(),
///     "urn:globus:auth:scope:transfer.api.globus.org:all urn:globus:auth:scope:groups.api.globus.org:all",
/// );
/// assert!(["", ""].into_required_scope_string().is_err());
/// ```
pub trait IntoScopes {
    /// The scope string.
    fn into_scope_string(self) -> String;

    /// The scope string of a request that makes no sense without scopes.
    ///
    /// # Errors
    /// When the scope string is blank.
    fn into_required_scope_string(self) -> Result<String, ScopeParseError>
    where
        Self: Sized,
    {
        let scopes = self.into_scope_string();
        if scopes.trim().is_empty() {
            return Err(ScopeParseError::whole(
                ScopeParseErrorKind::Empty,
                "no scope is given, at least one is needed",
            ));
        }
        Ok(scopes)
    }
}

impl IntoScopes for String {
    fn into_scope_string(self) -> String {
        self
    }
}

/// By its `Display`.
macro_rules! by_text {
    ($($type:ty),+) => {$(
        impl IntoScopes for $type {
            fn into_scope_string(self) -> String {
                self.to_string()
            }
        }
    )+};
}

by_text!(&str, &&str, &String, Scope, &Scope, Scopes, &Scopes);

fn join(scopes: impl IntoIterator<Item: IntoScopes>) -> String {
    scopes.into_iter().map(IntoScopes::into_scope_string).collect::<Vec<_>>().join(" ")
}

impl<T: IntoScopes, const N: usize> IntoScopes for [T; N] {
    fn into_scope_string(self) -> String {
        join(self)
    }
}

impl<T: IntoScopes> IntoScopes for Vec<T> {
    fn into_scope_string(self) -> String {
        join(self)
    }
}

impl<'a, T> IntoScopes for &'a [T]
where
    &'a T: IntoScopes,
{
    fn into_scope_string(self) -> String {
        join(self)
    }
}

impl<'a, T, const N: usize> IntoScopes for &'a [T; N]
where
    &'a T: IntoScopes,
{
    fn into_scope_string(self) -> String {
        join(self)
    }
}

impl<'a, T> IntoScopes for &'a Vec<T>
where
    &'a T: IntoScopes,
{
    fn into_scope_string(self) -> String {
        join(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scopes::AUTH;

    #[test]
    fn every_shape_gives_the_same_string() {
        let (text, owned) = ("a b", vec!["a".to_owned(), "b".to_owned()]);
        let scopes = Scopes::parse(text).unwrap();
        let trees: Vec<Scope> = scopes.iter().cloned().collect();
        let shapes = [
            text.into_scope_string(),
            text.to_owned().into_scope_string(),
            (&text.to_owned()).into_scope_string(),
            ["a", "b"].into_scope_string(),
            (&["a", "b"]).into_scope_string(),
            ["a", "b"].as_slice().into_scope_string(),
            (&owned).into_scope_string(),
            owned.as_slice().into_scope_string(),
            owned.into_scope_string(),
            trees.as_slice().into_scope_string(),
            trees.iter().collect::<Vec<_>>().into_scope_string(),
            trees.into_scope_string(),
            (&scopes).into_scope_string(),
            scopes.into_scope_string(),
        ];
        assert!(shapes.iter().all(|shape| shape == text), "{shapes:?}");
    }

    #[test]
    fn a_list_is_joined_without_being_parsed() {
        assert_eq!(["foo foo", "*bar["].into_scope_string(), "foo foo *bar[");
        assert_eq!(AUTH.default_scopes.into_scope_string(), "openid profile email");
    }

    #[test]
    fn no_scope_at_all_is_refused_where_one_is_needed() {
        for blank in [vec![], vec![""], vec!["", " "]] {
            assert_eq!(blank.into_required_scope_string().unwrap_err().kind(), ScopeParseErrorKind::Empty);
        }
    }
}
