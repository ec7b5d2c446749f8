//! Many small calls.

use std::time::Instant;

use globus_bench::{Arguments, Report, cpu_time, percentile};

use crate::Outcome;
use crate::clients::{client, get};
use crate::documents::Task;

/// Looks up a task again and again, after 50 times that are not timed.
pub(crate) async fn one_after_another(arguments: &Arguments) -> Outcome {
    let client = client()?;
    let url = format!("{}/v0.10/task/abc", arguments.base_url);
    for _ in 0..50 {
        get::<Task>(&client, &url).await?;
    }
    let mut times = Vec::with_capacity(arguments.n);
    let mut check = 0;
    let (start, cpu) = (Instant::now(), cpu_time());
    for _ in 0..arguments.n {
        let call = Instant::now();
        check += get::<Task>(&client, &url).await?.files.unwrap_or_default();
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
