//! Connection URLs: what `tokio_postgres` reads, and the settings of libpq about certificates that it does not know.

use std::path::PathBuf;

use globus_tokenstorage::{StorageError, StorageErrorKind};
use percent_encoding::percent_decode_str;
use tokio_postgres::Config;

use crate::settings::Roots;

/// What a URL says.
pub(crate) struct Url {
    pub(crate) config: Config,
    pub(crate) roots: Option<Roots>,
}

/// Settings that `tokio_postgres` understands behind the `?`.
const KNOWN: [&str; 20] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslmode",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
    "sslrootcert",
];

/// Reads a URL. No error quotes a part of it that may be a password.
pub(crate) fn parse(url: &str) -> Result<Url, StorageError> {
    let rest = ["postgres://", "postgresql://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let Some(rest) = rest else {
        return Err(wrong("it must begin with `postgres://`"));
    };
    // Where a password has such a character, the rest of it would be taken for a host, and be shown as one.
    if rest.matches('@').count() > 1 {
        return Err(wrong("`@` in the user name or the password is to be written as `%40`"));
    }
    let after_credentials = rest.rfind('@').map_or(0, |at| at + 1);
    let query = rest[after_credentials..].find('?').map(|at| after_credentials + at);
    let (base, query) = query.map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]));
    let mut roots = None;
    let mut kept = Vec::new();
    for setting in query.split('&').filter(|setting| !setting.is_empty()) {
        match setting.split_once('=') {
            Some(("sslrootcert", "system")) => roots = Some(Roots::Platform),
            Some(("sslrootcert", path)) => roots = Some(Roots::File(decoded(path)?)),
            // The certificate and its name are always verified.
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            Some((name, _)) if KNOWN.contains(&name) => kept.push(setting),
            Some((name, _)) => return Err(unknown(name)),
            None => return Err(wrong("a setting behind `?` has no `=`")),
        }
    }
    let config: Result<Config, _> = format!("postgres://{base}?{}", kept.join("&")).parse();
    let config = config
        .map_err(|_| wrong("the host, a port, or a setting behind `?` has a value that is not allowed"))?;
    Ok(Url { config, roots })
}

fn decoded(text: &str) -> Result<PathBuf, StorageError> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(|text| PathBuf::from(&*text)).map_err(|_| wrong("the value of `sslrootcert` is not UTF-8"))
}

fn unknown(name: &str) -> StorageError {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    wrong(&format!(
        "the setting {} is not known here",
        if is_name { format!("`{name}`") } else { "behind `?`".to_owned() }
    ))
}

pub(crate) fn wrong(why: &str) -> StorageError {
    StorageError::new(
        StorageErrorKind::Other,
        format!(
            "the database URL cannot be used: {why}; it looks like \
             `postgres://user:password@host:5432/database?sslmode=require`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_postgres::config::{Host, SslMode};

    use super::*;

    #[test]
    fn urls_are_read_as_libpq_reads_them() {
        let url = parse(
            "postgresql://u:p%40w@db.example.org:6000/tokens?sslmode=verify-full&sslrootcert=/etc/ca%20b.pem&connect_timeout=3",
        )
        .unwrap();
        assert_eq!(url.config.get_hosts(), [Host::Tcp("db.example.org".into())]);
        assert_eq!(url.config.get_password(), Some(&b"p@w"[..]));
        assert_eq!(url.config.get_ssl_mode(), SslMode::Require);
        assert!(matches!(url.roots, Some(Roots::File(path)) if path.to_str() == Some("/etc/ca b.pem")));
        let url = parse("postgres:///tokens?host=/run/postgresql&sslrootcert=system").unwrap();
        assert_eq!(url.config.get_hosts(), [Host::Unix("/run/postgresql".into())]);
        assert!(matches!(url.roots, Some(Roots::Platform)));
    }

    #[test]
    fn what_cannot_be_used_is_named_without_being_quoted() {
        for (url, why) in [
            ("mysql://u:hunter2@host/db", "`postgres://`"),
            ("host=h password=hunter2", "`postgres://`"),
            ("postgres://u:hunter2@hunter2@host/db", "`%40`"),
            ("postgres://u:hunter2/db", "not allowed"),
            ("postgres://u:hunter2@host/db?sslkey=x", "`sslkey`"),
            ("postgres://u@host/db?hunter2=x", "behind `?`"),
            ("postgres://u@host/db?hunter2", "no `=`"),
            ("postgres://u@host/db?sslmode=hunter2", "not allowed"),
        ] {
            let Err(err) = parse(url) else { panic!("{url} is taken") };
            let shown = format!("{err} {err:?}");
            assert!(shown.contains(why) && !shown.contains("hunter2"), "{url}: {shown}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_url_or_an_error(text in ".*") {
            let _ = parse(&text);
            let _ = parse(&format!("postgres://{text}"));
        }
    }
}
