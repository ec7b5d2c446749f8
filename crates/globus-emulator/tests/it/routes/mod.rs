//! Every route that the services have is here, too.
//!
//! `routes.txt` lists them; with `GLOBUS_CONTRACT_DIR` the recorded contract is compared with that list. (A relative path
//! starts at the workspace's root.)

mod list;

use reqwest::{Method, StatusCode};

use crate::support::{World, answer};

/// The services whose routes are complete.
const SERVICES: &[&str] = &["auth", "groups", "transfer"];

#[tokio::test]
async fn every_route_is_answered() {
    let world = World::new().await;
    let mut routes = 0;
    let mut missing = Vec::new();
    for service in SERVICES {
        let listed = list::committed(service);
        assert_eq!(
            listed,
            list::recorded(service).unwrap_or_else(|| listed.clone()),
            "the routes of {service}"
        );
        for route in listed {
            routes += 1;
            if !is_there(&world, &route).await {
                missing.push(route);
            }
        }
    }
    println!("emulator: {} of {routes} routes", routes - missing.len());
    assert!(missing.is_empty(), "not there: {missing:?}");
}

/// Asks without a token: a route that is there wants one, or refuses what it was sent, but knows what was meant.
async fn is_there(world: &World, route: &list::Route) -> bool {
    let method = Method::from_bytes(route.verb.as_bytes()).unwrap();
    let (status, body) = answer(world.http.request(method, world.at(&route.path()))).await;
    let unknown = body["message"].as_str().is_some_and(|message| message.starts_with("There is nothing at"));
    status != StatusCode::METHOD_NOT_ALLOWED && !unknown
}

#[tokio::test]
async fn what_is_no_route_is_known_as_none() {
    let world = World::new().await;
    for (verb, template) in [
        ("GET", "/v0.10/endpoints"),
        ("POST", "/v0.10/task_list"),
        ("PUT", "/v2/tunnels/{id}"),
        ("GET", "/v0.10/endpoint_manager"),
    ] {
        let route = list::Route { verb: verb.to_owned(), template: template.to_owned() };
        assert!(!is_there(&world, &route).await, "{route:?}");
    }
}
