//! Making clients.

use std::hint::black_box;
use std::time::Instant;

use globus_bench::{Arguments, Report};
use globus_sdk::{AccessTokenAuthorizer, Error, GroupsClient, TransferClient};

use crate::Outcome;

/// Makes many clients, as a server does that has one for each of its users.
pub(crate) fn build(arguments: &Arguments) -> Outcome {
    let first = Instant::now();
    black_box(transfer(arguments)?);
    let first = first.elapsed();
    let start = Instant::now();
    for _ in 0..arguments.n {
        black_box(transfer(arguments)?);
    }
    Ok(Report::new(start.elapsed(), arguments.n, 0).with("first_us", first.as_secs_f64() * 1e6))
}

pub(crate) fn transfer(arguments: &Arguments) -> Result<TransferClient, Error> {
    TransferClient::builder()
        .authorizer(AccessTokenAuthorizer::new("x"))
        .base_url(&arguments.base_url)
        .build()
}

pub(crate) fn groups(arguments: &Arguments) -> Result<GroupsClient, Error> {
    GroupsClient::builder().authorizer(AccessTokenAuthorizer::new("x")).base_url(&arguments.base_url).build()
}
