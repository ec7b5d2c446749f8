//! How a transfer is to be done, as its document says.

use serde_json::{Map, Value};

use crate::transfer::error::TransferError;
use crate::transfer::filter::glob;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symlinks {
    Ignore,
    Keep,
    Copy,
}

#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) sync_level: Option<u64>,
    pub(crate) verify: bool,
    pub(crate) preserve_timestamp: bool,
    pub(crate) delete_extra: bool,
    pub(crate) skip_source_errors: bool,
    pub(crate) fail_on_quota_errors: bool,
    pub(crate) symlinks: Symlinks,
    pub(crate) ignore_missing: bool,
    pub(crate) globs: bool,
    pub(crate) recursive: bool,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    exclude: bool,
    name: String,
    kind: Option<String>,
}

impl Options {
    pub(crate) fn read(request: &Map<String, Value>) -> Result<Self, TransferError> {
        let flag = |name: &str, default: bool| request.get(name).and_then(Value::as_bool).unwrap_or(default);
        let sync_level = match request.get("sync_level") {
            None | Some(Value::Null) => None,
            Some(level) => {
                let level = level.as_u64().filter(|level| *level <= 3);
                Some(level.ok_or_else(|| TransferError::invalid("sync_level must be 0, 1, 2 or 3"))?)
            }
        };
        let symlinks = match request.get("recursive_symlinks").and_then(Value::as_str) {
            None | Some("ignore") => Symlinks::Ignore,
            Some("keep") => Symlinks::Keep,
            Some("copy") => Symlinks::Copy,
            Some(_) => {
                return Err(TransferError::invalid("recursive_symlinks must be ignore, keep or copy"));
            }
        };
        let rules = match request.get("filter_rules") {
            Some(Value::Array(rules)) => rules.iter().map(Rule::read).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Self {
            sync_level,
            verify: flag("verify_checksum", true),
            preserve_timestamp: flag("preserve_timestamp", false),
            delete_extra: flag("delete_destination_extra", false),
            skip_source_errors: flag("skip_source_errors", false),
            fail_on_quota_errors: flag("fail_on_quota_errors", false),
            symlinks,
            ignore_missing: flag("ignore_missing", false),
            globs: flag("interpret_globs", false),
            recursive: flag("recursive", false),
            rules,
        })
    }

    /// Whether the rules let an entry of a directory through: the first one that matches decides.
    pub(crate) fn takes(&self, name: &str, kind: &str) -> bool {
        let rule = self
            .rules
            .iter()
            .find(|rule| rule.kind.as_deref().is_none_or(|wanted| wanted == kind) && glob(&rule.name, name));
        rule.is_none_or(|rule| !rule.exclude)
    }
}

impl Rule {
    fn read(rule: &Value) -> Result<Self, TransferError> {
        let exclude = match rule["method"].as_str() {
            Some("exclude") => true,
            Some("include") => false,
            _ => return Err(TransferError::invalid("A filter rule has the method include or exclude")),
        };
        let name = rule["name"].as_str().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| TransferError::invalid("A filter rule needs a name"))?.to_owned();
        let kind = match rule["type"].as_str() {
            None => None,
            Some(kind @ ("file" | "dir")) => Some(kind.to_owned()),
            Some(_) => return Err(TransferError::invalid("A filter rule has the type file or dir")),
        };
        Ok(Self { exclude, name, kind })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_rule_that_matches_decides() {
        let request = json!({ "filter_rules": [
            { "method": "include", "name": "keep*.log", "type": "file" },
            { "method": "exclude", "name": "*.log", "type": "file" },
            { "method": "exclude", "name": "tmp" },
        ]});
        let options = Options::read(request.as_object().unwrap()).unwrap();
        assert!(options.takes("keep1.log", "file"));
        assert!(!options.takes("a.log", "file"));
        assert!(options.takes("a.log", "dir"));
        assert!(!options.takes("tmp", "dir"));
        assert!(options.takes("a.txt", "file"));
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        for bad in [
            json!({ "sync_level": 4 }),
            json!({ "recursive_symlinks": "follow" }),
            json!({ "filter_rules": [{ "method": "maybe", "name": "x" }] }),
        ] {
            assert!(Options::read(bad.as_object().unwrap()).is_err(), "{bad}");
        }
    }
}
