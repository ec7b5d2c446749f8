//! Documents have every field that the services' own have, with the same JSON type.
//!
//! Each service has a list of its own (`auth.json`, …): `documents` names shapes, `answers` says which shape a method answers
//! with, `refusals` how it says no. A shape is an example: `"s"` stands for any text, `0` for any number, `false` for either
//! truth value, `null` for anything at all, `["@name"]` for a list that is not empty, of the documents of that name.
//!
//! With `GLOBUS_CONTRACT_DIR` every recorded sample is compared, too. (A relative path starts at the workspace's root.)
//!
//! A service is added with a list, a function that calls each of its methods, and a line here.

mod auth;
mod compare;
mod groups;
mod list;
mod recorded;
mod transfer;

use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Answer, World};

/// What the emulator said, by method and by whether it said yes.
#[derive(Default)]
pub(super) struct Answers(BTreeMap<(&'static str, bool), Vec<Value>>);

impl Answers {
    /// Keeps an answer to a call of the method; returns it for the next calls to build upon.
    pub(super) fn keep(&mut self, method: &'static str, answer: Answer) -> Value {
        let (status, body) = answer;
        assert!(
            status.is_success() || status.is_client_error(),
            "{method} was answered with {status}: {body}"
        );
        self.0.entry((method, status.is_success())).or_default().push(body.clone());
        body
    }

    /// As [`keep`](Self::keep), where there must be no refusal.
    pub(super) fn done(&mut self, method: &'static str, answer: Answer) -> Value {
        assert!(answer.0.is_success(), "{method} was refused with {}: {}", answer.0, answer.1);
        self.keep(method, answer)
    }

    /// As [`keep`](Self::keep), where there must be a refusal.
    pub(super) fn refused(&mut self, method: &'static str, status: StatusCode, answer: Answer) {
        assert_eq!(answer.0, status, "{method}: {}", answer.1);
        self.keep(method, answer);
    }

    /// What the best of the answers lacks.
    fn faults(&self, method: &str, success: bool, expected: &Value) -> Vec<String> {
        let said = if success { "an answer" } else { "a refusal" };
        let mut answers =
            self.0.iter().filter(|((name, yes), _)| *name == method && *yes == success).peekable();
        if answers.peek().is_none() {
            return vec![format!("nothing calls it for {said}")];
        }
        answers
            .flat_map(|(_, bodies)| bodies)
            .map(|body| compare::faults(expected, body))
            .min_by_key(Vec::len)
            .unwrap_or_default()
    }
}

/// Compares what a service says with its list, and with what was recorded.
fn check(service: &str, list: &str, answers: &Answers, excused: &[(&str, &str)]) {
    let list = list::List::read(list);
    let mut faults = Vec::new();
    for (method, success, shape) in list.shapes() {
        faults.extend(
            answers.faults(method, success, &shape).into_iter().map(|fault| (method.to_owned(), fault)),
        );
    }
    for (method, success) in answers.0.keys() {
        if !list.shapes().iter().any(|(name, yes, _)| name == method && yes == success) {
            faults.push(((*method).to_owned(), "is not in the list".to_owned()));
        }
    }
    let cases = recorded::cases(service);
    let is_excused = |case: &recorded::Case, name: &str| name == case.name || name == case.method;
    for (name, reason) in excused.iter().filter(|_| !cases.is_empty()) {
        if !cases.iter().any(|case| is_excused(case, name)) {
            faults.push(((*name).to_owned(), format!("is excused ({reason}), but was not recorded")));
        }
    }
    for case in cases.iter().filter(|case| !excused.iter().any(|(name, _)| is_excused(case, name))) {
        let found = answers.faults(&case.method, case.success, &case.body);
        faults.extend(found.into_iter().map(|fault| (case.name.clone(), fault)));
    }
    assert!(
        faults.is_empty(),
        "{}",
        faults.iter().map(|(what, fault)| format!("{service} {what}: {fault}\n")).collect::<String>()
    );
}

#[tokio::test]
async fn auth_documents_are_complete() {
    let answers = auth::answers(&World::new().await).await;
    check("auth", include_str!("auth.json"), &answers, auth::EXCUSED);
}

#[tokio::test]
async fn groups_documents_are_complete() {
    let answers = groups::answers(&World::new().await).await;
    check("groups", include_str!("groups.json"), &answers, groups::EXCUSED);
}

#[tokio::test]
async fn transfer_documents_are_complete() {
    let answers = transfer::answers(&World::new().await).await;
    check("transfer", include_str!("transfer.json"), &answers, transfer::EXCUSED);
}
