//! The features that a manifest declares.

/// The names in the section `[features]`, without `default`.
pub(super) fn features(manifest: &str) -> Vec<&str> {
    let section = manifest.lines().map(str::trim).skip_while(|line| *line != "[features]").skip(1);
    let section = section.take_while(|line| !line.starts_with('['));
    let names = section.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    names.map(|(name, _)| name.trim().trim_matches('"')).filter(|name| *name != "default").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_named_in_their_section_alone() {
        let manifest = "[package]\nname = \"x\"\n\n[features]\ndefault = [\"a\"]\n# Why = that\na = []\n\"b-c\" = [\n    \"dep:b\",\n]\n\n[dependencies]\nd = \"1\"\n";
        assert_eq!(features(manifest), ["a", "b-c"]);
        assert!(features("[package]\nname = \"x\"\n").is_empty());
    }
}
