//! Many pages.

use std::time::Instant;

use globus_bench::{Arguments, Report, cpu_time};

use crate::Outcome;
use crate::clients::{client, get};
use crate::documents::Page;

/// Searches of 1000 endpoints, 100 a page.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = client()?;
    let address = format!("{}/v0.10/endpoint_search?filter_fulltext=example&limit=100", arguments.base_url);
    let (start, cpu) = (Instant::now(), cpu_time());
    let (mut items, mut check) = (0, 0);
    for _ in 0..arguments.n / 1000 {
        let mut offset = 0;
        loop {
            let page: Page = get(&client, &format!("{address}&offset={offset}")).await?;
            offset += page.data.len();
            for endpoint in &page.data {
                check += endpoint.display_name.as_deref().map_or(0, str::len);
            }
            if !page.has_next_page || offset >= 1000 {
                break;
            }
        }
        items += offset;
    }
    let elapsed = start.elapsed();
    let each = (cpu_time() - cpu).as_secs_f64() * 1e6 / items as f64;
    Ok(Report::new(elapsed, items, i64::try_from(check)?).with("cpu_us_per_item", each))
}
