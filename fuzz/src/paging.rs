//! Lists that come in pages. The first line says which list, and how it is asked for (`search limit=7 offset=2 page=3`); each
//! line after it is the body of a page, in the order in which they are asked for.

use std::sync::{Arc, Mutex, PoisonError};

use globus_services::transfer::TransferClient;
use globus_services::{Error, Items, Page};
use serde_json::Value;

use crate::loopback;

/// More pages than this tell nothing new.
const MOST_PAGES: usize = 50;

/// However the pages contradict themselves: the list ends, no page is asked for twice, each starts where the one before it ended,
/// and the items are those of the pages, in order, none lost and none doubled.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let asked = Asked::read(lines.next().unwrap_or_default());
    let served = Arc::new(Mutex::new(Served::new(lines.take(MOST_PAGES).map(str::to_owned).collect())));
    let script = {
        let served = Arc::clone(&served);
        move |target: &str| served.lock().unwrap_or_else(PoisonError::into_inner).next(target)
    };
    let (found, ended) = loopback::run(script, async |url, transport| {
        let client = TransferClient::builder().base_url(url).transport(transport).build();
        let client = client.unwrap_or_else(|err| unreachable!("{err}"));
        asked.drive(&client).await
    });
    let served = served.lock().unwrap_or_else(PoisonError::into_inner);
    served.hold(&asked, &found, ended);
}

/// How the list is asked for.
#[derive(Debug, Default)]
struct Asked {
    list: String,
    limit: Option<u64>,
    offset: Option<u64>,
    page: Option<u64>,
}

impl Asked {
    fn read(line: &str) -> Self {
        let mut asked = Self::default();
        for word in line.split(' ') {
            match word.split_once('=') {
                Some(("limit", number)) => asked.limit = number.parse().ok(),
                Some(("offset", number)) => asked.offset = number.parse().ok(),
                Some(("page", number)) => asked.page = number.parse().ok(),
                _ => word.clone_into(&mut asked.list),
            }
        }
        asked
    }

    /// The field that tells an item from others, by list.
    fn key(&self) -> &'static str {
        match &*self.list {
            "ls" => "name",
            "tasks" => "task_id",
            "events" => "code",
            _ => "id",
        }
    }

    /// Reads the list to its end. Gives the items by their key, and whether it ended well.
    async fn drive(&self, client: &TransferClient) -> (Vec<String>, Result<(), Error>) {
        macro_rules! items {
            ($request:expr, $key:expr) => {{
                let mut request = $request;
                if let Some(limit) = self.limit {
                    request = request.limit(limit);
                }
                if let Some(offset) = self.offset {
                    request = request.offset(offset);
                }
                self.collect(request.items(), $key).await
            }};
        }
        match self.key() {
            "name" => items!(client.operation_ls("c"), |entry| entry.name),
            "task_id" => items!(client.task_list(), |task| task.task_id.to_string()),
            "code" => items!(client.task_event_list("t"), |event| event.code),
            _ => items!(client.endpoint_search(), |endpoint| endpoint.id.to_string()),
        }
    }

    async fn collect<P: Page>(
        &self,
        mut items: Items<P>,
        key: impl Fn(P::Item) -> String,
    ) -> (Vec<String>, Result<(), Error>) {
        if let Some(page) = self.page {
            items = items.with_page_size(page);
        }
        let mut found = Vec::new();
        let ended = loop {
            match items.try_next().await {
                Ok(Some(item)) => found.push(key(item)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        assert!(matches!(items.try_next().await, Ok(None)), "it goes on after its end");
        (found, ended)
    }
}

/// The pages, and what became of them.
#[derive(Debug)]
struct Served {
    pages: Vec<String>,
    targets: Vec<String>,
}

impl Served {
    fn new(pages: Vec<String>) -> Self {
        Self { pages, targets: Vec::new() }
    }

    /// The next page; after the last, an error.
    fn next(&mut self, target: &str) -> Vec<u8> {
        self.targets.push(target.to_owned());
        match self.pages.get(self.targets.len() - 1) {
            Some(page) => loopback::answer(200, &[("content-type", b"application/json")], page.as_bytes()),
            None => loopback::answer(404, &[], b""),
        }
    }

    fn hold(&self, asked: &Asked, found: &[String], ended: Result<(), Error>) {
        let requests = self.targets.len();
        assert!(requests <= self.pages.len() + 1, "{requests} requests for {} pages", self.pages.len());
        let mut expected = Vec::new();
        let mut start = asked.offset.unwrap_or(0);
        for (index, target) in self.targets.iter().enumerate() {
            assert_eq!(number(target, "offset").unwrap_or(0), start, "where page {index} starts");
            let size = number(target, "limit");
            assert!(size.is_some_and(|size| size > 0), "{target}");
            assert!(size <= asked.limit.map(|limit| limit - expected.len() as u64).or(size), "{target}");
            let last = index + 1 == requests;
            let page = keys(self.pages.get(index).map_or("", String::as_str), asked.key());
            match page {
                Some(page) if !last || ended.is_ok() => {
                    start = start.saturating_add(page.len() as u64);
                    expected.extend(page);
                }
                // The page that cannot be used, or that says nothing about the next.
                _ => assert!(last && ended.is_err(), "page {index} was used"),
            }
        }
        let most = usize::try_from(asked.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        expected.truncate(most);
        if found.len() < expected.len() {
            // A list of the service goes no further than this.
            assert!(
                asked.key() != "name" && asked.offset.unwrap_or(0) + found.len() as u64 == 1000,
                "items are lost"
            );
            expected.truncate(found.len());
        }
        assert_eq!(found, expected);
    }
}

/// The items of a page by their key, as a reader who knows nothing of the SDK finds them.
fn keys(page: &str, key: &str) -> Option<Vec<String>> {
    let page: Value = serde_json::from_str(page).ok()?;
    let items = page.as_object()?.get("DATA").unwrap_or(&Value::Null);
    if items.is_null() {
        return Some(Vec::new());
    }
    items.as_array()?.iter().map(|item| Some(item.get(key)?.as_str()?.to_owned())).collect()
}

fn number(target: &str, name: &str) -> Option<u64> {
    let (_, query) = target.split_once('?')?;
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name)?;
    value.parse().ok()
}
