//! One promise each: compare and swap.

use std::sync::Arc;

use globus_auth_core::UnixTime;
use tokio::task::JoinSet;

use super::Violation;
use super::checks::{Checked, WRITERS, all, ensure, put, token};
use crate::{TokenData, TokenStorage};

pub(super) async fn a_swap_needs_what_it_expects(storage: &impl TokenStorage) -> Checked {
    const PROMISE: &str = "a swap changes what it expects and nothing else";
    let (one, two) = (token("a", "Ag1"), token("a", "Ag2"));
    ensure(storage.compare_and_swap("a", None, None).await?, PROMISE)?;
    ensure(!storage.compare_and_swap("a", Some(&one), Some(&two)).await?, PROMISE)?;
    ensure(!storage.compare_and_swap("a", Some(&one), None).await?, PROMISE)?;
    ensure(storage.get_token_data("a").await?.is_none(), PROMISE)?;
    put(storage, "b", token("b", "AgOther")).await?;
    ensure(storage.compare_and_swap("a", None, Some(&one)).await?, PROMISE)?;
    ensure(!storage.compare_and_swap("a", None, Some(&two)).await?, PROMISE)?;
    ensure(!storage.compare_and_swap("a", Some(&two), None).await?, PROMISE)?;
    ensure(storage.get_token_data("a").await? == Some(one.clone()), PROMISE)?;
    // A change of any part is a change.
    for other in parts_changed(&one) {
        ensure(!storage.compare_and_swap("a", Some(&other), Some(&two)).await?, PROMISE)?;
    }
    ensure(storage.compare_and_swap("a", Some(&one), Some(&two)).await?, PROMISE)?;
    ensure(storage.get_token_data("a").await? == Some(two.clone()), PROMISE)?;
    ensure(storage.compare_and_swap("a", Some(&two), None).await?, PROMISE)?;
    ensure(storage.get_token_data("a").await?.is_none(), PROMISE)?;
    ensure(storage.get_token_data("b").await? == Some(token("b", "AgOther")), PROMISE)
}

fn parts_changed(data: &TokenData) -> [TokenData; 5] {
    let mut changed = [(); 5].map(|()| data.clone());
    changed[0].scope.push('x');
    changed[1].refresh_token = Some("AgRefresh".into());
    changed[2].expires_at = UnixTime::from_seconds(5);
    changed[3].identity_id = Some("i".to_owned());
    changed[4].token_type = None;
    changed
}

pub(super) async fn of_many_swaps_one_succeeds(storage: impl TokenStorage + 'static) -> Checked {
    let storage = Arc::new(storage);
    let mut swaps = JoinSet::new();
    for writer in 0..WRITERS {
        let storage = Arc::clone(&storage);
        let new = token("a", &format!("Ag{writer}"));
        swaps.spawn(async move { storage.compare_and_swap("a", None, Some(&new)).await });
    }
    let mut won = 0;
    while let Some(swapped) = swaps.join_next().await {
        won += usize::from(swapped.map_err(|_| Violation::of("an operation does not panic"))??);
    }
    ensure(won == 1, "of many swaps that expect the same, one succeeds")
}

pub(super) async fn counting_by_swaps_loses_no_step(storage: impl TokenStorage + 'static) -> Checked {
    const STEPS: usize = 4;
    let storage = Arc::new(storage);
    put(&*storage, "a", counter(0)).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..WRITERS {
        let storage = Arc::clone(&storage);
        tasks.spawn(async move {
            for _ in 0..STEPS {
                step(&*storage).await?;
            }
            Ok(())
        });
    }
    all(tasks).await?;
    let counted = storage.get_token_data("a").await?;
    let expected = i64::try_from(WRITERS * STEPS).unwrap_or(i64::MAX);
    ensure(counted == Some(counter(expected)), "counting by swaps loses no step")
}

async fn step(storage: &impl TokenStorage) -> Checked {
    loop {
        let now = storage.get_token_data("a").await?;
        let count = now.as_ref().map_or(0, |data| data.expires_at.as_seconds());
        if storage.compare_and_swap("a", now.as_ref(), Some(&counter(count + 1))).await? {
            return Ok(());
        }
    }
}

fn counter(count: i64) -> TokenData {
    TokenData::new("a", "s", "AgCount", UnixTime::from_seconds(count))
}
