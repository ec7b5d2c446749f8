//! A tree of directories.

use std::time::Instant;

use globus_bench::{Arguments, Report};

use crate::{Outcome, clients};

/// Lists all directories down to the third below the start, `conc` at a time, and adds up the sizes.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = clients::transfer(arguments)?;
    let start = Instant::now();
    let mut walk = client
        .walk("6c54cade-bde5-45c1-bdea-f4bd71dba2cc", "/")
        .concurrency(arguments.conc)
        .descend(|directory| directory.depth <= 3);
    let (mut items, mut check) = (0, 0);
    while let Some(found) = walk.try_next().await? {
        items += 1;
        check += found.entry.size.unwrap_or_default();
    }
    Ok(Report::new(start.elapsed(), items, i64::try_from(check)?))
}
