//! HTTPS against a server with a CA of its own.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use globus_authorizers::AccessTokenAuthorizer;
use globus_transport::{ErrorKind, Settings, TransportBuilder, VerifySsl};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::chain::assert_said_once;
use crate::{builder, get};

struct Secure {
    url: String,
    ca_pem: String,
}

/// What a TLS server for `localhost` needs, and the CA (PEM) that signed it.
fn acceptor(change: impl FnOnce(&mut CertificateParams)) -> (TlsAcceptor, String) {
    let mut ca = CertificateParams::default();
    // Of two with the same name, one would be taken for the other and its signature for a wrong one.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let name = format!("CA {} of a test", NUMBER.fetch_add(1, Ordering::SeqCst));
    ca.distinguished_name.push(DnType::CommonName, name);
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    change(&mut leaf);
    let leaf = leaf.signed_by(&key, &ca).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}

/// A server for `localhost` that answers everything with `{}`.
async fn server() -> Secure {
    server_with(|_| ()).await
}

async fn server_with(change: impl FnOnce(&mut CertificateParams)) -> Secure {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (acceptor, ca_pem) = acceptor(change);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    Secure { url, ca_pem }
}

/// A server for `localhost` that makes one handshake at a time, and keeps connections.
pub(crate) struct Patient {
    pub(crate) url: String,
    pub(crate) ca_pem: String,
    accepted: Arc<AtomicUsize>,
}

impl Patient {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (acceptor, ca_pem) = acceptor(|_| ());
        let (accepted, turn) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Mutex::new(())));
        let count = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (acceptor, turn) = (acceptor.clone(), Arc::clone(&turn));
                tokio::spawn(async move {
                    let turn = turn.lock_owned().await;
                    // Whoever has a connection already makes ten calls in the meantime.
                    for _ in 0..100 {
                        tokio::task::yield_now().await;
                    }
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    drop(turn);
                    while let Ok(1..) = stream.read(&mut [0; 4096]).await {
                        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                        let _ = stream.write_all(answer).await;
                    }
                });
            }
        });
        Self { url, ca_pem, accepted }
    }

    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

fn verifying(verify_ssl: VerifySsl) -> TransportBuilder {
    let mut settings = Settings::default();
    settings.verify_ssl = verify_ssl;
    builder().settings(settings)
}

#[tokio::test]
async fn a_ca_from_a_file_or_given_beside_the_platforms_is_trusted() {
    let server = server().await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(server.ca_pem.as_bytes()).unwrap();
    for trusting in [
        verifying(VerifySsl::CaFile(file.path().to_owned())),
        builder().add_root_certificates(server.ca_pem.clone()),
        verifying(VerifySsl::DangerNone),
    ] {
        let request = get(&server.url).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgExample")));
        let response = trusting.build().unwrap().send(request).await.unwrap();
        assert_eq!(response.body().as_ref(), b"{}");
    }
}

#[tokio::test]
async fn an_unknown_ca_is_told_in_words_and_not_tried_again() {
    let (server, other) = (server().await, server().await);
    // A trusted root of its own, so that the test does not depend on the platform having any.
    let transport = builder().add_root_certificates(other.ca_pem).build().unwrap();
    let error = transport.send(get(&server.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Tls, 1, false));
    assert_eq!(
        error.to_string().replace(&server.url, "https://host"),
        "transfer operation_ls (GET https://host/ls): the certificate of localhost is not trusted, its issuer is \
         unknown here; add the issuer with GLOBUS_SDK_VERIFY_SSL=<CA file>, and beware of a proxy that reads along"
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_in_words() {
    let server = server().await;
    let transport = builder().add_root_certificates(server.ca_pem.clone()).build().unwrap();
    let error = transport.send(get(&server.url.replace("localhost", "127.0.0.1"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.to_string().contains("was issued for another name"), "{error}");
}

/// What is printed when the certificate is good from one year to another.
async fn dated(begins: i32, ends: i32) -> String {
    let year = |year| rcgen::date_time_ymd(year, 1, 1);
    let server = server_with(|leaf| (leaf.not_before, leaf.not_after) = (year(begins), year(ends))).await;
    let transport = builder().add_root_certificates(server.ca_pem.clone()).build().unwrap();
    let error = transport.send(get(&server.url)).await.unwrap_err();
    assert_said_once(&error);
    assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Tls, 1, false));
    error.to_string().replace(&server.url, "https://host")
}

#[tokio::test]
async fn a_certificate_whose_time_is_over_or_has_not_begun_is_told_in_words() {
    let start = "transfer operation_ls (GET https://host/ls): the certificate of localhost";
    assert_eq!(dated(2000, 2001).await, format!("{start} has expired; check the clock of this machine"));
    assert_eq!(dated(2900, 2901).await, format!("{start} is not valid yet; check the clock of this machine"));
}

#[tokio::test]
async fn a_server_without_tls_is_told_in_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let error = builder().build().unwrap().send(get(&url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
}

#[tokio::test]
async fn certificates_that_cannot_be_read_are_a_matter_of_configuration() {
    for pem in ["", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let transport = builder().add_root_certificates(pem).build().unwrap();
        let error = transport.send(get("https://127.0.0.1:1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    }
}
