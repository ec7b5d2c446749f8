//! Paths as clients write them.

use std::io;

/// Why a path is not opened.
#[derive(Debug)]
pub(crate) enum PathError {
    /// The text is no path in a collection.
    Invalid(String),
    /// A link leads out of the collection, or nowhere.
    Escapes,
    Io(io::Error),
}

impl From<io::Error> for PathError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What most systems take.
const LONGEST: usize = 4096;

/// The path from the collection's root, without `.`, doubled slashes, or a slash at the end. `/~/` and paths that do
/// not start with a slash are below `home`.
pub(crate) fn absolute(path: &str, home: &str) -> Result<String, PathError> {
    let from_home = path.strip_prefix("/~").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let whole = match from_home {
        Some(rest) => format!("{home}/{rest}"),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{home}/{}", path.strip_prefix("~/").unwrap_or(path)),
    };
    if whole.len() > LONGEST {
        return Err(PathError::Invalid(format!("A path must not be longer than {LONGEST} bytes")));
    }
    let mut clean = String::with_capacity(whole.len());
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err(PathError::Invalid(format!("Path '{path}' must not contain '..'"))),
            part if is_plain(part) => {
                clean.push('/');
                clean.push_str(part);
            }
            _ => {
                return Err(PathError::Invalid(format!(
                    "Path '{path}' holds a character that is not allowed"
                )));
            }
        }
    }
    if clean.is_empty() {
        clean.push('/');
    }
    Ok(clean)
}

/// Whether this machine takes the name as one component.
fn is_plain(part: &str) -> bool {
    let forbidden: &[char] =
        if cfg!(windows) { &['\0', '\\', ':', '<', '>', '|', '"', '?', '*'] } else { &['\0'] };
    !part.contains(forbidden)
}

/// The path with a name appended.
pub(crate) fn join(absolute: &str, name: &str) -> String {
    format!("{}/{name}", absolute.trim_end_matches('/'))
}

/// The last component; `/` for the root.
pub(crate) fn name(absolute: &str) -> &str {
    absolute.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("/")
}

/// The path without its last component, ending with a slash.
pub(crate) fn with_slash(absolute: &str) -> String {
    format!("{}/", absolute.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_and_home_is_put_in() {
        let home = "/home/u";
        for (given, clean) in [
            ("/", "/"),
            ("/a//b/./c/", "/a/b/c"),
            ("/~/", "/home/u"),
            ("/~", "/home/u"),
            ("/~/x", "/home/u/x"),
            ("~/x", "/home/u/x"),
            ("x/y", "/home/u/x/y"),
            ("/~x", "/~x"),
            ("", "/home/u"),
        ] {
            assert_eq!(absolute(given, home).unwrap(), clean, "{given}");
        }
        for bad in ["/..", "/a/../b", "..", "/~/../x", "/a\0b", &"/a".repeat(2049)] {
            assert!(absolute(bad, home).is_err(), "{bad}");
        }
    }
}
