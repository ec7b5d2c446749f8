//! Where an app keeps its tokens unless it is told otherwise: the place of the Python SDK, so that a program that was moved
//! here finds its login.

use std::path::{Path, PathBuf};

use globus_transport::{Environment, Variables};

use crate::AppError;

/// Names the directory in place of `~/.globus`.
const HOME: &str = "GLOBUS_SDK_HOME";

/// `<home>/app/<client id>/<slug of the name>/<environment>-tokens.<extension>`.
pub(crate) fn token_file(
    home: &Path,
    client_id: &str,
    app_name: &str,
    environment: Environment,
    extension: &str,
) -> Result<PathBuf, AppError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if client_id.is_empty() || !client_id.chars().all(is_plain) {
        return Err(AppError::usage(format!(
            "no token file can be named after the client id {client_id:?}; give the app a storage of its own"
        )));
    }
    let prefix = match environment {
        Environment::Production => String::new(),
        other => format!("{}-", other.name()),
    };
    let folder = home.join("app").join(client_id).join(slug(app_name)?);
    Ok(folder.join(format!("{prefix}tokens.{extension}")))
}

/// The directory of Globus: what `GLOBUS_SDK_HOME` says, else `given`, else that of the platform. Nothing is made.
pub(crate) fn home(variables: &Variables, given: Option<&Path>) -> Result<PathBuf, AppError> {
    if let Some(path) = variables.get(HOME).filter(|path| !path.trim().is_empty()) {
        return Ok(path.into());
    }
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    platform(variables).ok_or_else(|| {
        AppError::usage(format!(
            "there is no home directory to keep tokens in; set {HOME}, or give the app a storage of its own"
        ))
    })
}

#[cfg(not(windows))]
fn platform(variables: &Variables) -> Option<PathBuf> {
    Some(user_home("HOME", variables)?.join(".globus"))
}

#[cfg(windows)]
fn platform(variables: &Variables) -> Option<PathBuf> {
    let folder = |name| variables.get(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || Some(user_home("USERPROFILE", variables)?.join("AppData").join("Local"));
    Some(folder("LOCALAPPDATA").or_else(|| folder("APPDATA")).or_else(home)?.join("globus"))
}

fn user_home(name: &str, variables: &Variables) -> Option<PathBuf> {
    let named = variables.get(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    // What the system knows besides is that of the process, and is not asked where the variables are given.
    named.or_else(|| variables.is_process().then(std::env::home_dir).flatten())
}

/// The name as part of a path, as the Python SDK makes it.
fn slug(name: &str) -> Result<String, AppError> {
    let replaced = name.chars().map(|c| match c {
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '+',
        '.' | ' ' => '-',
        other => other,
    });
    let slug = replaced.filter(|&c| is_printable(c)).collect::<String>().to_lowercase();
    let is_numbered = |stem: &str| {
        slug.strip_prefix(stem).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    // Windows keeps these for devices, whatever stands after them.
    if slug.is_empty()
        || ["con", "prn", "aux", "nul"].contains(&slug.as_str())
        || is_numbered("com")
        || is_numbered("lpt")
    {
        return Err(AppError::usage(format!(
            "no token file can be named after the app's name {name:?}; choose another name"
        )));
    }
    Ok(slug)
}

/// By what the standard library escapes in the middle of a text.
fn is_printable(c: char) -> bool {
    let escaped: String = format!("a{c}").escape_debug().collect();
    !escaped.starts_with("a\\") || "\"'\\".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "11111111-2222-4333-8444-555555555555";

    /// What the Python SDK 4.10.0 makes of them.
    const SLUGS: [(&str, Option<&str>); 17] = [
        ("My App", Some("my-app")),
        ("Unnamed Globus App", Some("unnamed-globus-app")),
        ("a.b/c:d*e?f\"g<h>i|j\\k", Some("a-b+c+d+e+f+g+h+i+j+k")),
        ("Ünï App", Some("ünï-app")),
        ("con", None),
        ("COM1", None),
        ("nul", None),
        ("lpt9", None),
        ("lpt10", Some("lpt10")),
        ("tab\there", Some("tabhere")),
        ("...", Some("---")),
        ("", None),
        ("  ", Some("--")),
        ("CON.txt", Some("con-txt")),
        ("my_app-1.0", Some("my_app-1-0")),
        ("emoji 🎉", Some("emoji-🎉")),
        ("zero\u{200b}width", Some("zerowidth")),
    ];

    #[test]
    fn the_path_is_that_of_the_python_sdk() {
        for (name, slug) in SLUGS {
            let path = token_file(Path::new("/h/.globus"), ID, name, Environment::Production, "json");
            let expected = slug.map(|slug| PathBuf::from(format!("/h/.globus/app/{ID}/{slug}/tokens.json")));
            assert_eq!(path.ok(), expected, "{name:?}");
        }
        let path = token_file(Path::new("/h"), ID, "My App", Environment::Preview, "db").unwrap();
        assert_eq!(path, Path::new(&format!("/h/app/{ID}/my-app/preview-tokens.db")));
    }

    #[test]
    fn a_client_id_leads_nowhere_else() {
        for id in ["", "..", "a/b", "a\\b", "/", "a.b"] {
            assert!(token_file(Path::new("/h"), id, "x", Environment::Production, "json").is_err(), "{id}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_variable_comes_first_and_then_what_the_program_says() {
        let variables = |pairs: &[(&str, &str)]| Variables::from_pairs(pairs.iter().copied());
        let (set, unset) = (variables(&[(HOME, "/set"), ("HOME", "/u")]), variables(&[("HOME", "/u")]));
        let given = Some(Path::new("/given"));
        assert_eq!(home(&set, given).unwrap(), Path::new("/set"));
        assert_eq!(home(&set, None).unwrap(), Path::new("/set"));
        assert_eq!(home(&unset, given).unwrap(), Path::new("/given"));
        assert_eq!(home(&unset, None).unwrap(), Path::new("/u/.globus"));
        assert_eq!(home(&variables(&[(HOME, " "), ("HOME", "/u")]), None).unwrap(), Path::new("/u/.globus"));
        let error = home(&variables(&[]), None).unwrap_err();
        assert!(error.to_string().contains(HOME), "{error}");
    }
}
