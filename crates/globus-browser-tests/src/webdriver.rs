//! The protocol: JSON over HTTP, as W3C WebDriver says it.
//!
//! The clients for it in Rust bring cookies, calendars, word breaking, and an older copy of the HTTP types; a dozen commands
//! need none of that.

use std::net::Ipv4Addr;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::failure::{Failure, Outcome};

/// One browser of a driver.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    port: u16,
    id: String,
}

impl Session {
    pub(crate) async fn new(port: u16, capabilities: &Value) -> Outcome<Self> {
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = exchange(port, Method::POST, "/session", Some(&wanted)).await?;
        let id = answer["sessionId"].as_str().ok_or_else(|| Failure::new("the driver named no session"))?;
        Ok(Self { port, id: id.to_owned() })
    }

    pub(crate) async fn get(&self, command: &str) -> Outcome<Value> {
        self.send(Method::GET, command, None).await
    }

    pub(crate) async fn post(&self, command: &str, body: &Value) -> Outcome<Value> {
        self.send(Method::POST, command, Some(body)).await
    }

    /// A command of the browser's own protocol, for what WebDriver cannot say.
    pub(crate) async fn devtools(&self, command: &str, parameters: &Value) -> Outcome<Value> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    pub(crate) async fn end(&self) -> Outcome {
        exchange(self.port, Method::DELETE, &format!("/session/{}", self.id), None).await.map(drop)
    }

    async fn send(&self, method: Method, command: &str, body: Option<&Value>) -> Outcome<Value> {
        exchange(self.port, method, &format!("/session/{}/{command}", self.id), body).await
    }
}

/// One request on a connection of its own, and the `value` of its answer.
async fn exchange(port: u16, method: Method, path: &str, body: Option<&Value>) -> Outcome<Value> {
    let doing = format!("{method} {}", path.rsplit('/').next().unwrap_or(path));
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{doing}: {error}"));
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    tokio::spawn(connection);
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, format!("127.0.0.1:{port}"))
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| failed(&error))?;
    let answer = sender.send_request(request).await.map_err(|error| failed(&error))?;
    let body = answer.into_body().collect().await.map_err(|error| failed(&error))?.to_bytes();
    let mut answer: Value = serde_json::from_slice(&body).map_err(|error| failed(&error))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) => {
            let message = value["message"].as_str().unwrap_or_default();
            Err(failed(&format!("{error}: {}", message.lines().next().unwrap_or_default())))
        }
        None => Ok(value),
    }
}
