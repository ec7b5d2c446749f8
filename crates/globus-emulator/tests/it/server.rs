//! The server itself: who it lets in, where it listens, what it leaves behind.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use globus_emulator::Emulator;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::World;

const CONFIGURATION: &str = ".well-known/openid-configuration";

#[tokio::test]
async fn other_hosts_and_pages_from_elsewhere_are_kept_out() {
    let world = World::new().await;
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap();
    let configuration = world.at(CONFIGURATION);
    let foreign = status(world.http.get(&configuration).header("host", "evil.example.org")).await;
    assert_eq!(foreign.status(), StatusCode::MISDIRECTED_REQUEST);
    let origin = async |origin: &'static str| {
        let response = status(world.http.get(&configuration).header("origin", origin)).await;
        response.headers().contains_key("access-control-allow-origin")
    };
    assert!(origin("http://localhost:5173").await);
    assert!(!origin("https://evil.example.org").await);
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let world = World::new().await;
    let address: SocketAddr =
        world.emulator.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    assert_eq!(address.ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    // All of 127/8 is this machine; who listens on every address would be found at another one of them.
    if cfg!(target_os = "linux") {
        let elsewhere = SocketAddr::from(([127, 0, 0, 2], address.port()));
        assert!(tokio::net::TcpStream::connect(elsewhere).await.is_err());
    }
}

#[tokio::test]
async fn it_listens_elsewhere_when_told_and_still_knows_its_names() {
    let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let builder = Emulator::builder().insecure_bind(everywhere).allow_host("globus");
    let emulator = builder.start().await.unwrap();
    let port = emulator.url().trim_start_matches("http://globus:").trim_end_matches('/').parse().unwrap();
    let elsewhere = SocketAddr::from(([127, 0, 0, 1], port));
    let http = reqwest::Client::builder().resolve("globus", elsewhere).resolve("evil.example.org", elsewhere);
    let http = http.build().unwrap();
    for host in ["globus", "127.0.0.1", "localhost"] {
        let answer = http.get(format!("http://{host}:{port}/{CONFIGURATION}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{host}");
        let document = answer.text().await.unwrap();
        assert!(document.contains(&format!("http://globus:{port}/jwk.json")), "{document}");
    }
    let evil = http.get(format!("http://evil.example.org:{port}/{CONFIGURATION}")).send().await.unwrap();
    assert_eq!(evil.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_seed_repeats_the_ids_and_secrets() {
    let one = Emulator::builder().seed(7).start().await.unwrap();
    let two = Emulator::builder().seed(7).start().await.unwrap();
    let three = Emulator::start().await.unwrap();
    assert_eq!(one.client_secret(), two.client_secret());
    assert_eq!(one.client_id(), two.client_id());
    assert_ne!(one.client_secret(), three.client_secret());
}

#[tokio::test]
async fn a_stopped_emulator_takes_its_directories_along() {
    let emulator = Emulator::start().await.unwrap();
    let (url, dir) = (emulator.url().to_owned(), emulator.collection_a_dir().to_path_buf());
    assert!(dir.join("share/godata/file1.txt").exists());
    emulator.stop().await;
    assert!(!dir.exists());
    assert!(reqwest::get(url).await.is_err());
}

#[tokio::test]
async fn the_status_page_shows_how_to_use_it() {
    let world = World::new().await;
    let html = world.http.get(world.emulator.url()).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("export GLOBUS_SDK_SERVICE_URL_AUTH=") && html.contains("Tutorial Collection 1"));
    assert!(!html.contains(world.emulator.client_secret()));
}

fn variable(emulator: &Emulator, name: &str) -> String {
    emulator.variables().into_iter().find(|(known, _)| known == name).unwrap().1
}

#[tokio::test]
async fn programs_keep_the_tokens_of_each_emulator_apart() {
    let (one, two) = (Emulator::builder().seed(7), Emulator::builder().seed(7));
    let (one, two) = (one.start().await.unwrap(), two.start().await.unwrap());
    for name in ["GLOBUS_PROFILE", "GLOBUS_SDK_HOME"] {
        assert_ne!(variable(&one, name), variable(&two, name));
    }
    let data = tempfile::TempDir::new().unwrap();
    let mut kept = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::builder().data(data.path()).start().await.unwrap();
        kept.push(["GLOBUS_PROFILE", "GLOBUS_SDK_HOME"].map(|name| variable(&emulator, name)));
        emulator.stop().await;
    }
    assert_eq!(kept[0], kept[1]);
}

#[tokio::test]
async fn what_is_not_there_says_so_as_its_service_would() {
    let world = World::new().await;
    let token = world.client(crate::support::TRANSFER).await;
    for (method, path, status) in [
        (Method::GET, "v0.10/nothing", StatusCode::NOT_FOUND),
        (Method::PUT, "v0.10/task_list", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let (answered, body) = world.send(method, &token, path, &json!({})).await;
        assert_eq!(answered, status);
        assert_eq!(body["resource"], format!("/{path}"));
        assert!(body["message"].is_string() && body["request_id"].is_string(), "{body}");
    }
    for service in ["SEARCH", "FLOWS", "TIMER", "COMPUTE"] {
        let url = variable(&world.emulator, &format!("GLOBUS_SDK_SERVICE_URL_{service}"));
        let answer = world.http.post(format!("{url}v1/index")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
        assert!(answer.text().await.unwrap().contains("NotEmulated"));
    }
}
