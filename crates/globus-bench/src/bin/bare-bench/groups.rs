//! One long list.

use std::time::Instant;

use globus_bench::{Arguments, Report};

use crate::Outcome;
use crate::clients::{client, get};
use crate::documents::Group;

/// Lists the caller's groups and looks at each.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let client = client()?;
    let start = Instant::now();
    let groups: Vec<Group> = get(&client, &format!("{}/v2/groups/my_groups", arguments.base_url)).await?;
    let mut check = 0;
    for group in &groups {
        check += group.name.chars().count();
        check +=
            usize::from(group.my_memberships.first().is_some_and(|membership| membership.role == "admin"));
    }
    Ok(Report::new(start.elapsed(), groups.len(), i64::try_from(check)?))
}
