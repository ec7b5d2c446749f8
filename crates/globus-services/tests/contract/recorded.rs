//! The recorded files: what of them is used.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Failure;

#[derive(Deserialize)]
pub(crate) struct ServiceFile {
    pub(crate) base_url: String,
    pub(crate) methods: Vec<Method>,
}

#[derive(Deserialize)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) client: String,
    pub(crate) cases: Vec<Case>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    sequences: Vec<Sequence>,
}

/// A list that is read to its end.
#[derive(Deserialize)]
pub(crate) struct Sequence {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
    /// The pages served; or, for many that are alike, what each holds.
    pages: Value,
    pub(crate) requests: Vec<Request>,
    pub(crate) items_yielded: Option<usize>,
    pub(crate) error_after_last_page: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) client_args: Map<String, Value>,
    #[serde(default)]
    pub(crate) setup: Vec<Setup>,
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
    #[serde(default)]
    pub(crate) preceding: Vec<Exchange>,
    pub(crate) request: Option<Request>,
    pub(crate) response: Option<Response>,
    pub(crate) result: Option<Value>,
    pub(crate) error: Option<Value>,
    #[serde(default)]
    pub(crate) generated: Vec<String>,
    pub(crate) polls: Option<usize>,
}

#[derive(Deserialize)]
pub(crate) struct Setup {
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
}

#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) request: Request,
    pub(crate) response: Response,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) verb: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) query: Map<String, Value>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    #[serde(default)]
    pub(crate) body_kind: String,
    pub(crate) body: Option<Value>,
    /// Paths of fields in the body that are made up when the call is made.
    #[serde(default)]
    pub(crate) generated: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Response {
    pub(crate) status: Option<u16>,
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
    same_as: Option<String>,
}

impl ServiceFile {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text =
            fs::read_to_string(path).map_err(|err| format!("{} cannot be read: {err}", path.display()))?;
        serde_json::from_str(&text).map_err(|err| format!("{}: {err}", path.display()).into())
    }
}

impl Response {
    /// A page. Links in it lead to the recorded service; here they have to lead to this one.
    pub(crate) fn of(page: Value, url: &str, base_url: &str) -> Self {
        let page = serde_json::from_str(&page.to_string().replace(base_url, url)).unwrap_or(page);
        Self { status: Some(200), json: Some(page), text: None, same_as: None }
    }

    /// The same with links to this service where they led to the recorded one.
    pub(crate) fn leading_to(self, url: &str, base_url: &str) -> Self {
        let Some(json) = self.json else { return self };
        Self { status: self.status, ..Self::of(json, url, base_url) }
    }

    /// The same for a task that has not ended.
    pub(crate) fn still_active(mut self) -> Self {
        if let Some(status) = self.json.as_mut().and_then(|json| json.get_mut("status")) {
            *status = "ACTIVE".into();
        }
        self
    }
}

impl Method {
    pub(crate) fn sequences(&self) -> impl Iterator<Item = &Sequence> {
        self.paging.iter().flat_map(|paging| &paging.sequences)
    }

    /// The pages of `sequence`. Where only their number of items was recorded, they are made of an item of another sequence.
    pub(crate) fn pages(&self, sequence: &Sequence) -> Vec<Value> {
        if let Some(pages) = sequence.pages.as_array() {
            return pages.clone();
        }
        let page = &sequence.pages["every_page"];
        let sample = self.sequences().find_map(|other| other.pages.get(0)?.get("DATA")?.get(0)).cloned();
        let count = page["items_or_count"].as_u64().unwrap_or_default();
        let items = (0..count).map(|_| sample.clone().unwrap_or_default()).collect();
        let mut page = page.as_object().cloned().unwrap_or_default();
        page.insert("DATA".to_owned(), Value::Array(items));
        // Twice as many as were asked for, for whoever reads on.
        vec![Value::Object(page); 2 * sequence.requests.len()]
    }

    /// The reply to the main request of `case`, which may be another case's.
    pub(crate) fn reply(&self, case: &Case) -> Result<Response, Failure> {
        let mut reply = case.response.clone().ok_or("the case has no response")?;
        if let Some(id) = &reply.same_as {
            let other = self.cases.iter().find(|case| case.id == *id).ok_or("`same_as` names no case")?;
            let status = reply.status;
            reply = other.response.clone().ok_or("`same_as` names a case without response")?;
            reply.status = status.or(reply.status);
        }
        Ok(reply)
    }
}
