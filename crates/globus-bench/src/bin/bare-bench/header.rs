//! Reading a header that is good now.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use arc_swap::ArcSwap;
use globus_bench::{Arguments, Report};
use http::HeaderValue;

use crate::Outcome;

const TWO_DAYS: Duration = Duration::from_secs(172_800);
const MARGIN: Duration = Duration::from_secs(60);

struct Cached {
    header: HeaderValue,
    expires_at: SystemTime,
}

/// From a cell that another task may replace at any time.
pub(crate) fn renewing(arguments: &Arguments) -> Outcome {
    let cell = ArcSwap::from_pointee(Cached { header: header()?, expires_at: SystemTime::now() + TWO_DAYS });
    read(arguments, || {
        let cached = cell.load();
        (SystemTime::now() + MARGIN < cached.expires_at).then(|| cached.header.clone())
    })
}

/// The same one each time.
pub(crate) fn fixed(arguments: &Arguments) -> Outcome {
    let header = header()?;
    read(arguments, || Some(header.clone()))
}

fn header() -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer AgAccess{:064}", 7))?;
    header.set_sensitive(true);
    Ok(header)
}

fn read(arguments: &Arguments, current: impl Fn() -> Option<HeaderValue> + Sync) -> Outcome {
    let start = Instant::now();
    let total: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.conc.max(1))
            .map(|_| {
                scope.spawn(|| {
                    (0..arguments.n)
                        .filter_map(|_| black_box(current()))
                        .map(|header| header.len())
                        .sum::<usize>()
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    let elapsed = start.elapsed();
    let items = arguments.n * arguments.conc.max(1);
    let each = elapsed.as_secs_f64() * 1e9 / arguments.n as f64;
    Ok(Report::new(elapsed, items, i64::try_from(total / items)?).with("ns_per_call", each))
}
