//! The recorded calls.

use std::fs;
use std::path::Path;

use super::json::Value;
use crate::failure::{Failure, Outcome};

/// Every recorded method of some folder, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) methods: Vec<Method>,
}

/// One recorded method.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Method {
    pub(super) service: String,
    pub(super) client: String,
    pub(super) name: String,
    pub(super) verb: String,
    pub(super) path: String,
    pub(super) cases: usize,
    /// Whether any case sends a request.
    pub(super) sends: bool,
    /// How many lists are read to their end.
    pub(super) sequences: usize,
}

impl Recorded {
    pub(super) fn read(folder: &Path, services: &[&str]) -> Outcome<Self> {
        let mut recorded = Self::default();
        for service in services {
            let file = folder.join(format!("{service}.json"));
            let doing = format!("reading {}", file.display());
            let text = fs::read_to_string(&file).map_err(Failure::while_doing(doing))?;
            let document =
                Value::parse(&text).ok_or_else(|| Failure::new(format!("{} is not JSON", file.display())))?;
            recorded
                .methods
                .extend(document.list("methods").iter().map(|method| Method::of(service, method)));
        }
        Ok(recorded)
    }

    pub(super) fn has(&self, client: &str, name: &str) -> bool {
        self.methods.iter().any(|method| method.client == client && method.name == name)
    }

    pub(super) fn cases(&self) -> usize {
        self.methods.iter().map(|method| method.cases + method.sequences).sum()
    }

    /// The methods that `given` has and this has not. What sends nothing there may be said in another way here.
    pub(super) fn missing(&self, given: &Self) -> Vec<String> {
        let is_missing = |method: &&Method| method.sends && !self.has(&method.client, &method.name);
        let missing = given.methods.iter().filter(is_missing);
        missing.map(|method| format!("{}.{} has no case of our own", method.client, method.name)).collect()
    }
}

impl Method {
    fn of(service: &str, method: &Value) -> Self {
        let paging = method.get("paging").map_or(0, |paging| paging.list("sequences").len());
        Self {
            service: service.to_owned(),
            client: method.text("client").to_owned(),
            name: method.text("name").to_owned(),
            verb: method.text("verb").to_owned(),
            path: method.text("path_template").to_owned(),
            cases: method.list("cases").len(),
            sends: method
                .list("cases")
                .iter()
                .any(|case| matches!(case.get("request"), Some(Value::Object(_)))),
            sequences: paging,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_known_by_client_and_name() {
        let text = r#"{"name": "a", "client": "C", "verb": "GET", "path_template": "/a", "cases": [{}, {"request": {}}],
            "paging": {"sequences": [{}]}}"#;
        let method = Method::of("groups", &Value::parse(text).unwrap());
        assert_eq!((method.cases, method.sequences, &*method.path), (2, 1, "/a"));
        let recorded = Recorded { methods: vec![method.clone()] };
        assert!(recorded.has("C", "a") && !recorded.has("D", "a"));
        let more = Recorded {
            methods: vec![
                method,
                Method { client: "D".into(), name: "b".into(), sends: true, ..Method::default() },
            ],
        };
        assert_eq!(recorded.missing(&more), ["D.b has no case of our own"]);
        assert_eq!(recorded.cases(), 3);
    }
}
