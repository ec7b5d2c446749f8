//! What answers as Globus does, by TLS with a CA of its own.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

pub(super) struct Globus {
    pub(super) port: u16,
    ca_file: tempfile::NamedTempFile,
    requests: Arc<Mutex<Vec<String>>>,
}

/// By what names it is called.
const NAMES: [&str; 3] = ["localhost", "globus.invalid", "0.0.0.0"];

impl Globus {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, ca) = acceptor(port);
        let mut ca_file = tempfile::NamedTempFile::new().unwrap();
        ca_file.write_all(ca.as_bytes()).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let mut stream = BufReader::new(stream);
                    while let Some((line, host)) = read(&mut stream).await {
                        let body = answer(&line, &host);
                        log.lock().unwrap().push(line);
                        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                        let _ = stream.flush().await;
                    }
                });
            }
        });
        Self { port, ca_file, requests }
    }

    pub(super) fn ca_file(&self) -> &str {
        self.ca_file.path().to_str().unwrap()
    }

    /// The first lines of the requests that arrived.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn acceptor(port: u16) -> (TlsAcceptor, String) {
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, format!("CA of {port}"));
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(NAMES.map(str::to_owned)).unwrap().signed_by(&key, &ca).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}

/// The first line of a request and the host that it names.
async fn read<S: AsyncReadExt + Unpin>(stream: &mut BufReader<S>) -> Option<(String, String)>
where
    BufReader<S>: AsyncBufReadExt,
{
    let (mut first, mut host, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("host") => host = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            _ if first.is_empty() => first = line.to_owned(),
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some((first, host))
}

fn answer(line: &str, host: &str) -> String {
    let path = line.split(' ').nth(1).unwrap_or_default();
    match path.split('?').next().unwrap_or_default() {
        "/v2/oauth2/token" => {
            r#"{"access_token": "AgExample", "refresh_token": "AgExample", "resource_server": "transfer.api.globus.org",
                "scope": "s", "expires_in": 3600, "token_type": "Bearer", "other_tokens": []}"#
                .to_owned()
        }
        "/v2/oauth2/token/revoke" => r#"{"active": false}"#.to_owned(),
        "/.well-known/openid-configuration" => {
            format!(r#"{{"issuer": "https://{host}", "jwks_uri": "https://{host}/jwk.json"}}"#)
        }
        "/jwk.json" => r#"{"keys": []}"#.to_owned(),
        "/v2/groups/my_groups" => "[]".to_owned(),
        "/v0.10/task_list" => {
            r#"{"DATA_TYPE": "task_list", "DATA": [], "limit": 10, "offset": 0, "total": 0}"#.to_owned()
        }
        _ => "{}".to_owned(),
    }
}
