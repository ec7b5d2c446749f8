//! Many pages.

use std::time::Instant;

use globus_bench::{Arguments, Report, cpu_time};

use crate::{Outcome, clients};

/// Searches of 1000 endpoints, 100 a page.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = clients::transfer(arguments)?;
    let (start, cpu) = (Instant::now(), cpu_time());
    let (mut items, mut check) = (0, 0);
    for _ in 0..arguments.n / 1000 {
        let mut endpoints = client.endpoint_search().filter_fulltext("example").items();
        while let Some(endpoint) = endpoints.try_next().await? {
            items += 1;
            check += endpoint.display_name.as_deref().map_or(0, str::len);
        }
    }
    let elapsed = start.elapsed();
    let each = (cpu_time() - cpu).as_secs_f64() * 1e6 / items as f64;
    Ok(Report::new(elapsed, items, i64::try_from(check)?).with("cpu_us_per_item", each))
}
