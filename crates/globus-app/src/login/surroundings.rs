//! [`Surroundings`]: where the program runs, as far as logins depend on it.

use globus_transport::Variables;

/// What there is to bring somebody to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Surroundings {
    /// The person sits at another machine: a browser, and what it is sent to, would be at the wrong one.
    pub(super) is_remote: bool,
    /// A browser with windows can be opened. One that runs in the terminal would fight with the program for it.
    pub(super) has_browser: bool,
}

/// What people put there who want none.
const NONE: [&str; 2] = ["none", "false"];
/// Browsers that run in the terminal.
const IN_TERMINAL: [&str; 6] = ["www-browser", "lynx", "links", "elinks", "w3m", "browsh"];

impl Surroundings {
    pub(super) fn of(variables: &Variables) -> Self {
        Self::on(variables, std::env::consts::OS)
    }

    fn on(variables: &Variables, os: &str) -> Self {
        let is_set = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
        let is_unwanted = variables.get("BROWSER").is_some_and(|browsers| {
            browsers.split(':').any(|browser| {
                let program = browser.split_whitespace().next().unwrap_or_default();
                let name = program.rsplit('/').next().unwrap_or_default();
                IN_TERMINAL.contains(&name) || NONE.contains(&name)
            })
        });
        // Elsewhere there is one desktop, and always.
        let has_desktop = matches!(os, "macos" | "windows")
            || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(is_set);
        Self {
            is_remote: ["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"].into_iter().any(is_set),
            has_browser: has_desktop && !is_unwanted,
        }
    }

    /// Whether a browser of this machine can be sent back to a port of it.
    pub(super) fn allows_loopback(self) -> bool {
        self.has_browser && !self.is_remote
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(os: &str, pairs: &[(&str, &str)]) -> bool {
        Surroundings::on(&Variables::from_pairs(pairs.iter().copied()), os).allows_loopback()
    }

    #[test]
    fn a_browser_of_this_machine_is_used_where_there_is_one_and_the_person_is_there() {
        for (os, pairs, expected) in [
            ("linux", &[("DISPLAY", ":0")][..], true),
            ("linux", &[("WAYLAND_DISPLAY", "wayland-0")], true),
            ("linux", &[("WSL_DISTRO_NAME", "Debian")], true),
            ("linux", &[], false),
            ("linux", &[("DISPLAY", "")], false),
            ("macos", &[], true),
            ("windows", &[], true),
            ("linux", &[("DISPLAY", ":0"), ("SSH_TTY", "/dev/pts/1")], false),
            ("macos", &[("SSH_CONNECTION", "10.0.0.1 22")], false),
            ("linux", &[("DISPLAY", ":0"), ("BROWSER", "/usr/bin/w3m -N")], false),
            ("linux", &[("DISPLAY", ":0"), ("BROWSER", "firefox:lynx")], false),
            ("linux", &[("DISPLAY", ":0"), ("BROWSER", "firefox")], true),
            ("linux", &[("DISPLAY", ":0"), ("BROWSER", "none")], false),
            ("windows", &[("BROWSER", "none")], false),
            ("linux", &[("DISPLAY", ":0"), ("BROWSER", "/bin/false")], false),
        ] {
            assert_eq!(allows(os, pairs), expected, "{os} {pairs:?}");
        }
    }
}
