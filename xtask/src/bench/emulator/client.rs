//! As much of a client as is needed to have something to ask for.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::process::Emulator;
use crate::failure::{Failure, Outcome};

/// Tokens of the service account, and a task of it.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) auth: String,
    pub(super) groups: String,
    pub(super) transfer: String,
    pub(super) task: String,
}

impl Client {
    pub(super) fn new(emulator: &Emulator) -> Outcome<Self> {
        let token = |scope: &str| {
            let (id, secret) =
                (emulator.variable("GLOBUS_CLIENT_ID")?, emulator.variable("GLOBUS_CLIENT_SECRET")?);
            let (id, secret) = (encoded(id), encoded(secret.trim_matches('\'')));
            let form = format!(
                "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope={}",
                encoded(scope)
            );
            let kind = "application/x-www-form-urlencoded";
            text(&post(emulator, "/v2/oauth2/token", kind, "", &form)?, "access_token")
        };
        let transfer = token("urn:globus:auth:scope:transfer.api.globus.org:all")?;
        let document = format!(
            r#"{{"DATA_TYPE":"transfer","submission_id":"00000000-0000-4000-8000-000000000001","source_endpoint":"{}",
            "destination_endpoint":"{}","DATA":[{{"source_path":"/share/godata/file1.txt","destination_path":"/file1.txt"}}]}}"#,
            emulator.variable("GLOBUS_EMULATOR_COLLECTION_A")?,
            emulator.variable("GLOBUS_EMULATOR_COLLECTION_B")?,
        );
        let task = post(emulator, "/v0.10/transfer", "application/json", &transfer, &document)?;
        Ok(Self {
            auth: token("openid profile email")?,
            groups: token("urn:globus:auth:scope:groups.api.globus.org:all")?,
            task: text(&task, "task_id")?,
            transfer,
        })
    }
}

fn post(emulator: &Emulator, path: &str, kind: &str, token: &str, body: &str) -> Outcome<String> {
    let host = emulator.origin().trim_start_matches("http://");
    let ask = || {
        let mut connection = TcpStream::connect(host)?;
        let length = body.len();
        let authorization =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        write!(
            connection,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n{authorization}\r\n{body}"
        )?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).map(|_| answer)
    };
    ask().map_err(Failure::while_doing(format!("asking the emulator for {path}")))
}

/// The text under `key` in a JSON document without escapes.
fn text(json: &str, key: &str) -> Outcome<String> {
    let value = json.split_once(&format!("\"{key}\":\"")).and_then(|(_, rest)| rest.split('"').next());
    value.map(str::to_owned).ok_or_else(|| Failure::new(format!("the emulator gave no {key}: {json}")))
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_encoded_and_what_is_read_is_found() {
        assert_eq!(encoded("a b+/="), "a%20b%2B%2F%3D");
        assert_eq!(text(r#"{"a":1,"task_id":"x"}"#, "task_id").unwrap(), "x");
        assert!(text("{}", "task_id").is_err());
    }
}
