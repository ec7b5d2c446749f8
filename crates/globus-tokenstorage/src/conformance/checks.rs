//! One promise each: what is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use globus_auth_core::{OAuthToken, OAuthTokenResponse, Secret, UnixTime};
use tokio::task::JoinSet;

use super::Violation;
use crate::{TokenData, TokenStorage};

pub(super) type Checked = Result<(), Violation>;

pub(super) const WRITERS: usize = 16;

pub(super) async fn an_empty_storage_has_nothing(storage: &impl TokenStorage) -> Checked {
    ensure(storage.get_token_data("rs").await?.is_none(), "an empty storage has no entry")?;
    ensure(storage.get_token_data_by_resource_server().await?.is_empty(), "an empty storage is empty")?;
    ensure(!storage.remove_token_data("rs").await?, "removing what is not there says so")?;
    storage.store_token_data_by_resource_server(&BTreeMap::new()).await?;
    ensure(storage.get_token_data_by_resource_server().await?.is_empty(), "storing nothing changes nothing")
}

pub(super) async fn what_is_stored_is_read_back(storage: &impl TokenStorage) -> Checked {
    let full = token("full", "AgFull")
        .with_refresh_token(Some(Secret::from("AgRefresh")))
        .with_identity_id(Some("ff3ced1a-96d1-5c96-a6a5-6bf01e40b140".to_owned()));
    let bare = token("bare", "AgBare").with_token_type(None);
    let tokens: BTreeMap<_, _> = [("full".to_owned(), full.clone()), ("bare".to_owned(), bare)].into();
    storage.store_token_data_by_resource_server(&tokens).await?;
    ensure(
        storage.get_token_data_by_resource_server().await? == tokens,
        "what was stored is read back whole",
    )?;
    ensure(storage.get_token_data("full").await? == Some(full), "one entry is read back whole")
}

pub(super) async fn storing_replaces_what_is_named_and_nothing_else(storage: &impl TokenStorage) -> Checked {
    let with_refresh = token("a", "Ag1").with_refresh_token(Some(Secret::from("AgRefresh")));
    put(storage, "a", with_refresh).await?;
    put(storage, "b", token("b", "Ag2")).await?;
    put(storage, "a", token("a", "Ag3")).await?;
    ensure(
        storage.get_token_data("a").await? == Some(token("a", "Ag3")),
        "storing replaces the entry as a whole",
    )?;
    ensure(storage.get_token_data("b").await?.is_some(), "storing leaves other entries alone")
}

pub(super) async fn removing_takes_one_entry_away(storage: &impl TokenStorage) -> Checked {
    put(storage, "a", token("a", "Ag1")).await?;
    put(storage, "b", token("b", "Ag2")).await?;
    ensure(storage.remove_token_data("a").await?, "removing an entry says that it was there")?;
    ensure(storage.get_token_data("a").await?.is_none(), "a removed entry is gone")?;
    ensure(storage.get_token_data("b").await?.is_some(), "removing leaves other entries alone")?;
    ensure(!storage.remove_token_data("a").await?, "an entry is removed once")
}

pub(super) async fn any_text_is_a_resource_server(storage: &impl TokenStorage) -> Checked {
    for name in ["", " ", "../../x", "a/b\\c", "Ünï 🎉", "'; DROP TABLE token_storage; --", "\"\n%"] {
        put(storage, name, token(name, "AgOdd")).await?;
        ensure(
            storage.get_token_data(name).await? == Some(token(name, "AgOdd")),
            "any text names a resource server",
        )?;
        drop(storage.lock(name).await?);
    }
    Ok(())
}

pub(super) async fn a_response_is_stored_whole(storage: &impl TokenStorage) -> Checked {
    let tokens = ["a", "b"].map(|name| OAuthToken::new(name, "s", "Ag1", UnixTime::from_seconds(5)));
    storage.store_token_response(&OAuthTokenResponse::from_tokens(tokens.to_vec(), None)).await?;
    let names: Vec<String> = storage.get_token_data_by_resource_server().await?.into_keys().collect();
    ensure(names == ["a", "b"], "a response is stored whole")
}

pub(super) async fn a_response_keeps_the_identity_unless_it_is_told(storage: &impl TokenStorage) -> Checked {
    let identity = async |name| {
        let data = storage.get_token_data(name).await?;
        Ok::<_, Violation>(data.and_then(|data| data.identity_id))
    };
    let one = |text: &str| Some(text.to_owned());
    storage.store_token_data(&token("a", "Ag0").with_identity_id(one("i"))).await?;
    let tokens = ["a", "b"].map(|name| OAuthToken::new(name, "s", "Ag1", UnixTime::from_seconds(5)));
    let response = OAuthTokenResponse::from_tokens(tokens.to_vec(), None);
    storage.store_token_response(&response).await?;
    let kept = (identity("a").await?, identity("b").await?);
    ensure(kept == (one("i"), None), "a response leaves the identity of an entry as it is")?;
    storage.store_token_response_for(&response, Some("j")).await?;
    let told = (identity("a").await?, identity("b").await?);
    ensure(told == (one("j"), one("j")), "a response is stored for the identity that is given")?;
    storage.store_token_response_for(&response, None).await?;
    ensure(identity("a").await?.is_none(), "an identity can be forgotten")
}

pub(super) async fn namespaces_do_not_mix(one: &impl TokenStorage, other: &impl TokenStorage) -> Checked {
    const PROMISE: &str = "namespaces do not mix";
    put(one, "rs", token("rs", "AgOne")).await?;
    ensure(other.get_token_data("rs").await?.is_none(), PROMISE)?;
    ensure(other.get_token_data_by_resource_server().await?.is_empty(), PROMISE)?;
    ensure(!other.remove_token_data("rs").await?, PROMISE)?;
    put(other, "rs", token("rs", "AgOther")).await?;
    ensure(one.get_token_data("rs").await? == Some(token("rs", "AgOne")), PROMISE)?;
    ensure(other.remove_token_data("rs").await?, PROMISE)?;
    ensure(one.get_token_data("rs").await?.is_some(), PROMISE)?;
    ensure(one.namespace() != other.namespace(), "a storage says which namespace it has")?;
    let Some(view) = one.in_namespace(other.namespace()) else { return Ok(()) };
    const NAMED: &str = "the namespaces that hold tokens can be named, and each be seen from the others";
    ensure(view.namespace() == other.namespace(), NAMED)?;
    // The storage may hold those of others as well.
    let has =
        |names: &[String], storage: &dyn TokenStorage| names.iter().any(|name| name == storage.namespace());
    let before = other.namespaces().await?;
    ensure(has(&before, one) && !has(&before, other), NAMED)?;
    put(other, "rs", token("rs", "AgOther")).await?;
    ensure(view.get_token_data("rs").await? == Some(token("rs", "AgOther")), NAMED)?;
    let names = view.namespaces().await?;
    ensure(names.len() == before.len() + 1 && names.is_sorted(), NAMED)?;
    ensure(has(&names, one) && has(&names, other), NAMED)
}

pub(super) async fn concurrent_writers_lose_nothing(storage: impl TokenStorage + 'static) -> Checked {
    let storage = Arc::new(storage);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let storage = Arc::clone(&storage);
        writers.spawn(async move {
            for write in 0..4 {
                let name = format!("{writer}-{write}");
                put(&storage, &name, token(&name, "Ag1")).await?;
            }
            Ok(())
        });
    }
    all(writers).await?;
    ensure(
        storage.get_token_data_by_resource_server().await?.len() == WRITERS * 4,
        "concurrent writers lose nothing",
    )
}

pub(super) async fn readers_see_whole_writes(storage: impl TokenStorage + 'static) -> Checked {
    let storage = Arc::new(storage);
    let pair = |text: &str| [("a".to_owned(), token("a", text)), ("b".to_owned(), token("b", text))].into();
    storage.store_token_data_by_resource_server(&pair("Ag0")).await?;
    let mut tasks = JoinSet::new();
    let writer = Arc::clone(&storage);
    tasks.spawn(async move {
        for write in 0..WRITERS {
            writer.store_token_data_by_resource_server(&pair(&format!("Ag{write}"))).await?;
        }
        Ok(())
    });
    let reader = Arc::clone(&storage);
    tasks.spawn(async move {
        for _ in 0..WRITERS {
            let tokens = reader.get_token_data_by_resource_server().await?;
            let texts = tokens.values().map(|data| data.access_token.expose()).collect::<Vec<_>>();
            ensure(matches!(*texts, [a, b] if a == b), "a reader sees a whole write or none of it")?;
        }
        Ok(())
    });
    all(tasks).await
}

pub(super) fn ensure(kept: bool, promise: &'static str) -> Checked {
    if kept { Ok(()) } else { Err(Violation::of(promise)) }
}

pub(super) fn token(resource_server: &str, access_token: &str) -> TokenData {
    TokenData::new(resource_server, "one two", access_token, UnixTime::from_seconds(1_700_003_600))
}

pub(super) async fn put(storage: &impl TokenStorage, name: &str, data: TokenData) -> Checked {
    Ok(storage.store_token_data_by_resource_server(&[(name.to_owned(), data)].into()).await?)
}

pub(super) async fn all(mut tasks: JoinSet<Checked>) -> Checked {
    while let Some(done) = tasks.join_next().await {
        done.unwrap_or_else(|_| Err(Violation::of("an operation does not panic")))?;
    }
    Ok(())
}
