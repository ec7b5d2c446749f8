//! The environment variables that point programs at an emulator.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::absent;
use crate::app::App;
use crate::world::{Configured, World};

/// Names and values, in the order they are printed.
pub(crate) fn variables(app: &App) -> Vec<(String, String)> {
    let world = &app.world;
    let url = format!("{}/", app.origin);
    let mut all: Vec<(String, String)> = ["AUTH", "TRANSFER", "GROUPS"]
        .map(|service| (format!("GLOBUS_SDK_SERVICE_URL_{service}"), url.clone()))
        .to_vec();
    all.extend(absent::addresses(&app.origin));
    let mut add = |name: &str, value: &str| all.push((name.to_owned(), value.to_owned()));
    // Tokens of the emulator go beside those of the real Globus, which have the same names, and not in their place.
    add("GLOBUS_PROFILE", &profile(world));
    add("GLOBUS_SDK_HOME", &world.base.join("programs").to_string_lossy());
    add("GLOBUS_EMULATOR_NATIVE_CLIENT_ID", &world.native_client_id);
    add("GLOBUS_EMULATOR_CLIENT_ID", &world.client_id);
    add("GLOBUS_EMULATOR_CLIENT_SECRET", &world.client_secret);
    add("GLOBUS_EMULATOR_USERNAME", &world.username);
    add("GLOBUS_EMULATOR_COLLECTION_A", &world.collection_a);
    add("GLOBUS_EMULATOR_COLLECTION_A_DIR", &world.collection_a_dir.to_string_lossy());
    add("GLOBUS_EMULATOR_COLLECTION_B", &world.collection_b);
    add("GLOBUS_EMULATOR_COLLECTION_B_DIR", &world.collection_b_dir.to_string_lossy());
    add("GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS", &world.collection_data_access);
    add("GLOBUS_EMULATOR_COLLECTION_HIGH_ASSURANCE", &world.collection_high_assurance);
    for (collection, place) in world.configured.iter().flat_map(Configured::placed) {
        let name = format!("GLOBUS_EMULATOR_COLLECTION_{}", in_a_variable(&collection.name));
        add(&name, &collection.id);
        add(&format!("{name}_DIR"), &place.to_string_lossy());
    }
    for (client, secret) in world.configured.iter().flat_map(Configured::clients) {
        let name = format!("GLOBUS_EMULATOR_CLIENT_{}", in_a_variable(&client.name));
        add(&format!("{name}_ID"), &client.id);
        add(&format!("{name}_SECRET"), secret.unwrap_or_default());
    }
    add("GLOBUS_CLIENT_ID", &world.client_id);
    add("GLOBUS_CLIENT_SECRET", &world.client_secret);
    // What a configuration file does not name has no variable. Of two with one name the first one counts.
    let mut seen = BTreeSet::new();
    all.retain(|(name, value)| !value.is_empty() && seen.insert(name.clone()));
    all
}

/// The profile of the command line: the same for as long as the emulator knows the logins in it.
fn profile(world: &World) -> String {
    let what = Sha256::new()
        .chain_update(&world.client_secret)
        .chain_update(world.base.as_os_str().as_encoded_bytes());
    let digest: String = what.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("emulator-{digest}")
}

/// A name as a part of a variable's: `Lab Storage` is `LAB_STORAGE`.
pub(crate) fn in_a_variable(name: &str) -> String {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = name.chars().map(letters).collect();
    name.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// The value as a shell takes it; what needs no quotes gets none.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}

/// The value as fish takes it, where a backslash counts between quotes.
#[cfg(feature = "cli")]
pub(crate) fn quoted_for_fish(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::{in_a_variable, quoted};

    #[test]
    fn names_become_parts_of_variables() {
        assert_eq!(in_a_variable("Lab Storage (2)"), "LAB_STORAGE_2");
        assert_eq!(in_a_variable("müon-λ"), "M_ON");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn values_survive_fish() {
        assert_eq!(super::quoted_for_fish("it's a\\b"), "'it\\'s a\\\\b'");
    }

    #[test]
    fn values_survive_the_shell() {
        assert_eq!(quoted("http://127.0.0.1:1/"), "http://127.0.0.1:1/");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("ab+/="), "ab+/=");
    }
}
