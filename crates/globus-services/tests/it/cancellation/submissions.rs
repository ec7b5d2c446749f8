//! Submissions. Dropped anywhere and submitted again under the same id, a document makes one task.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use globus_services::transfer::{TransferClient, TransferData};
use serde_json::{Value, json};

use super::{MOMENTS, MOST, cut};
use crate::scripted::{Arrival, Scripted, settle, transport};

/// A service that makes one task of each submission id.
#[derive(Clone, Debug, Default)]
struct Tasks {
    made: Arc<Mutex<BTreeSet<String>>>,
    ids: Arc<Mutex<usize>>,
}

impl Tasks {
    fn answer(&self, arrival: &Arrival) -> (u16, String) {
        if arrival.line == "GET /v0.10/submission_id" {
            let mut ids = self.ids.lock().unwrap();
            *ids += 1;
            return (200, json!({"value": format!("id-{ids}")}).to_string());
        }
        assert_eq!(arrival.line, "POST /v0.10/transfer");
        let body: Value = serde_json::from_str(&arrival.body).unwrap();
        let id = body["submission_id"].as_str().unwrap();
        let is_new = self.made.lock().unwrap().insert(id.to_owned());
        let code = if is_new { "Accepted" } else { "Duplicate" };
        (202, json!({"task_id": format!("task-of-{id}"), "submission_id": id, "code": code}).to_string())
    }

    fn count(&self) -> usize {
        self.made.lock().unwrap().len()
    }
}

async fn service() -> (Tasks, Scripted, TransferClient) {
    let tasks = Tasks::default();
    let answering = tasks.clone();
    let server = Scripted::start(move |arrival| answering.answer(arrival)).await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    (tasks, server, client)
}

#[tokio::test(start_paused = true)]
async fn a_document_with_an_id_makes_one_task_wherever_its_submission_is_dropped() {
    for moment in MOMENTS {
        for polls in 0..MOST {
            let (tasks, server, client) = service().await;
            let id = client.get_submission_id().await.unwrap().value;
            let data = TransferData::new("a", "b").item("/x", "/y").submission_id(id);
            let first = cut(client.submit_transfer(data.clone()).into_future(), polls, moment).await;
            settle().await;
            let made = tasks.count();
            assert!(server.count("POST") <= 1 && made <= 1);
            let again = client.submit_transfer(data).await.unwrap();
            assert_eq!((tasks.count(), again.is_duplicate()), (1, made == 1), "dropped after {polls} looks");
            if let Some(first) = first {
                assert_eq!(first.unwrap().task_id, again.task_id);
                assert!(polls > 1);
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_document_without_an_id_is_sent_once_or_not_at_all_when_its_submission_is_dropped() {
    for moment in MOMENTS {
        for polls in 0..MOST {
            let (tasks, server, client) = service().await;
            let data = TransferData::new("a", "b").item("/x", "/y");
            let first = cut(client.submit_transfer(data).into_future(), polls, moment).await;
            settle().await;
            assert!(server.count("GET") <= 1 && server.count("POST") <= 1 && tasks.count() <= 1);
            // Nothing goes on by itself.
            let sent = server.lines();
            tokio::time::sleep(std::time::Duration::from_secs(600)).await;
            assert_eq!(server.lines(), sent, "dropped after {polls} looks");
            if first.is_some() {
                break;
            }
        }
    }
}
