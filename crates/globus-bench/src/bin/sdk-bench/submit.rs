//! One large transfer.

use std::time::Instant;

use globus_bench::{Arguments, Report};
use globus_sdk::transfer::TransferPlan;
use globus_sdk::{TransferData, TransferItem};

use crate::{Outcome, clients};

/// Submits one document with all items.
pub(crate) async fn document(arguments: &Arguments) -> Outcome {
    let client = clients::transfer(arguments)?;
    let start = Instant::now();
    let response = client.submit_transfer(data().items(items(arguments.n))).await?;
    Ok(Report::new(start.elapsed(), arguments.n, i64::try_from(response.task_id.as_str().len())?))
}

/// Submits a plan that puts all items into one document.
pub(crate) async fn plan(arguments: &Arguments) -> Outcome {
    let client = clients::transfer(arguments)?;
    let start = Instant::now();
    let plan = TransferPlan::from_iter(data(), items(arguments.n)).max_items(arguments.n as u64);
    let mut submissions = client.submit_plan(plan);
    let mut check = 0;
    while let Some(submission) = submissions.try_next().await? {
        check += submission.response.task_id.as_str().len();
    }
    Ok(Report::new(start.elapsed(), arguments.n, i64::try_from(check)?))
}

fn data() -> TransferData {
    TransferData::new("6c54cade-bde5-45c1-bdea-f4bd71dba2cc", "31ce9ba0-176d-45a5-add3-f37d233ba47d")
        .label("perf")
}

fn items(count: usize) -> impl Iterator<Item = TransferItem> + Send + 'static {
    (0..count).map(|i| {
        TransferItem::new(
            format!("/project/run/data/part_{i:08}.h5"),
            format!("/archive/run/data/part_{i:08}.h5"),
        )
    })
}
