//! What the login clients have in common: flows, and tokens.

use globus_auth_core::id_token::{JsonWebKey, JsonWebKeySet, OpenIdConfiguration};
use globus_auth_core::login::{LoginFlow, LoginFlowBuilder};
use globus_auth_core::{ManualClock, OAuthToken, OAuthTokenResponse, Secret, UnixTime};
use globus_services::auth::{ClientKind, ClientType, ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_services::{Error, ErrorKind};
use serde_json::{Map, Value, json};

use super::{Clients, Outcome, answer};
use crate::args::Args;

const CLIENT_ID: &str = "11111111-2222-4333-8444-555555555555";
const CLIENT_SECRET: &str = "stub-client-secret";
const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);
const AUTH: &str = "https://auth.globus.org";
/// What is shown of a state that nobody gave.
const RANDOM: &str = "(random)";

/// A login client that talks to the server of the test.
#[expect(clippy::expect_used, reason = "a loopback address is a service's")]
pub(super) fn native(clients: &Clients) -> NativeAppAuthClient {
    NativeAppAuthClient::builder(CLIENT_ID)
        .base_url(&clients.url)
        .transport(Clients::transport())
        .clock(ManualClock::at(NOW))
        .build()
        .expect("a loopback address is a service's")
}

/// The same with a secret.
#[expect(clippy::expect_used, reason = "a loopback address is a service's")]
pub(super) fn confidential(clients: &Clients) -> ConfidentialAppAuthClient {
    ConfidentialAppAuthClient::builder(CLIENT_ID, CLIENT_SECRET)
        .base_url(&clients.url)
        .transport(Clients::transport())
        .clock(ManualClock::at(NOW))
        .build()
        .expect("a loopback address is a service's")
}

/// What comes of a call that belongs to a login, when none was started.
pub(super) fn no_login() -> Outcome {
    Outcome::Unsayable("a login is a value: before one is started, there is nothing to ask".to_owned())
}

/// The parameters that the flows of both clients have.
pub(super) fn flow(mut builder: LoginFlowBuilder, args: &Args) -> LoginFlowBuilder {
    if let Some(state) = args.text("state") {
        builder = builder.state(state);
    }
    if let Some(wanted) = args.flag("refresh_tokens") {
        builder = builder.refresh_tokens(wanted);
    }
    if let Some(name) = args.text("prefill_named_grant") {
        builder = builder.prefill_named_grant(name);
    }
    if let Some(verifier) = args.text("verifier") {
        builder = builder.code_verifier(verifier);
    }
    builder
}

/// The parameters of the authorize URL.
pub(super) fn session(mut builder: LoginFlowBuilder, args: &Args) -> LoginFlowBuilder {
    if let Some(required) = args.flag("session_required_mfa") {
        builder = builder.session_required_mfa(required);
    }
    if let Some(message) = args.text("session_message") {
        builder = builder.session_message(message);
    }
    if let Some(prompt) = args.text("prompt") {
        builder = builder.prompt(prompt);
    }
    if let Some(identities) = args.texts("session_required_identities") {
        builder = builder.session_required_identities(identities);
    }
    if let Some(domains) = args.texts("session_required_single_domain") {
        builder = builder.session_required_single_domain(domains);
    }
    if let Some(policies) = args.texts("session_required_policies") {
        builder = builder.session_required_policies(policies);
    }
    for (name, value) in args.query_params() {
        builder = builder.query_param(name, value);
    }
    builder
}

pub(super) fn start(builder: LoginFlowBuilder) -> Result<LoginFlow, Outcome> {
    builder.start().map_err(|err| Outcome::Failed(Error::new(ErrorKind::Usage, err.to_string())))
}

/// What the authorize URL holds.
pub(super) fn authorize_url(builder: LoginFlowBuilder) -> Outcome {
    let flow = match start(builder) {
        Ok(flow) => flow,
        Err(failed) => return failed,
    };
    let url = flow.authorize_url().replace(flow.state(), shown(flow.state()));
    let (endpoint, query) = url.split_once('?').unwrap_or((&url, ""));
    Outcome::Result(json!({"url": url, "endpoint": endpoint, "query": parameters(query)}))
}

/// What is known of a flow.
pub(super) fn started(builder: LoginFlowBuilder, pkce: bool) -> Outcome {
    let flow = match start(builder) {
        Ok(flow) => flow,
        Err(failed) => return failed,
    };
    let parameters = parameters(flow.authorize_url().split_once('?').unwrap_or_default().1);
    let mut result = json!({
        "requested_scopes": parameters["scope"], "redirect_uri": flow.redirect_uri(), "state": shown(flow.state()),
        "refresh_tokens": parameters["access_type"] == "offline",
    });
    if pkce {
        result["code_verifier"] = flow.pending().code_verifier.as_ref().map(Secret::expose).into();
        result["code_challenge"] = parameters["code_challenge"].clone();
    }
    Outcome::Result(result)
}

/// A state is shown as random when it can be nothing else: 43 characters of base64url.
fn shown(state: &str) -> &str {
    if state.len() == 43 { RANDOM } else { state }
}

fn parameters(query: &str) -> Value {
    let text = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (text(name), Value::from(text(value)))).collect::<Map<_, _>>().into()
}

pub(super) fn tokens(answer: Result<OAuthTokenResponse, Error>) -> Outcome {
    let token = |token: &OAuthToken| {
        json!({
            "scope": token.scope(), "access_token": token.access_token().expose(),
            "refresh_token": token.refresh_token().map(Secret::expose), "token_type": token.token_type(),
            "expires_at_seconds": token.expires_at().as_seconds(), "resource_server": token.resource_server(),
        })
    };
    match answer {
        Ok(tokens) => {
            let held = tokens.by_resource_server().iter();
            let held: Map<_, _> = held.map(|(server, held)| (server.clone(), token(held))).collect();
            Outcome::Result(json!({"clock": NOW.as_seconds(), "by_resource_server": held}))
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// The kind of a new client; why not, when none or two were given.
pub(super) fn client_kind(args: &Args) -> Result<ClientKind, Outcome> {
    match (args.text("client_type"), args.flag("public_client")) {
        (Some(client_type), None) => Ok(ClientType::from(client_type).into()),
        (None, Some(public)) => Ok(ClientKind::Public(public)),
        _ => Err(Outcome::Unsayable("a new client has one kind".to_owned())),
    }
}

/// Both addresses that a client links to, or none.
pub(super) fn client_links(args: &Args) -> Result<Option<(String, String)>, Outcome> {
    match (args.text("terms_and_conditions"), args.text("privacy_policy")) {
        (Some(terms), Some(policy)) => Ok(Some((terms, policy))),
        (None, None) => Ok(None),
        _ => Err(Outcome::Unsayable("links are given together".to_owned())),
    }
}

/// The configuration as `get_jwk` takes it, at the server of the test.
pub(super) fn configuration(clients: &Clients, args: &Args) -> Option<OpenIdConfiguration> {
    let mut given = args.value("openid_configuration")?;
    given["issuer"] = AUTH.into();
    let text = given.to_string().replace(AUTH, clients.url.trim_end_matches('/'));
    serde_json::from_str(&text).ok()
}

pub(super) fn keys(keys: Result<JsonWebKeySet, Error>, as_pem: bool) -> Outcome {
    match keys {
        Ok(keys) if as_pem => {
            let pem = keys.keys.first().and_then(JsonWebKey::to_pem);
            Outcome::Result(pem.and_then(|pem| public_key(&pem)).unwrap_or_default())
        }
        keys => answer(keys),
    }
}

/// The numbers of an RSA key in PEM.
fn public_key(pem: &str) -> Option<Value> {
    let lines = pem.lines().filter(|line| !line.starts_with('-'));
    let der = base64(&lines.collect::<String>());
    // The numbers are all that stands between the start of the bit string and the end.
    let start = der.windows(3).position(|bytes| bytes == [5, 0, 3])? + 2;
    let (_, bits) = der_value(der.get(start..)?)?;
    let (_, numbers) = der_value(bits.get(1..)?)?;
    let (used, modulus) = der_value(numbers)?;
    let (_, exponent) = der_value(numbers.get(used..)?)?;
    let exponent = exponent.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let digits = modulus.iter().skip_while(|byte| **byte == 0);
    let modulus: String = digits.map(|byte| format!("{byte:02x}")).collect();
    Some(json!({"kind": "RSA public key", "e": exponent, "modulus_hex": modulus}))
}

/// How long the first value is, tag and length included, and what it holds.
fn der_value(der: &[u8]) -> Option<(usize, &[u8])> {
    let (start, length) = match usize::from(*der.get(1)?) {
        short @ 0..0x80 => (2, short),
        long => {
            let digits = der.get(2..2 + (long & 0x7f))?;
            (2 + digits.len(), digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)))
        }
    };
    Some((start + length, der.get(start..start + length)?))
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<_> = text.chars().filter_map(|character| ALPHABET.find(character)).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = four.iter().fold(0_usize, |bits, digit| bits << 6 | digit) << (6 * (4 - four.len()));
        [bits >> 16, bits >> 8, bits].map(|byte| byte as u8).into_iter().take(four.len() - 1)
    });
    bytes.collect()
}
