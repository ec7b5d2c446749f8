//! The key in the keyring of the operating system, and what happens where there is none.

use std::env;
use std::process::{Command, Output};

use globus_tokenstorage::EncryptionKey;

const SERVICE: &str = "TOKENSTORAGE_TEST_KEYRING";

/// What a child says that asks for its key, on a bus at this address.
fn child(bus: &str) -> Output {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "encryption_keyring::a_child_asks_for_its_key", "--nocapture"])
        .env(SERVICE, "globus-sdk test")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .output()
        .unwrap()
}

/// To try it with a real keyring: run it by name with the variable set, in `dbus-run-session` with an unlocked
/// `gnome-keyring-daemon`.
#[tokio::test]
async fn a_child_asks_for_its_key() {
    let Ok(service) = env::var(SERVICE) else { return };
    match EncryptionKey::from_keyring(&service, "tokens").await {
        Ok(key) => println!("\nkey {}", key.id()),
        Err(err) => println!("\nerror {:?}, transient {}: {err}", err.kind(), err.is_transient()),
    }
}

#[test]
fn without_a_keyring_the_error_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let bus = format!("unix:path={}", dir.path().join("nothing").display());
    let output = child(&bus);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let expected = "error Unreadable, transient false: cannot get the encryption key `tokens` of `globus-sdk test` from the keyring: it does not answer; start a keyring";
    assert!(said.contains(expected), "{said}");
}
