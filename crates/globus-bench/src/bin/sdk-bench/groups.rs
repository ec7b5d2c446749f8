//! One long list.

use std::time::Instant;

use globus_bench::{Arguments, Report};
use globus_sdk::groups::GroupRole;

use crate::{Outcome, clients};

/// Lists the caller's groups and looks at each.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = clients::groups(arguments)?;
    let start = Instant::now();
    let groups = client.get_my_groups().await?;
    let mut check = 0;
    for group in &groups {
        check += group.name.as_deref().unwrap_or_default().chars().count();
        let role = group.my_memberships.first().and_then(|membership| membership.role.as_ref());
        check += usize::from(role == Some(&GroupRole::Admin));
    }
    Ok(Report::new(start.elapsed(), groups.len(), i64::try_from(check)?))
}
