//! HTTPS against a server with a CA of its own.

use std::io::Write as _;
use std::sync::Arc;

use globus_authorizers::AccessTokenAuthorizer;
use globus_transport::{ErrorKind, Settings, TransportBuilder, VerifySsl};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::{builder, get};

struct Secure {
    url: String,
    ca_pem: String,
}

/// A server for `localhost` that answers everything with `{}`.
async fn server() -> Secure {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, format!("CA of {port}"));
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let url = format!("https://localhost:{port}");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    Secure { url, ca_pem: ca.pem() }
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
