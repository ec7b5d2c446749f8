//! The environment variables that point programs at an emulator.

use crate::app::App;

/// Names and values, in the order they are printed.
pub(crate) fn variables(app: &App) -> Vec<(String, String)> {
    let world = &app.world;
    let url = format!("{}/", app.origin);
    let mut all: Vec<(String, String)> = ["AUTH", "TRANSFER", "GROUPS"]
        .map(|service| (format!("GLOBUS_SDK_SERVICE_URL_{service}"), url.clone()))
        .to_vec();
    let mut add = |name: &str, value: &str| all.push((name.to_owned(), value.to_owned()));
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
    add("GLOBUS_CLIENT_ID", &world.client_id);
    add("GLOBUS_CLIENT_SECRET", &world.client_secret);
    all
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

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn values_survive_the_shell() {
        assert_eq!(quoted("http://127.0.0.1:1/"), "http://127.0.0.1:1/");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("ab+/="), "ab+/=");
    }
}
