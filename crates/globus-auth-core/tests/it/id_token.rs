use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use globus_auth_core::id_token::{
    IdTokenAlgorithm, IdTokenClaims, IdTokenError, IdTokenErrorKind as Kind, IdTokenVerifier, JsonWebKey,
    JsonWebKeySet, OpenIdConfiguration,
};
use globus_auth_core::{Secret, UnixTime};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding};
use serde_json::{Value, json};

const ISSUER: &str = "https://auth.globus.org";
const CLIENT: &str = "11111111-2222-4333-8444-555555555555";
const NOW: i64 = 1_700_000_000;

fn key() -> KeyPair {
    KeyPair::from_pkcs8(include_bytes!("fixtures/test-only-rsa-key.pk8.der")).unwrap()
}

fn other_key() -> KeyPair {
    KeyPair::from_pkcs8(include_bytes!("fixtures/test-only-other-rsa-key.pk8.der")).unwrap()
}

fn jwk(kid: &str, key: &KeyPair) -> JsonWebKey {
    let numbers = PublicKeyComponents::<Vec<u8>>::from(key.public());
    JsonWebKey::rsa(kid, URL_SAFE_NO_PAD.encode(numbers.n), URL_SAFE_NO_PAD.encode(numbers.e))
}

fn verifier() -> IdTokenVerifier {
    IdTokenVerifier::new(ISSUER, CLIENT, JsonWebKeySet::new([jwk("one", &key()), jwk("two", &other_key())]))
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "identity", "aud": CLIENT, "exp": NOW + 600, "iat": NOW, "nonce": "the-nonce",
        "preferred_username": "someone@example.org", "identity_set": [{"sub": "identity"}],
    })
}

/// The usual claims with some of them replaced, or taken out where the value is null.
fn claims_with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn sign_as(encoding: &'static dyn RsaEncoding, key: &KeyPair, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn sign(claims: &Value) -> String {
    sign_as(&RSA_PKCS1_SHA256, &key(), &json!({"alg": "RS256", "kid": "one"}), claims)
}

fn verify(verifier: &IdTokenVerifier, token: &str) -> Result<IdTokenClaims, IdTokenError> {
    verifier.verify(&Secret::from(token), UnixTime::from_seconds(NOW))
}

#[track_caller]
fn assert_refused(token: &str, kind: Kind) {
    let err = verify(&verifier(), token).unwrap_err();
    assert_eq!(err.kind(), kind, "{err}");
    assert!(token.len() < 20 || !format!("{err} {err:?}").contains(token));
}

#[test]
fn a_good_token_gives_its_claims_and_keeps_those_it_does_not_know() {
    let claims = verify(&verifier(), &sign(&claims())).unwrap();
    assert_eq!((claims.sub.as_str(), claims.aud.as_slice()), ("identity", [CLIENT.to_owned()].as_slice()));
    assert_eq!(claims.exp.as_seconds(), NOW + 600);
    assert_eq!(claims.preferred_username.as_deref(), Some("someone@example.org"));
    assert_eq!(claims.extra["identity_set"][0]["sub"], "identity");
}

#[test]
fn a_changed_part_is_a_bad_signature() {
    let token = sign(&claims());
    let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let payload = URL_SAFE_NO_PAD.encode(claims_with(&json!({"sub": "someone else"})).to_string());
    assert_refused(&format!("{header}.{payload}.{signature}"), Kind::BadSignature);
    let (signed, _) = token.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[100] ^= 1;
    assert_refused(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&bytes)), Kind::BadSignature);
    assert_refused(&format!("{signed}."), Kind::BadSignature);
    let other_header =
        URL_SAFE_NO_PAD.encode(json!({"alg": "RS256", "kid": "one", "typ": "JWT"}).to_string());
    let (_, rest) = token.split_once('.').unwrap();
    assert_refused(&format!("{other_header}.{rest}"), Kind::BadSignature);
}

#[test]
fn a_token_cut_off_anywhere_is_refused() {
    let (token, verifier) = (sign(&claims()), verifier());
    for end in 0..token.len() {
        assert!(verify(&verifier, &token[..end]).is_err(), "cut off at {end}");
    }
}

#[test]
fn only_the_named_algorithms_are_accepted() {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for alg in ["none", "None", "HS256", "HS512", "RS384", "PS256", "ES256", "rs256", ""] {
        let unsigned = format!("{}.{}.", part(&json!({"alg": alg, "kid": "one"})), part(&claims()));
        assert_refused(&unsigned, Kind::UnsupportedAlgorithm);
        let err = verify(&verifier(), &unsigned).unwrap_err();
        assert!(err.to_string().contains(&format!("{alg:?}, only [RS256, RS512]")), "{err}");
    }
    let rs512 = part(&json!({"alg": "RS512", "kid": "one"}));
    assert_refused(&format!("{rs512}.{}.", part(&claims())), Kind::BadSignature);
    // The public key as the secret of an HMAC: the classic confusion.
    let header = part(&json!({"alg": "HS256", "kid": "one"}));
    let signed = format!("{header}.{}", part(&claims()));
    let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, jwk("one", &key()).n.unwrap().as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&secret, signed.as_bytes()));
    assert_refused(&format!("{signed}.{tag}"), Kind::UnsupportedAlgorithm);
    // Signed in another way than it says.
    let header = json!({"alg": "RS256", "kid": "one"});
    assert_refused(&sign_as(&RSA_PKCS1_SHA384, &key(), &header, &claims()), Kind::BadSignature);
}

#[test]
fn the_configuration_of_the_issuer_says_which_algorithms_are_accepted() {
    let configuration = |algorithms: Value| -> OpenIdConfiguration {
        let text = json!({"issuer": ISSUER, "jwks_uri": "https://auth.globus.org/jwk.json", "more": 1,
            "id_token_signing_alg_values_supported": algorithms});
        serde_json::from_value(text).unwrap()
    };
    let keys = || JsonWebKeySet::new([jwk("one", &key())]);
    let make = |algorithms| IdTokenVerifier::from_configuration(&configuration(algorithms), CLIENT, keys());
    let rs512 = sign_as(&RSA_PKCS1_SHA512, &key(), &json!({"alg": "RS512", "kid": "one"}), &claims());
    assert!(verify(&make(json!(["RS512"])), &rs512).is_ok());
    assert!(verify(&make(json!(["RS256", "RS512"])), &sign(&claims())).is_ok());
    for (verifier, token) in [
        (make(json!(["RS512"])), sign(&claims())),
        (make(json!(["RS256"])), rs512.clone()),
        (make(json!(["none", "HS256"])), rs512.clone()),
        (make(json!([])), rs512.clone()),
    ] {
        assert_eq!(verify(&verifier, &token).unwrap_err().kind(), Kind::UnsupportedAlgorithm);
    }
    // Where nobody announces anything, both are accepted.
    assert!(verify(&verifier(), &rs512).is_ok() && verify(&verifier(), &sign(&claims())).is_ok());
    assert!(verify(&verifier().with_algorithms([IdTokenAlgorithm::Rs512]), &rs512).is_ok());
    assert_eq!(serde_json::to_value(configuration(json!(["RS512"]))).unwrap()["more"], 1);
}

#[test]
fn the_key_is_the_one_that_the_token_names() {
    let named = |kid: &str, key: &KeyPair| {
        sign_as(&RSA_PKCS1_SHA256, key, &json!({"alg": "RS256", "kid": kid}), &claims())
    };
    assert!(verify(&verifier(), &named("two", &other_key())).is_ok());
    assert_refused(&named("two", &key()), Kind::BadSignature);
    assert_refused(&named("three", &key()), Kind::UnknownKey);
    let unnamed = sign_as(&RSA_PKCS1_SHA256, &key(), &json!({"alg": "RS256"}), &claims());
    assert_refused(&unnamed, Kind::UnknownKey);
    let with_keys = |keys: Value| IdTokenVerifier::new(ISSUER, CLIENT, serde_json::from_value(keys).unwrap());
    let rsa = json!(jwk("one", &key()));
    let elliptic = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"});
    assert!(verify(&with_keys(json!({"keys": [elliptic, rsa]})), &unnamed).is_ok());
    for useless in [
        json!({"kty": "RSA", "kid": "one", "use": "enc", "n": rsa["n"], "e": rsa["e"]}),
        json!({"kty": "RSA", "kid": "one", "alg": "RS512", "n": rsa["n"], "e": rsa["e"]}),
        json!({"kty": "oct", "kid": "one", "k": "AA"}),
    ] {
        let err = verify(&with_keys(json!({"keys": [useless]})), &named("one", &key())).unwrap_err();
        assert_eq!(err.kind(), Kind::UnknownKey);
    }
    for broken in
        [json!({"kty": "RSA", "kid": "one"}), json!({"kty": "RSA", "kid": "one", "n": "!", "e": "AQAB"})]
    {
        let err = verify(&with_keys(json!({"keys": [broken]})), &named("one", &key())).unwrap_err();
        assert_eq!(err.kind(), Kind::BadSignature);
    }
}

#[test]
fn issuer_and_audience_must_be_ours() {
    for (changes, kind) in [
        (json!({"iss": "https://auth.globus.org.evil.example"}), Some(Kind::WrongIssuer)),
        (json!({"iss": "https://auth.globus.org/"}), Some(Kind::WrongIssuer)),
        (json!({"aud": "another"}), Some(Kind::WrongAudience)),
        (json!({"aud": []}), Some(Kind::WrongAudience)),
        (json!({"aud": ["another"]}), Some(Kind::WrongAudience)),
        (json!({"aud": [CLIENT]}), None),
        (json!({"aud": [CLIENT, "another"]}), Some(Kind::WrongAudience)),
        (json!({"aud": [CLIENT, "another"], "azp": "another"}), Some(Kind::WrongAudience)),
        (json!({"aud": [CLIENT, "another"], "azp": CLIENT}), None),
        (json!({"azp": "another"}), Some(Kind::WrongAudience)),
    ] {
        let answer = verify(&verifier(), &sign(&claims_with(&changes)));
        assert_eq!(answer.err().map(|err| err.kind()), kind, "{changes}");
    }
}

#[test]
fn times_are_held_to_the_leeway() {
    let strict = || verifier().with_leeway(Duration::ZERO);
    for (verifier, changes, kind) in [
        (verifier(), json!({"exp": NOW - 299}), None),
        (verifier(), json!({"exp": NOW - 300}), Some(Kind::Expired)),
        (verifier(), json!({"exp": NOW as f64 - 298.5}), None),
        (strict(), json!({"exp": NOW}), Some(Kind::Expired)),
        (strict(), json!({"exp": NOW + 1}), None),
        (verifier(), json!({"exp": i64::MIN}), Some(Kind::Expired)),
        (verifier(), json!({"exp": 1e300}), None),
        (verifier(), json!({"iat": NOW + 300}), None),
        (verifier(), json!({"iat": NOW + 301}), Some(Kind::NotYetValid)),
        (strict(), json!({"iat": NOW + 1}), Some(Kind::NotYetValid)),
        (verifier(), json!({"iat": null}), None),
        (verifier(), json!({"nbf": NOW + 301}), Some(Kind::NotYetValid)),
        (verifier(), json!({"nbf": u64::MAX}), Some(Kind::NotYetValid)),
    ] {
        let answer = verify(&verifier, &sign(&claims_with(&changes)));
        assert_eq!(answer.err().map(|err| err.kind()), kind, "{changes}");
    }
}

#[test]
fn a_nonce_is_compared_when_one_is_expected() {
    let expecting = || verifier().with_nonce("the-nonce");
    assert!(verify(&expecting(), &sign(&claims())).is_ok());
    for changes in [json!({"nonce": "another"}), json!({"nonce": null}), json!({"nonce": "the-nonce "})] {
        let err = verify(&expecting(), &sign(&claims_with(&changes))).unwrap_err();
        assert_eq!(err.kind(), Kind::WrongNonce);
        assert!(!err.to_string().contains("the-nonce"));
    }
    assert!(!format!("{:?}", expecting()).contains("the-nonce"));
}

#[test]
fn what_is_no_signed_token_is_malformed() {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = part(r#"{"alg": "RS256", "kid": "one"}"#);
    for token in [
        String::new(),
        "..".to_owned(),
        "a.b".to_owned(),
        format!("{header}.{}", part("{}")),
        format!("{header}.{}.AA.AA", part("{}")),
        format!("{header}=.{}.AA", part("{}")),
        format!("{header}.!.AA"),
        format!("{}.{}.AA", part("[]"), part("{}")),
        format!("{}.{}.AA", part(r#"{"kid": "one"}"#), part("{}")),
        format!("{}.{}.AA", part(r#"{"alg": "RS256", "alg": "none"}"#), part("{}")),
        format!("{}.{}.AA", part(r#"{"alg": "RS256", "crit": ["b64"]}"#), part("{}")),
        format!("{header}.{}.AA", "A".repeat(1_000_000)),
    ] {
        assert_refused(&token, Kind::Malformed);
    }
    for claims in [
        json!([]),
        json!("x"),
        claims_with(&json!({"exp": null})),
        claims_with(&json!({"exp": "soon"})),
        claims_with(&json!({"sub": null})),
        claims_with(&json!({"aud": 1})),
        claims_with(&json!({"iss": null})),
    ] {
        assert_refused(&sign(&claims), Kind::Malformed);
    }
}
