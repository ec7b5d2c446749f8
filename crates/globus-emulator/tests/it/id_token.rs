//! ID tokens, checked with the published key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use globus_emulator::Emulator;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::{World, answer, text};

#[tokio::test]
async fn an_id_token_is_signed_with_the_published_key() {
    let world = World::new().await;
    let url = world.authorize_url(&[("nonce", "n-1")]);
    let code = world.emulator.approve(&url).await.unwrap();
    let (_, login) = world.exchange(&code, &[]).await;
    let token = text(&login["id_token"]);
    let configuration = answer(world.http.get(world.at(".well-known/openid-configuration"))).await.1;
    let (_, keys) = answer(world.http.get(text(&configuration["jwks_uri"]))).await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    verify(&keys["keys"][0], signed, signature);

    let claims: Value = serde_json::from_slice(&decode(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["iss"], configuration["issuer"]);
    assert_eq!(claims["aud"], world.emulator.native_client_id());
    assert_eq!(claims["sub"], world.emulator.user_id());
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(claims["preferred_username"], world.emulator.username());
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 172_800);
    let hash = Sha256::digest(text(&login["access_token"]));
    assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));
}

fn claims(login: &Value) -> Value {
    let token = text(&login["id_token"]);
    serde_json::from_slice(&decode(token.split('.').nth(1).unwrap())).unwrap()
}

#[tokio::test]
async fn an_id_token_holds_by_the_emulators_clock_and_by_the_wall_clock() {
    let world = World::new().await;
    let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let day = Duration::from_secs(86_400);
    world.emulator.advance_clock(day);
    let ahead = claims(&world.login("openid").await);
    assert!(ahead["iat"].as_u64().unwrap() <= seconds());
    assert!(ahead["exp"].as_u64().unwrap() > seconds() + day.as_secs());
    let behind = World::with(Emulator::builder().clock_offset_seconds(-86_400)).await;
    let behind = claims(&behind.login("openid").await);
    assert!(behind["iat"].as_u64().unwrap() <= seconds() - day.as_secs());
    assert!(behind["exp"].as_u64().unwrap() > seconds());
}

fn verify(key: &Value, signed: &str, signature: &str) {
    let number = |field: &str| BigUint::from_bytes_be(&decode(key[field].as_str().unwrap()));
    let key = VerifyingKey::<Sha256>::new(RsaPublicKey::new(number("n"), number("e")).unwrap());
    let signature = Signature::try_from(decode(signature).as_slice()).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    assert!(key.verify(b"something else", &signature).is_err());
}

fn decode(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}
