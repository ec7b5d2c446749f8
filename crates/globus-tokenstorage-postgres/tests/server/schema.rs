//! The tables: made, found, refused.

use globus_tokenstorage::{StorageErrorKind, TokenStorage};
use tokio::task::JoinSet;

use crate::support::{admin, builder, database, storage, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_find_an_empty_database_make_the_tables_once() {
    let url = database().await;
    let mut tasks = JoinSet::new();
    for number in 0..16 {
        let storage = builder(&url).with_pool_size(1).build().unwrap();
        tasks.spawn(async move {
            let name = number.to_string();
            storage.store_token_data(&token(&name, "Ag1")).await.unwrap();
        });
    }
    tasks.join_all().await;
    assert_eq!(storage(&url).get_token_data_by_resource_server().await.unwrap().len(), 16);
    let rows = admin(&url).await.query("SELECT version FROM globus_sdk_schema", &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [1]);
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused_and_left_alone() {
    let url = database().await;
    storage(&url).store_token_data(&token("rs", "Ag1")).await.unwrap();
    let admin = admin(&url).await;
    admin.batch_execute("UPDATE globus_sdk_schema SET version = 2").await.unwrap();
    let newcomer = storage(&url);
    for error in [
        newcomer.get_token_data("rs").await.unwrap_err(),
        newcomer.store_token_data(&token("rs", "Ag2")).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), StorageErrorKind::UnsupportedVersion);
        assert!(error.to_string().contains("version 2, this one knows 1"), "{error}");
    }
    admin.batch_execute("UPDATE globus_sdk_schema SET version = 1").await.unwrap();
    assert_eq!(newcomer.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
}

#[tokio::test]
async fn a_table_of_versions_that_makes_no_sense_is_refused() {
    for change in [
        "DELETE FROM globus_sdk_schema",
        "UPDATE globus_sdk_schema SET version = -1",
        "ALTER TABLE globus_sdk_schema ALTER version TYPE text",
    ] {
        let url = database().await;
        storage(&url).check().await.unwrap();
        admin(&url).await.batch_execute(change).await.unwrap();
        let err = storage(&url).check().await.unwrap_err();
        assert!(
            err.kind() == StorageErrorKind::Corrupt && err.to_string().contains("globus_sdk_schema"),
            "{err}"
        );
    }
}

#[tokio::test]
async fn who_may_not_create_tables_uses_those_that_are_there() {
    let url = database().await;
    let admin = admin(&url).await;
    let role = url.rsplit_once('/').unwrap().1.replace("globus_sdk_test", "reader");
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'Needle'; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        ))
        .await
        .unwrap();
    let url_of_role = format!("postgres://{role}:Needle@{}", url.split_once('@').unwrap().1);
    let err = storage(&url_of_role).store_token_data(&token("rs", "Ag1")).await.unwrap_err();
    assert!(
        err.kind() == StorageErrorKind::Unwritable && err.to_string().contains("which rights it needs"),
        "{err}"
    );

    storage(&url).check().await.unwrap();
    let rights = format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON globus_sdk_tokens TO {role}; GRANT SELECT ON globus_sdk_schema TO {role}"
    );
    admin.batch_execute(&rights).await.unwrap();
    let storage = storage(&url_of_role);
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    assert!(storage.compare_and_swap("rs", Some(&token("rs", "Ag1")), None).await.unwrap());
    drop(storage.lock("rs").await.unwrap());
}

#[tokio::test]
async fn odd_rows_are_errors_that_name_them() {
    let url = database().await;
    let storage = storage(&url);
    storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
    let admin = admin(&url).await;
    for change in [
        "UPDATE globus_sdk_tokens SET scope = 'more'",
        "UPDATE globus_sdk_tokens SET scope = 'all', expires_at_seconds = 5",
        "UPDATE globus_sdk_tokens SET expires_at_seconds = 1750000000, access_token = 'AgPlanted', refresh_token = NULL",
        "UPDATE globus_sdk_tokens SET access_token = ''",
        "ALTER TABLE globus_sdk_tokens ALTER scope DROP NOT NULL; UPDATE globus_sdk_tokens SET scope = NULL",
        "ALTER TABLE globus_sdk_tokens DROP expires_at; \
         ALTER TABLE globus_sdk_tokens ALTER expires_at_seconds TYPE text USING 'soon'",
    ] {
        admin.batch_execute(change).await.unwrap();
        let err = storage.get_token_data("rs").await.unwrap_err();
        assert!(err.kind() == StorageErrorKind::Corrupt && err.to_string().contains("rs"), "{change}: {err}");
        assert!(!format!("{err} {err:?}").contains("AgPlanted"));
        assert!(storage.get_token_data_by_resource_server().await.is_err());
        let swap = storage.compare_and_swap("rs", None, Some(&token("rs", "Ag2"))).await;
        assert!(swap.is_err(), "{change}");
    }
    admin.batch_execute("ALTER TABLE globus_sdk_tokens DROP scope").await.unwrap();
    let err = storage.get_token_data("rs").await.unwrap_err();
    assert!(err.to_string().contains("its tables are not those of this program"), "{err}");
    admin.batch_execute("DROP TABLE globus_sdk_tokens").await.unwrap();
    let err = storage.get_token_data("rs").await.unwrap_err();
    assert!(err.to_string().contains("the tables are gone"), "{err}");
}
