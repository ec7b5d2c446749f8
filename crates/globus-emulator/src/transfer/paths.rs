//! From a path in a collection to a path on this machine, and never out of the collection's directory.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why a path is not opened.
#[derive(Debug)]
pub(crate) enum PathError {
    /// The text is no path in a collection.
    Invalid(String),
    /// A link leads out of the collection, or nowhere.
    Escapes,
    Io(io::Error),
}

/// The path from the collection's root, without `.`, doubled slashes, or a slash at the end. `/~/` and paths that do
/// not start with a slash are below `home`.
pub(crate) fn absolute(path: &str, home: &str) -> Result<String, PathError> {
    let from_home = path.strip_prefix("/~").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let whole = match from_home {
        Some(rest) => format!("{home}/{rest}"),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{home}/{}", path.strip_prefix("~/").unwrap_or(path)),
    };
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

/// Walks from the root one component at a time; links are followed only inside the root. What does not exist yet is
/// appended as it is. With `follow_last` false a link at the end is named itself, not where it leads.
///
/// The answer holds as long as nothing is renamed and no link is made: see `App::tree`.
pub(crate) fn resolve(root: &Path, absolute: &str, follow_last: bool) -> Result<PathBuf, PathError> {
    // The root of a guest collection lies in another collection; a link may have come into its place, or above it.
    if root.canonicalize().map_err(PathError::Io)? != root {
        return Err(PathError::Escapes);
    }
    let parts: Vec<&str> = absolute.split('/').filter(|part| !part.is_empty()).collect();
    let mut here = root.to_path_buf();
    for (at, part) in parts.iter().enumerate() {
        let next = here.join(part);
        match next.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => {
                if at + 1 == parts.len() && !follow_last {
                    return Ok(next);
                }
                // A link that leads nowhere would lead somewhere once written through.
                let real = next.canonicalize().map_err(|_| PathError::Escapes)?;
                if !real.starts_with(root) {
                    return Err(PathError::Escapes);
                }
                here = real;
            }
            Ok(_) => here = next,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                here.extend(&parts[at..]);
                return Ok(here);
            }
            Err(error) => return Err(PathError::Io(error)),
        }
    }
    Ok(here)
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
        for bad in ["/..", "/a/../b", "..", "/~/../x", "/a\0b"] {
            assert!(absolute(bad, home).is_err(), "{bad}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_are_followed_inside_the_root_only() {
        let outside = tempfile::tempdir().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("d")).unwrap();
        for (link, target) in [
            ("in", root.join("d")),
            ("out", outside.path().to_path_buf()),
            ("nowhere", outside.path().join("x")),
        ] {
            std::os::unix::fs::symlink(target, root.join(link)).unwrap();
        }
        assert_eq!(resolve(&root, "/in/f", true).unwrap(), root.join("d/f"));
        assert!(matches!(resolve(&root, "/out/f", true), Err(PathError::Escapes)));
        assert!(matches!(resolve(&root, "/out/f", false), Err(PathError::Escapes)));
        assert!(matches!(resolve(&root, "/nowhere", true), Err(PathError::Escapes)));
        assert_eq!(resolve(&root, "/out", false).unwrap(), root.join("out"));
        assert_eq!(resolve(&root, "/new/deep", true).unwrap(), root.join("new/deep"));
    }

    #[test]
    #[cfg(unix)]
    fn a_root_that_was_replaced_by_a_link_is_no_root() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::create_dir(outside.path().join("below")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let host = dir.path().canonicalize().unwrap();
        let root = host.join("guest/below");
        std::fs::create_dir_all(&root).unwrap();
        assert_eq!(resolve(&root, "/x", true).unwrap(), root.join("x"));
        for at in [root.clone(), host.join("guest")] {
            std::fs::remove_dir(&at).unwrap();
            assert!(matches!(resolve(&root, "/x", true), Err(PathError::Io(_))));
            let target = if at == root { outside.path().join("below") } else { outside.path().to_path_buf() };
            std::os::unix::fs::symlink(target, &at).unwrap();
            for follow_last in [true, false] {
                assert!(matches!(resolve(&root, "/x", follow_last), Err(PathError::Escapes)));
                assert!(matches!(resolve(&root, "/", follow_last), Err(PathError::Escapes)));
            }
            std::fs::remove_file(&at).unwrap();
        }
    }
}
