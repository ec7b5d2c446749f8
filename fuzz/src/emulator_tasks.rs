//! Documents of tasks. The first line is `transfer` or `delete`, the rest is what is submitted to the emulator.

use bytes::Bytes;
use globus_emulator::Emulator;
use http::{Method, Request};

use crate::emulator::{Answer, Globus, names, run};

/// Whatever is submitted: there is a task that can be looked at and cancelled, or an error as Transfer has them; and nothing is there
/// outside of the collections that was not there before.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (kind, document) = text.split_once('\n').unwrap_or((text, ""));
    let path = if kind == "delete" { "/v0.10/delete" } else { "/v0.10/transfer" };
    run(|globus| {
        let token = globus.token();
        let ask = |method, path: &str, body: String| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/json");
            let request = request.body(Bytes::from(body)).unwrap_or_else(|err| unreachable!("{err}"));
            globus.ask(request)
        };
        let answer = ask(Method::POST, path, filled(globus, document));
        if is_task(&answer) {
            let id = answer.document["task_id"].as_str().unwrap_or_default();
            let task = format!("/v0.10/task/{id}");
            assert_eq!(ask(Method::GET, &task, String::new()).document["task_id"], id);
            assert_eq!(ask(Method::GET, &format!("{task}/event_list"), String::new()).status, 200);
            assert_eq!(ask(Method::POST, &format!("{task}/cancel"), String::new()).status / 100, 2);
        }
        stays_inside(globus);
    });
}

/// Lets seeds name what differs from run to run.
fn filled(globus: &Globus, text: &str) -> String {
    let emulator = &globus.emulator;
    text.replace("$A", emulator.collection_a())
        .replace("$B", emulator.collection_b())
        .replace("$ID", &format!("00000000-0000-4000-8000-{:012}", globus.input()))
}

fn is_task(answer: &Answer) -> bool {
    let document = &answer.document;
    for field in ["code", "message", "request_id", "resource"] {
        assert!(document[field].is_string(), "no {field}: {answer:?}");
    }
    assert!(!answer.text.contains(Emulator::SECRET_MARKER), "{answer:?}");
    if (400..500).contains(&answer.status) || answer.status == 502 {
        return false;
    }
    assert!(matches!(answer.status, 200 | 202), "{answer:?}");
    assert!(document["task_id"].is_string() && document["submission_id"].is_string(), "{answer:?}");
    true
}

/// The directories of the collections are in one of the emulator's own, which holds them and nothing else.
fn stays_inside(globus: &Globus) {
    let now = names(&globus.emulator);
    assert_eq!(now, globus.directories, "something came into being, or a collection is gone");
}
