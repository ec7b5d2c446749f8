//! The form of a path, as routes are written: `/v0.10/endpoint/{id}`, `/v2/groups/**`.

/// A path with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of segments, or none.
    Rest,
    /// `{name}`: one segment.
    Any,
    /// Text, with `*` for any characters of one segment.
    Text(String),
}

impl Pattern {
    pub(crate) fn is_one(text: &str) -> bool {
        text.starts_with('/')
    }

    pub(crate) fn new(text: &str) -> Self {
        let segments = text.trim_start_matches('/').split('/').map(|segment| match segment {
            "**" => Segment::Rest,
            _ if segment.starts_with('{') && segment.ends_with('}') => Segment::Any,
            _ => Segment::Text(segment.to_owned()),
        });
        Self(segments.collect())
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        fits(
            &self.0,
            &segments,
            |pattern| matches!(pattern, Segment::Rest),
            |pattern, segment| match pattern {
                Segment::Text(text) => is_like(text, segment),
                Segment::Any | Segment::Rest => !segment.is_empty(),
            },
        )
    }
}

/// Whether text is like a pattern with `*` in it.
fn is_like(pattern: &str, text: &str) -> bool {
    let star = |byte: &u8| *byte == b'*';
    fits(pattern.as_bytes(), text.as_bytes(), star, |wanted, given| wanted == given)
}

/// Matches a list with gaps against one without. Only the last gap is ever tried again, so it takes no more than the product of
/// the lengths.
fn fits<P, T>(pattern: &[P], text: &[T], is_gap: impl Fn(&P) -> bool, same: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut gap: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p).is_some_and(&is_gap) {
            gap = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|wanted| same(wanted, &text[t])) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = gap {
            gap = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(is_gap)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern).matches(path)
    }

    #[test]
    fn a_path_without_gaps_is_met_as_it_is() {
        assert!(matches("/v2/groups", "/v2/groups"));
        assert!(!matches("/v2/groups", "/v2/groups/x"));
        assert!(!matches("/v2/groups", "/v2/group"));
        assert!(matches("/", "/"));
    }

    #[test]
    fn a_name_or_a_star_is_one_segment() {
        for pattern in ["/v0.10/endpoint/{id}/access", "/v0.10/endpoint/*/access", "/v0.10/end*/x*/access"] {
            assert!(matches(pattern, "/v0.10/endpoint/x1/access"), "{pattern}");
            assert!(!matches(pattern, "/v0.10/endpoint/x1/y/access"), "{pattern}");
            assert!(!matches(pattern, "/v0.10/endpoint/x1/access/2"), "{pattern}");
        }
        assert!(!matches("/v0.10/endpoint/{id}", "/v0.10/endpoint/"));
    }

    #[test]
    fn two_stars_are_any_number_of_segments() {
        assert!(matches("/**", "/"));
        assert!(matches("/**", "/a/b"));
        assert!(matches("/v2/groups/**", "/v2/groups"));
        assert!(matches("/v2/groups/**", "/v2/groups/x/policies"));
        assert!(!matches("/v2/groups/**", "/v2/preferences"));
        assert!(matches("/**/ls", "/v0.10/operation/endpoint/x/ls"));
        assert!(matches("/a/**/b/**/c", "/a/b/x/b/y/c"));
        assert!(!matches("/a/**/b/**/c", "/a/x/c"));
    }
}
