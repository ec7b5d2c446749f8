//! Client and server on one core.
//!
//! Calls that follow one another leave the cores idle in between, and on a virtual machine the time to wake one is longer than
//! the call, and varies. On one core there is nothing to wake.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The core that is used.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pinning(String);

impl Pinning {
    /// `None` where there is no way to do it.
    pub(super) fn find() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let pinning = Self(first_core(&status)?.to_owned());
        let mut command = command(Some(&pinning), Path::new("true"));
        command.stderr(Stdio::null()).status().ok().filter(|status| status.success()).map(|_| pinning)
    }
}

/// `program`, on that core if there is one.
pub(super) fn command(pinning: Option<&Pinning>, program: &Path) -> Command {
    let Some(Pinning(core)) = pinning else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program);
    command
}

/// The first core that this process may use.
fn first_core(status: &str) -> Option<&str> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    list.trim().split([',', '-']).next().filter(|core| !core.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_core_of_the_list_is_taken() {
        assert_eq!(first_core("Name:\tx\nCpus_allowed_list:\t2-3,7\n"), Some("2"));
        assert_eq!(first_core("Cpus_allowed_list:\t5\n"), Some("5"));
        assert_eq!(first_core("Name:\tx\n"), None);
    }
}
