//! Client and server on one core.
//!
//! Calls that follow one another leave the cores idle in between, and on a virtual machine the time to wake one is longer than
//! the call, and varies. On one core there is nothing to wake.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The core that is used.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pinning(String);

impl Pinning {
    /// The first core that this process may use. `None` where there is no way to do it.
    pub(super) fn find() -> Option<Self> {
        Self::of(|(first, _)| first)
    }

    /// The last one, which is the first where there is no other.
    pub(super) fn last() -> Option<Self> {
        Self::of(|(_, last)| last)
    }

    fn of(choice: impl for<'a> Fn((&'a str, &'a str)) -> &'a str) -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let pinning = Self(choice(ends(&status)?).to_owned());
        let mut command = command(Some(&pinning), Path::new("true"));
        command.stderr(Stdio::null()).status().ok().filter(|status| status.success()).map(|_| pinning)
    }
}

impl fmt::Display for Pinning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `program`, on that core if there is one.
pub(super) fn command(pinning: Option<&Pinning>, program: &Path) -> Command {
    let Some(Pinning(core)) = pinning else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program);
    command
}

/// The first and the last core that this process may use.
fn ends(status: &str) -> Option<(&str, &str)> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim();
    let first = list.split([',', '-']).next().filter(|core| !core.is_empty())?;
    Some((first, list.rsplit([',', '-']).next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_list_are_found() {
        assert_eq!(ends("Name:\tx\nCpus_allowed_list:\t2-3,7\n"), Some(("2", "7")));
        assert_eq!(ends("Cpus_allowed_list:\t5\n"), Some(("5", "5")));
        assert_eq!(ends("Name:\tx\n"), None);
    }
}
