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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_the_shell_would_read_them() {
        let read = variables(["A=b", "DIR='/tmp/it'\\''s here'", "READY"]);
        assert_eq!(read, [("A".into(), "b".into()), ("DIR".into(), "/tmp/it's here".into())]);
    }
}
