//! A short script from start to end.

use std::io::Write;
use std::time::Duration;

use globus_bench::{Arguments, Report};
use tokio::runtime::Builder;

use crate::Outcome;
use crate::clients::{client, get};
use crate::documents::Group;

/// Lists the caller's groups as CSV.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let groups = runtime.block_on(async {
        get::<Vec<Group>>(&client()?, &format!("{}/v2/groups/my_groups", arguments.base_url)).await
    })?;
    let mut csv = String::from("ID,Name,Type,Session Enforcement,Roles\n");
    for group in &groups {
        let mut roles: Vec<_> =
            group.my_memberships.iter().map(|membership| membership.role.as_str()).collect();
        roles.sort_unstable();
        roles.dedup();
        let enforcement = if group.enforce_session { "strict" } else { "not strict" };
        csv.push_str(
            &[&group.id, &group.name, &group.group_type, enforcement, &roles.join(",")]
                .map(str::as_ref)
                .join(","),
        );
        csv.push('\n');
    }
    std::io::stdout().write_all(csv.as_bytes())?;
    Ok(Report::new(Duration::ZERO, groups.len(), 0))
}
