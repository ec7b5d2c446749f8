//! Many small calls.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::time::Instant;

use globus_bench::{Arguments, Report, cpu_time, percentile};
use globus_sdk::Error;
use tokio::task::JoinSet;

use crate::{Outcome, clients};

/// Looks up a task again and again, after 50 times that are not timed.
pub(crate) async fn one_after_another(arguments: &Arguments) -> Outcome {
    let client = clients::transfer(arguments)?;
    for _ in 0..50 {
        client.get_task("abc").await?;
    }
    let mut times = Vec::with_capacity(arguments.n);
    let mut check = 0;
    let (start, cpu) = (Instant::now(), cpu_time());
    for _ in 0..arguments.n {
        let call = Instant::now();
        check += client.get_task("abc").await?.files.unwrap_or_default();
        times.push(call.elapsed());
    }
    let elapsed = start.elapsed();
    let each = (cpu_time() - cpu).as_secs_f64() * 1e6 / arguments.n as f64;
    times.sort_unstable();
    Ok(Report::new(elapsed, arguments.n, i64::try_from(check)?)
        .with("cpu_us_per_call", each)
        .with("p50_us", percentile(&times, 50).as_secs_f64() * 1e6)
        .with("p99_us", percentile(&times, 99).as_secs_f64() * 1e6))
}

/// Looks up a task `n` times, `conc` at a time, by one client.
pub(crate) async fn at_once(arguments: &Arguments, conc: usize) -> Outcome {
    let client = clients::transfer(arguments)?;
    let left = Arc::new(AtomicUsize::new(arguments.n));
    let (start, cpu) = (Instant::now(), cpu_time());
    let mut tasks = JoinSet::new();
    for _ in 0..conc {
        let (client, left) = (client.clone(), Arc::clone(&left));
        tasks.spawn(async move {
            let mut files = 0;
            while left.fetch_update(AcqRel, Acquire, |left| left.checked_sub(1)).is_ok() {
                files += client.get_task("abc").await?.files.unwrap_or_default();
            }
            Ok::<_, Error>(files)
        });
    }
    let mut check = 0;
    while let Some(files) = tasks.join_next().await {
        check += files??;
    }
    let elapsed = start.elapsed();
    let each = (cpu_time() - cpu).as_secs_f64() * 1e6 / arguments.n as f64;
    Ok(Report::new(elapsed, arguments.n, i64::try_from(check)?).with("cpu_us_per_call", each))
}
