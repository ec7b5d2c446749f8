//! [`Trail`]: where a directory really is when links were followed, so that a walk does not go in circles.

use serde::{Deserialize, Serialize};

use super::entry::join;

/// The way to a directory in a walk that follows links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trail {
    /// The directory with the links on the way resolved.
    real: String,
    /// The directories in which links were followed to come here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    through: Vec<String>,
}

/// More links on one way than this are a circle that was not seen: file systems give up here as well.
const MOST_LINKS: usize = 40;

impl Trail {
    pub(super) fn start(real: &str) -> Self {
        Self { real: normal(real), through: Vec::new() }
    }

    /// To the directory `name` in this one.
    pub(super) fn down(&self, name: &str) -> Self {
        Self { real: join(&self.real, name), through: self.through.clone() }
    }

    /// Along a link in this directory; `None` when it leads back to where the way has been, or to what is above that.
    pub(super) fn along_link(&self, target: &str) -> Option<Self> {
        let real = if target.starts_with('/') { normal(target) } else { normal(&join(&self.real, target)) };
        let mut been = self.through.iter().chain([&self.real]);
        if self.through.len() >= MOST_LINKS || been.any(|been| is_at_or_above(&real, been)) {
            return None;
        }
        let through = self.through.iter().chain([&self.real]).cloned().collect();
        Some(Self { real, through })
    }
}

/// Without `.`, `..`, doubled slashes and one at the end.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn is_at_or_above(directory: &str, path: &str) -> bool {
    let rest = path.strip_prefix(directory.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_where_the_way_has_been_is_not_followed() {
        let a = Trail::start("/home/u/").down("a");
        for back in [".", "..", "/", "/home/u/a", "/home//u/", "../a", "../../u"] {
            assert_eq!(a.along_link(back), None, "{back}");
        }
        for elsewhere in ["b", "../b", "/home/u/ab", "/data", "../a/../b"] {
            assert!(a.along_link(elsewhere).is_some(), "{elsewhere}");
        }
    }

    #[test]
    fn links_that_lead_to_one_another_are_followed_once() {
        let b = Trail::start("/").down("a").along_link("../b").unwrap();
        assert_eq!(b.real, "/b");
        assert_eq!(b.along_link("../a"), None);
        assert_eq!(b.down("c").along_link("/a/"), None);
        // Its target is within a place where the way has been, and not that place.
        assert!(b.along_link("../a/below").is_some());
    }

    #[test]
    fn links_beyond_reason_are_not_followed() {
        let mut trail = Trail::start("/0");
        for link in 1..=MOST_LINKS {
            trail = trail.along_link(&format!("/{link}")).unwrap();
        }
        assert_eq!(trail.along_link("/new"), None);
    }
}
