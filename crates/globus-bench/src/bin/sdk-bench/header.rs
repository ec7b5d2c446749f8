//! Reading a header that is good now.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use globus_bench::{Arguments, Report};
use globus_sdk::{
    AccessTokenAuthorizer, Authorizer, NativeAppAuthClient, RefreshTokenAuthorizer, TransferClient, UnixTime,
};

use crate::Outcome;

const CLIENT_ID: &str = "00000000-0000-4000-a000-000000000001";
const TWO_DAYS: Duration = Duration::from_secs(172_800);

/// From an authorizer that would renew its token, were it older.
pub(crate) fn renewing(arguments: &Arguments) -> Outcome {
    let auth = NativeAppAuthClient::new(CLIENT_ID)?;
    let expires_at = UnixTime::from(SystemTime::now() + TWO_DAYS);
    let authorizer = RefreshTokenAuthorizer::new(auth, TransferClient::RESOURCE_SERVER, "AgRefresh")
        .with_access_token(token(), expires_at);
    read(arguments, &authorizer)
}

/// From one that holds a fixed token.
pub(crate) fn fixed(arguments: &Arguments) -> Outcome {
    read(arguments, &AccessTokenAuthorizer::new(token()))
}

fn token() -> String {
    format!("AgAccess{:064}", 7)
}

/// Through the trait, as a client does.
fn read(arguments: &Arguments, authorizer: &dyn Authorizer) -> Outcome {
    let start = Instant::now();
    let total: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.conc.max(1))
            .map(|_| {
                scope.spawn(|| {
                    (0..arguments.n)
                        .filter_map(|_| black_box(authorizer.current_header()))
                        .map(|header| header.value().expose().len())
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
