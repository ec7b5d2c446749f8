//! Paths and queries as they are sent.

use std::borrow::Cow;

use globus_auth_core::encoding::{push_form, push_segment};

/// Puts `ids` in the places of `template` that are written `{…}`.
///
/// An id is one segment, whatever it holds: a slash in it is escaped, and one that would change the route is refused.
pub(super) fn fill(template: &str, ids: &[&str]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 36 * ids.len());
    let mut ids = ids.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let id = ids.next().copied().unwrap_or_default();
        if matches!(id, "" | "." | "..") {
            return Err(format!("`{id}` is not a usable {name}"));
        }
        path.push_str(before);
        push_segment(&mut path, id);
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// Appends the parameters of `query`, of which those named in `overrides` are replaced.
pub(super) fn with_query(
    mut url: String,
    query: &[(Cow<'static, str>, String)],
    overrides: &[(Cow<'static, str>, String)],
) -> String {
    let kept = query.iter().filter(|(name, _)| overrides.iter().all(|(over, _)| over != name));
    let mut separator = if url.contains('?') { '&' } else { '?' };
    for (name, value) in kept.chain(overrides) {
        url.push(separator);
        push_form(&mut url, name);
        url.push('=');
        push_form(&mut url, value);
        separator = '&';
    }
    url
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_stays_one_segment() {
        assert_eq!(fill("a/{x}/ls", &["b/../c d"]).unwrap(), "a/b%2F..%2Fc%20d/ls");
        assert_eq!(fill("a/{x}/{y}", &["1", "ü?#"]).unwrap(), "a/1/%C3%BC%3F%23");
        assert_eq!(fill("plain", &[]).unwrap(), "plain");
    }

    #[test]
    fn an_id_that_would_change_the_route_is_refused() {
        for id in ["", ".", ".."] {
            assert_eq!(fill("task/{task_id}", &[id]).unwrap_err(), format!("`{id}` is not a usable task_id"));
        }
    }

    #[test]
    fn overrides_win_and_repeated_parameters_stay() {
        let query = [
            ("path".into(), "/a".to_owned()),
            ("filter".into(), "x y".to_owned()),
            ("filter".into(), "~é".to_owned()),
        ];
        let url = with_query("https://h/p".to_owned(), &query, &[("path".into(), "/b&c".to_owned())]);
        assert_eq!(url, "https://h/p?filter=x+y&filter=~%C3%A9&path=%2Fb%26c");
        assert_eq!(with_query("https://h/p?a=1".to_owned(), &query[1..2], &[]), "https://h/p?a=1&filter=x+y");
    }

    proptest! {
        #[test]
        fn any_value_survives_the_way_through_a_url(value in "\\PC*") {
            let url = with_query("u".to_owned(), &[("k".into(), value.clone())], &[]);
            let sent = url.strip_prefix("u?k=").unwrap().replace('+', " ");
            prop_assert_eq!(percent_encoding::percent_decode_str(&sent).decode_utf8().unwrap(), value);
        }

        #[test]
        fn any_usable_id_stays_one_segment(id in "\\PC+") {
            if let Ok(path) = fill("a/{id}", &[&id]) {
                prop_assert_eq!(path.matches('/').count(), 1);
            }
        }
    }
}
