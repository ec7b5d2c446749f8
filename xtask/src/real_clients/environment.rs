//! What `globus-emulator serve --print-env` says.

/// Reads lines `NAME=VALUE`, of which the shell's quotes are taken off.
pub(super) fn variables<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    let pairs = lines.into_iter().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), unquoted(value))).collect()
}

fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
    inner.map_or_else(|| value.to_owned(), |inner| inner.replace("'\\''", "'"))
}

/// The port in `http://127.0.0.1:41234/`.
pub(super) fn port(variables: &[(String, String)]) -> Option<u16> {
    let (_, url) = variables.iter().find(|(name, _)| name == "GLOBUS_SDK_SERVICE_URL_AUTH")?;
    url.trim_end_matches('/').rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_the_shell_would_read_them() {
        let read = variables(["A=b", "DIR='/tmp/it'\\''s here'", "READY"]);
        assert_eq!(read, [("A".into(), "b".into()), ("DIR".into(), "/tmp/it's here".into())]);
    }

    #[test]
    fn the_port_is_in_the_address_of_auth() {
        let at = |url| port(&variables([format!("GLOBUS_SDK_SERVICE_URL_AUTH={url}").as_str()]));
        assert_eq!(at("http://127.0.0.1:41234/"), Some(41234));
        assert_eq!(at("http://127.0.0.1/"), None);
        assert_eq!(port(&[]), None);
    }
}
