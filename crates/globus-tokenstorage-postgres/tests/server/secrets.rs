//! What is in the rows, and what is not.

use globus_auth_core::UnixTime;
use globus_tokenstorage::{EncryptionKey, EncryptionKeys, StorageErrorKind, TokenData, TokenStorage};
use globus_tokenstorage_postgres::PostgresTokenStorage;

use crate::support::{RS, admin, builder, database, key, storage, token};

#[tokio::test]
async fn rows_show_whose_and_for_what_and_never_a_token() {
    let url = database().await;
    let alice = storage(&url).with_namespace("alice");
    let data = TokenData::new(RS, "all", "AgNeedle", UnixTime::from_seconds(1_700_000_000))
        .with_refresh_token(Some("AgNeedleRefresh".into()))
        .with_identity_id(Some("ff3ced1a".to_owned()));
    alice.store_token_data(&data).await.unwrap();
    let admin = admin(&url).await;
    let row = admin.query_one("SELECT t::text FROM globus_sdk_tokens t", &[]).await.unwrap();
    let row: String = row.get(0);
    assert!(
        row.contains("alice") && row.contains(RS) && row.contains("ff3ced1a") && row.contains(key().id()),
        "{row}"
    );
    assert!(!row.contains("Needle"), "{row}");
    let shown = admin
        .query_one("SELECT expires_at = '2023-11-14 22:13:20+00', updated_at > now() - interval '1 hour' FROM globus_sdk_tokens", &[])
        .await
        .unwrap();
    assert!(shown.get::<_, bool>(0) && shown.get::<_, bool>(1));
}

#[tokio::test]
async fn times_beyond_the_calendar_are_kept_to_the_second() {
    let storage = storage(&database().await);
    for seconds in [i64::MIN, -1, 0, 253_402_300_800, i64::MAX] {
        let data = TokenData::new("rs", "s", "Ag1", UnixTime::from_seconds(seconds));
        storage.store_token_data(&data).await.unwrap();
        assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(data));
    }
}

#[tokio::test]
async fn a_row_that_was_copied_to_another_user_does_not_open() {
    let url = database().await;
    let (alice, mallory) = (storage(&url).with_namespace("alice"), storage(&url).with_namespace("mallory"));
    alice.store_token_data(&token(RS, "Ag1")).await.unwrap();
    mallory.store_token_data(&token(RS, "Ag2")).await.unwrap();
    let steal = "UPDATE globus_sdk_tokens m SET access_token = a.access_token, refresh_token = a.refresh_token \
                 FROM globus_sdk_tokens a WHERE a.namespace = 'alice' AND m.namespace = 'mallory'";
    assert_eq!(admin(&url).await.execute(steal, &[]).await.unwrap(), 1);
    assert_eq!(mallory.get_token_data(RS).await.unwrap_err().kind(), StorageErrorKind::Corrupt);
    assert_eq!(alice.get_token_data(RS).await.unwrap(), Some(token(RS, "Ag1")));
}

#[tokio::test]
async fn keys_are_changed_while_the_storage_is_in_use() {
    let url = database().await;
    storage(&url).store_token_data(&token(RS, "Ag1")).await.unwrap();
    let new = EncryptionKey::generate().unwrap();
    let with = |keys: EncryptionKeys| PostgresTokenStorage::builder(&*url, keys).build().unwrap();
    assert_eq!(
        with(new.clone().into()).get_token_data(RS).await.unwrap_err().kind(),
        StorageErrorKind::UnknownKey
    );
    let both = with(EncryptionKeys::new(new.clone()).with_retired(key()));
    assert_eq!(both.reseal().await.unwrap(), 1);
    assert_eq!(with(new.into()).get_token_data(RS).await.unwrap(), Some(token(RS, "Ag1")));
}

#[tokio::test]
async fn debug_shows_neither_password_nor_key() {
    let url = database().await;
    let builder = builder(&url).with_password("p@ss/Needle word");
    let shown = format!("{builder:?} {:?}", storage(&url));
    for secret in ["Needle", "p%40ss", key().to_base64().expose()] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("the database globus_sdk_test_"), "{shown}");
}
