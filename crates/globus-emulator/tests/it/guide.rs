//! The page that tells how to test offline: what it has for a shell does what it says.

use std::path::Path;
use std::process::Command;

const PAGE: &str = include_str!("../../../../docs/offline-testing.md");

/// The examples in one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("```{language}\n");
    PAGE.split(start.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[cfg(unix)]
#[test]
fn the_examples_for_a_shell_run() {
    let command = Path::new(env!("CARGO_BIN_EXE_globus-emulator")).parent().unwrap();
    let path = format!("{}:{}", command.display(), std::env::var("PATH").unwrap());
    let examples = blocks("sh");
    assert_eq!(examples.len(), 2);
    for example in examples {
        let folder = tempfile::TempDir::new().unwrap();
        let output = Command::new("sh")
            .args(["-e", "-c", example])
            .env("PATH", &path)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{example}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
