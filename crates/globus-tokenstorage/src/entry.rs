//! One token as the JSON object that the Python SDK writes, in files and in database rows alike.

use std::io;

use globus_auth_core::{Secret, UnixTime};
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use zeroize::Zeroizing;

use crate::TokenData;

/// What stands as the writer's version in files of ours. The Python SDK wants it there and does not look at it.
pub(crate) const WRITER_VERSION: &str = concat!("globus-sdk-rust/", env!("CARGO_PKG_VERSION"));

/// Reads an object; fields it does not know are skipped. The error says where, and quotes nothing.
pub(crate) fn read(json: &str) -> Result<TokenData, String> {
    let entry: Entry = serde_json::from_str(json).map_err(|err| describe(&err))?;
    Ok(TokenData {
        resource_server: entry.resource_server,
        identity_id: entry.identity_id,
        scope: entry.scope,
        access_token: entry.access_token,
        refresh_token: entry.refresh_token,
        expires_at: entry.expires_at_seconds,
        token_type: entry.token_type,
    })
}

/// Room for one token, if not a very long one.
pub(crate) const ROOM: usize = 4 * 1024;

/// Writes JSON as Python's `json.dumps` does: a space after `,` and `:`, nothing but ASCII. With `room` for all of it: a buffer
/// that grows leaves a copy of what it held behind.
pub(crate) fn write(value: &impl Serialize, room: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(room));
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *buffer, PythonStyle))?;
    Ok(buffer)
}

/// What is wrong with a text, without a word of it: serde's own message may quote a token.
pub(crate) fn describe(err: &serde_json::Error) -> String {
    let what = match err.classify() {
        serde_json::error::Category::Eof => "it is empty or cut off",
        serde_json::error::Category::Data => "a field is missing or has the wrong type",
        _ => "it is not JSON",
    };
    format!("{what} (line {}, column {})", err.line(), err.column())
}

#[derive(Deserialize)]
struct Entry {
    resource_server: String,
    identity_id: Option<String>,
    scope: String,
    access_token: Secret,
    refresh_token: Option<Secret>,
    expires_at_seconds: UnixTime,
    token_type: Option<String>,
}

/// A token as it is written: fields in the order of the Python SDK, those without a value left out.
#[derive(Serialize)]
pub(crate) struct EntryOut<'a> {
    resource_server: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_id: Option<&'a str>,
    scope: &'a str,
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    expires_at_seconds: UnixTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'a str>,
}

impl<'a> From<&'a TokenData> for EntryOut<'a> {
    fn from(data: &'a TokenData) -> Self {
        Self {
            resource_server: &data.resource_server,
            identity_id: data.identity_id.as_deref(),
            scope: &data.scope,
            access_token: data.access_token.expose(),
            refresh_token: data.refresh_token.as_ref().map(Secret::expose),
            expires_at_seconds: data.expires_at,
            token_type: data.token_type.as_deref(),
        }
    }
}

struct PythonStyle;

impl Formatter for PythonStyle {
    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for piece in fragment.split_inclusive(|c: char| !(' '..='~').contains(&c)) {
            let plain = piece.trim_end_matches(|c: char| !(' '..='~').contains(&c));
            writer.write_all(plain.as_bytes())?;
            for c in piece[plain.len()..].chars() {
                for unit in c.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn written(data: &TokenData) -> String {
        String::from_utf8(write(&EntryOut::from(data), ROOM).unwrap().to_vec()).unwrap()
    }

    #[test]
    fn it_is_written_as_python_writes_it() {
        let data = TokenData::new("rs", "a b", "AgÜ🎉\u{7f}\n", UnixTime::from_seconds(7))
            .with_identity_id(Some("id".into()));
        assert_eq!(
            written(&data),
            r#"{"resource_server": "rs", "identity_id": "id", "scope": "a b", "access_token": "Ag\u00dc\ud83c\udf89\u007f\n", "expires_at_seconds": 7, "token_type": "Bearer"}"#
        );
    }

    #[test]
    fn an_entry_that_cannot_be_used_is_named_without_being_quoted() {
        for (json, error) in [
            (r#"{"resource_server": "AgSecret"}"#, "missing"),
            (
                r#"{"resource_server": "r", "scope": "s", "access_token": "AgSecret", "expires_at_seconds": 5.5}"#,
                "wrong type",
            ),
            (
                r#"{"resource_server": "r", "scope": "s", "access_token": "a", "expires_at_seconds": "AgSecret"}"#,
                "wrong type",
            ),
            (r#""AgSecret""#, "wrong type"),
            ("", "cut off"),
        ] {
            let text = read(json).unwrap_err();
            assert!(text.contains(error) && !text.contains("AgSecret"), "{json}: {text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            texts in any::<(String, String, String)>(),
            expires_at in any::<i64>(),
            identity_id in option::of(any::<String>()),
            refresh_token in option::of(any::<String>()),
            token_type in option::of(any::<String>()),
        ) {
            let data = TokenData::new(texts.0, texts.1, texts.2, UnixTime::from_seconds(expires_at))
                .with_identity_id(identity_id)
                .with_refresh_token(refresh_token.map(Secret::from))
                .with_token_type(token_type);
            let json = written(&data);
            prop_assert!(json.is_ascii());
            prop_assert_eq!(read(&json).unwrap(), data);
        }
    }
}
