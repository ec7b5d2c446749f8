//! What the tests say over and over.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use globus_emulator::{Builder, Emulator};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) const TRANSFER: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";
pub(crate) const GROUPS: &str = "urn:globus:auth:scope:groups.api.globus.org:all";
pub(crate) const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";

/// An emulator and a client to talk to it.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
}

/// The status and the document of an answer.
pub(crate) type Answer = (StatusCode, Value);

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Emulator::builder().retry_interval(Duration::from_millis(20))).await
    }

    pub(crate) async fn with(builder: Builder) -> Self {
        let emulator = builder.start().await.unwrap();
        // A build of the whole workspace gives reqwest TLS, but no crypto provider for it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { emulator, http }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.url())
    }

    /// The URL that the native client sends its user to.
    pub(crate) fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let display = self.at("v2/web/auth-code");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut fields = vec![
            ("client_id", self.emulator.native_client_id()),
            ("redirect_uri", display.as_str()),
            ("scope", "openid profile email"),
            ("state", "_default"),
            ("response_type", "code"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
        ];
        for change in changes {
            fields.retain(|(name, _)| *name != change.0);
            fields.push(*change);
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.at(&format!("v2/oauth2/authorize?{query}"))
    }

    /// A code for the native client.
    pub(crate) async fn code(&self, scope: &str) -> String {
        self.emulator.approve(&self.authorize_url(&[("scope", scope)])).await.unwrap()
    }

    /// Exchanges a code as the native client.
    pub(crate) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let display = self.at("v2/web/auth-code");
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.emulator.native_client_id()),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", &display),
        ];
        for change in changes {
            form.retain(|(name, _)| *name != change.0);
            form.push(*change);
        }
        self.token(&form, None).await
    }

    /// Logs the user in; the answer of the token endpoint.
    pub(crate) async fn login(&self, scope: &str) -> Value {
        let (status, body) = self.exchange(&self.code(scope).await, &[]).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// An access token of the user for one scope.
    pub(crate) async fn user(&self, scope: &str) -> String {
        text(&self.login(scope).await["access_token"])
    }

    /// An access token of somebody else for one scope.
    pub(crate) async fn user_named(&self, username: &str, scope: &str) -> String {
        let url = self.authorize_url(&[("scope", scope), ("emulator_user", username)]);
        let code = self.emulator.approve(&url).await.unwrap();
        text(&self.exchange(&code, &[]).await.1["access_token"])
    }

    /// The id of an identity.
    pub(crate) async fn identity(&self, username: &str) -> String {
        let (id, secret) = self.secret().unwrap();
        let url = self.at(&format!("v2/api/identities?usernames={username}"));
        text(&answer(self.http.get(url).basic_auth(id, Some(secret))).await.1["identities"][0]["id"])
    }

    /// The id of one of the user's groups.
    pub(crate) async fn group(&self, name: &str) -> String {
        let token = self.user(GROUPS).await;
        let (_, groups) = self.get(&token, "v2/groups/my_groups").await;
        text(&groups.as_array().unwrap().iter().find(|group| group["name"] == name).unwrap()["id"])
    }

    /// An access token of the confidential client for one scope.
    pub(crate) async fn client(&self, scope: &str) -> String {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        text(&self.token(&form, self.secret()).await.1["access_token"])
    }

    /// Id and secret of the confidential client.
    pub(crate) fn secret(&self) -> Option<(&str, &str)> {
        Some((self.emulator.client_id(), self.emulator.client_secret()))
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Answer {
        self.form("v2/oauth2/token", form, basic).await
    }

    pub(crate) async fn form(
        &self,
        path: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Answer {
        let mut request = self.http.post(self.at(path)).form(form);
        if let Some((id, secret)) = basic {
            request = request.basic_auth(id, Some(secret));
        }
        answer(request).await
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        answer(self.http.get(self.at(path)).bearer_auth(token)).await
    }

    pub(crate) async fn send(&self, method: Method, token: &str, path: &str, body: &Value) -> Answer {
        answer(self.http.request(method, self.at(path)).bearer_auth(token).json(body)).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, token, path, body).await
    }

    /// Submits a transfer from the first collection to the second; `more` is merged into the document.
    pub(crate) async fn submit(&self, token: &str, items: &[(&str, &str)], more: Value) -> Answer {
        let submission = text(&self.get(token, "v0.10/submission_id").await.1["value"]);
        let items: Vec<Value> = items
            .iter()
            .map(|(from, to)| json!({ "DATA_TYPE": "transfer_item", "source_path": from, "destination_path": to }))
            .collect();
        let mut document = json!({
            "DATA_TYPE": "transfer",
            "submission_id": submission,
            "source_endpoint": self.emulator.collection_a(),
            "destination_endpoint": self.emulator.collection_b(),
            "DATA": items,
        });
        for (name, value) in more.as_object().unwrap() {
            document[name] = value.clone();
        }
        self.post(token, "v0.10/transfer", &document).await
    }

    /// Waits until the document of the task is as wanted.
    pub(crate) async fn until(&self, token: &str, task: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1000 {
            let (_, document) = self.get(token, &format!("v0.10/task/{task}")).await;
            if wanted(&document) {
                return document;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the task did not get there: {:?}", self.get(token, &format!("v0.10/task/{task}")).await);
    }

    /// Transfers, and waits for the end; the task's last document.
    pub(crate) async fn transfer(&self, token: &str, items: &[(&str, &str)], more: Value) -> Value {
        let (status, body) = self.submit(token, items, more).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{body}");
        self.until(token, &text(&body["task_id"]), |task| task["status"] != "ACTIVE").await
    }
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
