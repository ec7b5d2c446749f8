//! Calls every method of Transfer.

mod collections;
mod managers;
mod tasks;
mod version_2;

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use super::Answers;
use crate::support::{TRANSFER, World};

/// Recorded answers that are not compared.
pub(super) const EXCUSED: &[(&str, &str)] = &[(
    "get_endpoint",
    "the sample is a host of an older kind, whose activation ends at some time; here nothing is activated",
)];

/// An emulator, and somebody who calls it.
pub(super) struct Caller<'a> {
    world: &'a World,
    token: String,
    a: &'a str,
    b: &'a str,
}

pub(super) async fn answers(world: &World) -> Answers {
    let mut answers = Answers::default();
    let caller = Caller {
        world,
        token: world.user(TRANSFER).await,
        a: world.emulator.collection_a(),
        b: world.emulator.collection_b(),
    };
    caller.collections(&mut answers).await;
    caller.sharing(&mut answers).await;
    caller.files(&mut answers).await;
    caller.tasks(&mut answers).await;
    caller.managers(&mut answers).await;
    caller.version_2(&mut answers).await;
    caller.refusals(&mut answers).await;
    answers
}

impl Caller<'_> {
    /// How each kind of refusal looks.
    async fn refusals(&self, answers: &mut Answers) {
        let unknown = format!("v0.10/endpoint/{}", self.world.emulator.user_id());
        answers.refused("get_endpoint", StatusCode::NOT_FOUND, self.world.get(&self.token, &unknown).await);
        let answer = self.world.get("nonsense", "v0.10/task_list").await;
        answers.refused("task_list", StatusCode::UNAUTHORIZED, answer);
        let body = json!({ "subscription_id": self.world.emulator.user_id() });
        let answer = self.put(&format!("{unknown}/subscription"), &body).await;
        answers.refused("set_subscription_id", StatusCode::NOT_FOUND, answer);
        let stranger = self.world.client(TRANSFER).await;
        let path = format!("v0.10/endpoint/{}/subscription_admin_verified", self.a);
        let body = json!({ "subscription_admin_verified": true });
        let answer = self.world.send(reqwest::Method::PUT, &stranger, &path, &body).await;
        answers.refused("set_subscription_admin_verified", StatusCode::FORBIDDEN, answer);
        let (_, nothing) = self.world.submit(&self.token, &[], json!({})).await;
        answers.refused("submit_transfer", StatusCode::BAD_REQUEST, (StatusCode::BAD_REQUEST, nothing));
        let guarded = self.world.emulator.collection_data_access();
        let answer = self.get(&format!("v0.10/operation/endpoint/{guarded}/ls?path=/")).await;
        answers.refused("operation_ls", StatusCode::FORBIDDEN, answer);
        let answer = self.get(&format!("v2/tunnels/{guarded}")).await;
        answers.refused("get_tunnel", StatusCode::NOT_FOUND, answer);
        self.world.emulator.advance_clock(Duration::from_secs(3600));
        let assured = self.world.emulator.collection_high_assurance();
        let answer = self.get(&format!("v0.10/operation/endpoint/{assured}/stat?path=/")).await;
        answers.refused("operation_stat", StatusCode::FORBIDDEN, answer);
    }

    async fn get(&self, path: &str) -> crate::support::Answer {
        self.world.get(&self.token, path).await
    }

    async fn post(&self, path: &str, body: &serde_json::Value) -> crate::support::Answer {
        self.world.post(&self.token, path, body).await
    }

    async fn put(&self, path: &str, body: &serde_json::Value) -> crate::support::Answer {
        self.world.send(reqwest::Method::PUT, &self.token, path, body).await
    }

    async fn patch(&self, path: &str, body: &serde_json::Value) -> crate::support::Answer {
        self.world.send(reqwest::Method::PATCH, &self.token, path, body).await
    }

    async fn delete(&self, path: &str) -> crate::support::Answer {
        self.world.send(reqwest::Method::DELETE, &self.token, path, &json!({})).await
    }
}
