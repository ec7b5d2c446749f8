//! TLS, with a server whose certificate a private authority vouches for.

use globus_tokenstorage::{StorageError, StorageErrorKind, TokenStorage};

use crate::server::Server;
use crate::support::{admin, builder, database_at, token};

/// Whether each session with this name is encrypted.
async fn sessions(url: &str, name: &str) -> Vec<bool> {
    let sql = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = $1";
    let rows = admin(url).await.query(sql, &[&name]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn refused(result: Result<impl Sized, StorageError>, why: &str) {
    let Err(err) = result else { panic!("it connected") };
    assert!(err.kind() == StorageErrorKind::Unreadable && err.to_string().contains(why), "{err} {err:?}");
}

#[tokio::test]
async fn tls_trusts_the_authority_that_is_given_and_no_other() {
    let server = Server::start();
    let url = database_at(&server.url()).await;

    let given = builder(&format!("{url}?sslmode=require&application_name=given"))
        .with_ca_certificates(server.ca.clone());
    let given = given.connect().await.unwrap();
    given.store_token_data(&token("rs", "Ag1")).await.unwrap();
    let _lock = given.lock("rs").await.unwrap();
    assert_eq!(sessions(&url, "given").await, [true, true]);

    let file = server.socket().join("ca.pem");
    std::fs::write(&file, &server.ca).unwrap();
    let in_url = format!("{url}?sslmode=verify-full&sslrootcert={}", file.display());
    builder(&in_url).connect().await.unwrap();

    let other = Server::start();
    refused(
        builder(&format!("{url}?sslmode=require")).with_ca_certificates(other.ca.clone()).connect().await,
        "its issuer is unknown here; give the issuer with `sslrootcert=<file>`",
    );
    // Those of the platform do not know it either.
    refused(builder(&format!("{url}?sslmode=require")).connect().await, "its issuer is unknown here");
    let by_address = url.replacen("@localhost:", "@127.0.0.1:", 1);
    refused(
        builder(&format!("{by_address}?sslmode=require"))
            .with_ca_certificates(server.ca.clone())
            .connect()
            .await,
        "issued for another name",
    );
    // On this machine nothing is gained by insisting.
    builder(&format!("{url}?application_name=preferred")).connect().await.unwrap();

    for (roots, why) in [("no PEM", "holds no certificate"), ("-----BEGIN CERTIFICATE-----\nx", "is not PEM")]
    {
        let broken = builder(&format!("{url}?sslmode=require")).with_ca_certificates(roots);
        refused(broken.connect().await, why);
    }
    refused(
        builder(&format!("{url}?sslmode=require&sslrootcert=/nowhere")).connect().await,
        "/nowhere cannot be read",
    );
}

#[tokio::test]
async fn a_unix_socket_is_spoken_to_without_tls() {
    let server = Server::start();
    let url = database_at(&server.url()).await;
    let socket = server.socket().display().to_string().replace('/', "%2F");
    let by_socket = url.replacen("localhost", &socket, 1);
    assert!(by_socket.contains(&format!(":{}", server.port())));
    let storage = builder(&by_socket).connect().await.unwrap();
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    builder(&format!("{by_socket}?sslmode=require")).connect().await.unwrap();
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_wanted() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        stream.writable().await.unwrap();
        stream.try_write(b"N").unwrap();
        std::future::pending::<()>().await;
    });
    refused(
        builder(&format!("postgres://u:p@{address}/d?sslmode=require")).connect().await,
        "no secure connection could be made",
    );
}
