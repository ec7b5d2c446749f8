//! The recorded answers of a service, where a folder of them is named.

use std::env;
use std::path::Path;

use serde_json::Value;

/// One recorded answer.
pub(super) struct Case {
    /// `method/case`.
    pub(super) name: String,
    pub(super) method: String,
    pub(super) success: bool,
    pub(super) body: Value,
}

/// The answers that differ; none when no folder is named.
pub(super) fn cases(service: &str) -> Vec<Case> {
    let Some(folder) = env::var_os("GLOBUS_CONTRACT_DIR").filter(|folder| !folder.is_empty()) else {
        println!("GLOBUS_CONTRACT_DIR is not set: only the list beside this test is compared");
        return Vec::new();
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join(folder).join(format!("{service}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let contract: Value = serde_json::from_str(&text).unwrap();
    let mut cases = Vec::new();
    for method in contract["methods"].as_array().unwrap() {
        let name = method["name"].as_str().unwrap();
        for case in method["cases"].as_array().unwrap() {
            let response = &case["response"];
            // Made up for the recording, where the service publishes none.
            if response["synthetic"] == true {
                continue;
            }
            // The others repeat one of these, or have no document.
            let Some(body) = response.get("json").filter(|body| !body.is_null()) else { continue };
            cases.push(Case {
                name: format!("{name}/{}", case["id"].as_str().unwrap()),
                method: name.to_owned(),
                success: response["status"].as_u64().unwrap() < 400,
                body: body.clone(),
            });
        }
    }
    assert!(!cases.is_empty(), "{} has no answers", path.display());
    cases
}
