//! Properties of what Auth's token endpoint answers.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use globus_auth_core::{OAuthTokenResponse, UnixTime};
use proptest::prelude::*;
use serde_json::{Value, json};

const RECEIVED: UnixTime = UnixTime::from_seconds(1_700_000_000);

/// A token of an answer, with tokens inside, as the wire has it.
#[derive(Clone, Debug)]
struct Wire {
    access_token: String,
    refresh_token: Option<String>,
    resource_server: String,
    scope: String,
    expires_in: u32,
    others: Vec<Self>,
}

impl Wire {
    fn json(&self) -> Value {
        json!({
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "resource_server": self.resource_server,
            "scope": self.scope,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
            "a_field_of_tomorrow": {"access_token": 17},
            "other_tokens": self.others.iter().map(Self::json).collect::<Vec<_>>(),
        })
    }

    /// The token, then those inside, those inside of them last.
    fn flat(&self) -> Vec<&Self> {
        let (mut flat, mut waiting) = (Vec::new(), VecDeque::from([self]));
        while let Some(wire) = waiting.pop_front() {
            waiting.extend(&wire.others);
            flat.push(wire);
        }
        flat
    }
}

/// Tokens that say what they are, so that one can be looked for.
fn wires() -> impl Strategy<Value = Wire> {
    let token = (
        "AgHidden[A-Za-z0-9]{8}",
        prop::option::of("AgHidden[A-Za-z0-9]{9}"),
        "[a-d]\\.api\\.globus\\.org",
        "[a-c]{0,2}( [a-c]{1,2}){0,2}",
        any::<u32>(),
    );
    let leaf = token.prop_map(|(access_token, refresh_token, resource_server, scope, expires_in)| Wire {
        access_token,
        refresh_token,
        resource_server,
        scope,
        expires_in,
        others: Vec::new(),
    });
    leaf.clone().prop_recursive(2, 8, 3, move |inner| {
        (leaf.clone(), prop::collection::vec(inner, 0..3)).prop_map(|(wire, others)| Wire { others, ..wire })
    })
}

proptest! {
    #[test]
    fn every_token_is_read_in_order_with_all_that_it_says(wire in wires()) {
        let response = OAuthTokenResponse::from_json(wire.json().to_string().as_bytes(), RECEIVED).unwrap();
        let expected = wire.flat();
        prop_assert_eq!(response.tokens().len(), expected.len());
        for (token, wire) in response.tokens().iter().zip(&expected) {
            prop_assert_eq!(token.access_token().expose(), &wire.access_token);
            prop_assert_eq!(token.refresh_token().map(|token| token.expose()), wire.refresh_token.as_deref());
            prop_assert_eq!(token.resource_server(), &wire.resource_server);
            prop_assert_eq!(token.scope(), &wire.scope);
            let lifetime = token.expires_at().as_seconds() - RECEIVED.as_seconds();
            prop_assert_eq!(lifetime, i64::from(wire.expires_in));
        }
        // Of two tokens for one resource server, the later is the one that counts.
        let by_server: BTreeMap<_, _> =
            expected.iter().map(|wire| (&*wire.resource_server, &*wire.access_token)).collect();
        let found = response.by_resource_server().iter();
        let found: BTreeMap<_, _> = found.map(|(name, token)| (&**name, token.access_token().expose())).collect();
        prop_assert_eq!(found, by_server);
    }

    #[test]
    fn nothing_printed_shows_a_token(wire in wires()) {
        let response = OAuthTokenResponse::from_json(wire.json().to_string().as_bytes(), RECEIVED).unwrap();
        let shown = format!("{response} {response:?} {response:#?} {:?}", response.by_scopes());
        prop_assert!(!shown.contains("AgHidden"), "{}", shown);
    }

    #[test]
    fn an_answer_that_is_cut_off_is_refused_and_not_quoted(wire in wires(), part in 0.0..1.0_f64) {
        let body = wire.json().to_string();
        let cut = &body.as_bytes()[..(body.len() as f64 * part) as usize];
        let err = OAuthTokenResponse::from_json(cut, RECEIVED).unwrap_err();
        prop_assert!(!err.to_string().contains("AgHidden"), "{}", err);
    }

    #[test]
    fn an_answer_with_one_value_of_another_type_is_refused_or_read_and_not_quoted(
        wire in wires(),
        field in prop::sample::select(vec!["access_token", "refresh_token", "resource_server", "scope", "expires_in", "other_tokens"]),
        value in prop::sample::select(vec![json!(null), json!(true), json!(-1.5), json!("AgHiddenText"), json!(["AgHiddenText"]), json!({"a": "AgHiddenText"})]),
    ) {
        let mut body = wire.json();
        body[field] = value;
        match OAuthTokenResponse::from_json(body.to_string().as_bytes(), RECEIVED) {
            Ok(response) => prop_assert!(response.tokens().iter().all(|token| !token.access_token().is_empty())),
            Err(err) => prop_assert!(!err.to_string().contains("AgHidden"), "{}", err),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = OAuthTokenResponse::from_json(&body, RECEIVED);
    }
}
