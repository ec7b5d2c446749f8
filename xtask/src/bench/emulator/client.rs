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
        let task = submit(emulator, &transfer, "/share/godata/file1.txt", "/file1.txt")?;
        Ok(Self {
            auth: token("openid profile email")?,
            groups: token("urn:globus:auth:scope:groups.api.globus.org:all")?,
            task,
            transfer,
        })
    }

    /// Submits a transfer between the collections; the id of its task.
    pub(super) fn transfer(&self, emulator: &Emulator, from: &str, to: &str) -> Outcome<String> {
        submit(emulator, &self.transfer, from, to)
    }

    /// The status of a task, as `ACTIVE`.
    pub(super) fn status(&self, emulator: &Emulator, task: &str) -> Outcome<String> {
        text(&send(emulator, "GET", &format!("/v0.10/task/{task}"), "", &self.transfer, "")?, "status")
    }
}

fn submit(emulator: &Emulator, token: &str, from: &str, to: &str) -> Outcome<String> {
    let id = text(&send(emulator, "GET", "/v0.10/submission_id", "", token, "")?, "value")?;
    let document = format!(
        r#"{{"DATA_TYPE":"transfer","submission_id":"{id}","source_endpoint":"{}",
        "destination_endpoint":"{}","DATA":[{{"DATA_TYPE":"transfer_item",
        "source_path":"{from}","destination_path":"{to}"}}]}}"#,
        emulator.variable("GLOBUS_EMULATOR_COLLECTION_A")?,
        emulator.variable("GLOBUS_EMULATOR_COLLECTION_B")?,
    );
    text(&post(emulator, "/v0.10/transfer", "application/json", token, &document)?, "task_id")
}

fn post(emulator: &Emulator, path: &str, kind: &str, token: &str, body: &str) -> Outcome<String> {
    send(emulator, "POST", path, kind, token, body)
}

fn send(
    emulator: &Emulator,
    method: &str,
    path: &str,
    kind: &str,
    token: &str,
    body: &str,
) -> Outcome<String> {
    let host = emulator.origin().trim_start_matches("http://");
    let ask = || {
        let mut connection = TcpStream::connect(host)?;
        let length = body.len();
        let authorization =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
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
