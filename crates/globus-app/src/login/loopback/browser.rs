//! Opening the browser of this machine, and noticing when none comes up.

use std::io;

/// Opens `url`, in what `BROWSER` names or the desktop says.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn open(url: &str) -> io::Result<()> {
    webbrowser::open(url)
}

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use self::desktop::open;

#[cfg(all(unix, not(target_os = "macos")))]
mod desktop {
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use globus_transport::Variables;

    use super::io;

    /// A program that has not ended by then has come up.
    const PATIENCE: Duration = Duration::from_secs(2);
    const PAUSE: Duration = Duration::from_millis(20);

    /// Opens `url`, in what `BROWSER` names or the desktop says. What ends at once with a failure has opened nothing.
    pub(in super::super) fn open(url: &str) -> io::Result<()> {
        let variables = Variables::process();
        if let Some(named) = variables.get("BROWSER").filter(|named| !named.trim().is_empty()) {
            return open_in(&named, url);
        }
        if variables.get("WSL_DISTRO_NAME").is_none() {
            match run(Command::new("xdg-open").arg(url)) {
                Err(err) if err.kind() == io::ErrorKind::NotFound => {}
                opened => return opened,
            }
        }
        webbrowser::open(url)
    }

    /// Tries the programs of `BROWSER`, which are separated by colons.
    pub(super) fn open_in(named: &str, url: &str) -> io::Result<()> {
        let mut result = Err(io::ErrorKind::NotFound.into());
        for program in named.split(':') {
            let mut words = program.split_whitespace();
            let Some(name) = words.next() else { continue };
            let mut command = Command::new(name);
            if program.contains("%s") {
                command.args(words.map(|word| word.replace("%s", url)));
            } else {
                command.args(words).arg(url);
            }
            result = run(&mut command);
            if result.is_ok() {
                break;
            }
        }
        result
    }

    /// Starts a program, and waits a moment whether it fails.
    fn run(command: &mut Command) -> io::Result<()> {
        // What it prints would get between what the program asks.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => {
                    let name = command.get_program().display();
                    return Err(io::Error::other(format!("{name} ended with {status}")));
                }
                None => thread::sleep(PAUSE),
            }
        }
        // Somebody has to notice its end, or it stays in the table of processes.
        let wait = move || drop(child.wait());
        thread::Builder::new().name("globus-login-browser".to_owned()).spawn(wait).map(drop)
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::desktop::open_in;
    use super::io;

    #[test]
    fn a_browser_that_fails_at_once_has_opened_nothing_and_the_next_is_tried() {
        let kind = |named: &str| open_in(named, "address").err().map(|err| err.kind());
        for (named, failure) in [
            ("false", Some(io::ErrorKind::Other)),
            ("/nowhere/browser", Some(io::ErrorKind::NotFound)),
            (":", Some(io::ErrorKind::NotFound)),
            ("true", None),
            ("/nowhere/browser:false:true --new", None),
            // Whole, and in the place that is meant for it.
            ("test -n %s", None),
            ("test address =", None),
            ("test address = %s-", Some(io::ErrorKind::Other)),
        ] {
            assert_eq!(kind(named), failure, "{named}");
        }
        let error = open_in("false", "address").unwrap_err();
        assert!(error.to_string().starts_with("false ended with"), "{error}");
    }
}
