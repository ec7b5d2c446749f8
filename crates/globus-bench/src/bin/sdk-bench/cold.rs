//! A short script from start to end.

use std::io::Write;
use std::time::Duration;

use globus_bench::{Arguments, Report};
use globus_sdk::groups::Group;
use tokio::runtime::Builder;

use crate::{Outcome, clients};

/// Lists the caller's groups as CSV.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = clients::groups(arguments)?;
    let groups = runtime.block_on(async { client.get_my_groups().await })?;
    let mut csv = String::from("ID,Name,Type,Session Enforcement,Roles\n");
    for group in &groups {
        push_row(&mut csv, group);
    }
    std::io::stdout().write_all(csv.as_bytes())?;
    Ok(Report::new(Duration::ZERO, groups.len(), 0))
}

fn push_row(csv: &mut String, group: &Group) {
    let mut roles: Vec<_> = group
        .my_memberships
        .iter()
        .filter_map(|membership| membership.role.as_ref())
        .map(AsRef::as_ref)
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let enforcement = if group.enforce_session == Some(true) { "strict" } else { "not strict" };
    let columns = [
        group.id.as_str(),
        group.name.as_deref().unwrap_or_default(),
        group.group_type.as_ref().map_or("", AsRef::as_ref),
        enforcement,
        &roles.join(","),
    ];
    csv.push_str(&columns.join(","));
    csv.push('\n');
}
