//! Plans against a service that makes one task of each submission id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use globus_services::transfer::{
    PlanEntry, PlanJournal, PlannedItem, TransferClient, TransferData, TransferItem, TransferPlan,
};
use globus_services::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::scripted::{Arrival, Scripted, settle, transport};

#[derive(Clone, Debug, Default)]
struct Service(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    ids: usize,
    /// The source paths by submission id.
    submissions: BTreeMap<String, Vec<String>>,
    /// How many tasks a list has shown as active before they end.
    shown: usize,
    most_live: usize,
    ended: usize,
    /// Which `POST`, by number, is answered with this status.
    refuse: Option<(usize, u16)>,
    posts: usize,
}

impl Service {
    fn answer(&self, arrival: &Arrival) -> (u16, String) {
        let mut state = self.0.lock().unwrap();
        if arrival.line == "GET /v0.10/submission_id" {
            state.ids += 1;
            return (200, json!({"value": format!("id-{}", state.ids)}).to_string());
        }
        if arrival.line.starts_with("GET /v0.10/task_list") {
            state.shown += 1;
            let over = state.shown.is_multiple_of(3);
            let live: Vec<_> = state.submissions.keys().skip(state.ended).cloned().collect();
            state.most_live = state.most_live.max(live.len());
            let status = if over { "SUCCEEDED" } else { "ACTIVE" };
            state.ended += if over { live.len() } else { 0 };
            let tasks: Vec<_> =
                live.iter().map(|id| json!({"task_id": format!("task-of-{id}"), "status": status})).collect();
            return (200, json!({"DATA": tasks, "total": tasks.len()}).to_string());
        }
        assert_eq!(arrival.line, "POST /v0.10/transfer");
        state.posts += 1;
        let body: Value = serde_json::from_str(&arrival.body).unwrap();
        assert_eq!(body["label"], "plan");
        let id = body["submission_id"].as_str().unwrap().to_owned();
        let (posts, refuse) = (state.posts, state.refuse);
        let paths: Vec<_> = body["DATA"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["source_path"].as_str().unwrap().to_owned())
            .collect();
        if let Some((_, status @ 400..500)) = refuse.filter(|(number, _)| *number == posts) {
            return (status, json!({"code": "ClientError.BadRequest", "message": "no"}).to_string());
        }
        let known = state.submissions.insert(id.clone(), paths.clone());
        assert!(known.as_ref().is_none_or(|known| *known == paths), "another document under the same id");
        if let Some((_, status)) = refuse.filter(|(number, _)| *number == posts) {
            return (status, json!({"code": "ExternalError", "message": "too late"}).to_string());
        }
        let code = if known.is_some() { "Duplicate" } else { "Accepted" };
        (202, json!({"task_id": format!("task-of-{id}"), "submission_id": id, "code": code}).to_string())
    }

    /// The numbers of the items that arrived, in order.
    fn items(&self) -> Vec<usize> {
        let state = self.0.lock().unwrap();
        let paths = state.submissions.values().flatten();
        let mut items: Vec<_> =
            paths.map(|path| path.strip_prefix("/from/").unwrap().parse().unwrap()).collect();
        items.sort_unstable();
        items
    }

    /// How many items each submission has, in the order of the ids.
    fn sizes(&self) -> Vec<usize> {
        self.0.lock().unwrap().submissions.values().map(Vec::len).collect()
    }
}

async fn service() -> (Service, Scripted, TransferClient) {
    let service = Service::default();
    let answering = service.clone();
    let server = Scripted::start(move |arrival| answering.answer(arrival)).await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    (service, server, client)
}

fn items(count: usize) -> impl Iterator<Item = TransferItem> + Send + 'static {
    (0..count).map(|i| TransferItem::new(format!("/from/{i}"), format!("/to/{i}")))
}

fn data() -> TransferData {
    TransferData::new("a", "b").label("plan")
}

type Lines = Arc<Mutex<Vec<String>>>;

/// A plan that writes its journal into `lines`.
fn recorded(plan: TransferPlan, lines: &Lines) -> TransferPlan {
    let lines = Arc::clone(lines);
    plan.record(move |entry: PlanEntry| {
        let lines = Arc::clone(&lines);
        async move {
            lines.lock().unwrap().push(serde_json::to_string(&entry)?);
            Ok::<_, serde_json::Error>(())
        }
    })
}

fn journal(lines: &Lines) -> PlanJournal {
    lines.lock().unwrap().iter().map(|line| serde_json::from_str::<PlanEntry>(line).unwrap()).collect()
}

async fn submit(client: &TransferClient, plan: TransferPlan) -> Result<Vec<u64>, Error> {
    let mut submissions = client.submit_plan(plan);
    let mut sizes = Vec::new();
    while let Some(submission) = submissions.try_next().await? {
        assert_eq!(submission.entry.task_id, Some(submission.response.task_id));
        sizes.push(submission.entry.items);
    }
    Ok(sizes)
}

#[tokio::test(start_paused = true)]
async fn every_item_is_in_exactly_one_submission_of_the_size_that_is_allowed() {
    for (count, most, in_flight) in [(10_000, 3000, 2), (10, 1, 4), (3000, 3000, 1), (0, 5, 2)] {
        let (service, server, client) = service().await;
        let plan = TransferPlan::from_iter(data(), items(count)).max_items(most).in_flight(in_flight);
        let mut sizes = submit(&client, plan).await.unwrap();
        assert_eq!(service.items(), (0..count).collect::<Vec<_>>());
        sizes.sort_unstable();
        assert!(sizes.iter().all(|size| *size <= most));
        assert_eq!(sizes.len(), count.div_ceil(most as usize));
        assert_eq!(server.count("POST"), sizes.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_submission_moves_no_more_bytes_than_allowed_unless_one_item_is_larger() {
    let (service, _server, client) = service().await;
    let sizes = [4, 4, 4, 20, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    let items: Vec<PlannedItem> = items(sizes.len()).zip(sizes).map(PlannedItem::from).collect();
    let plan = TransferPlan::from_iter(data(), items).max_bytes(10).in_flight(1);
    submit(&client, plan).await.unwrap();
    assert_eq!(service.sizes(), [2, 1, 1, 10, 1]);
    assert_eq!(service.items(), (0..15).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_plan_goes_on_after_a_crash_at_any_moment_and_no_item_is_moved_twice() {
    let plan = || TransferPlan::from_iter(data(), items(1000)).max_items(150).in_flight(3);
    for polls in 0..200 {
        let (service, _server, client) = service().await;
        let lines = Lines::default();
        let mut submissions = client.submit_plan(recorded(plan(), &lines));
        let mut done = 0;
        // Looks now and then, and is dropped in the middle.
        for _ in 0..polls {
            tokio::select! {
                biased;
                next = submissions.try_next() => match next.unwrap() {
                    Some(_) => done += 1,
                    None => break,
                },
                () = tokio::task::yield_now() => {}
            }
        }
        drop(submissions);
        settle().await;
        let journal: PlanJournal = journal(&lines);
        assert!(journal.len() >= done && journal.tasks().len() >= done);
        submit(&client, recorded(plan().max_items(170).resume(journal), &lines)).await.unwrap();
        assert_eq!(service.items(), (0..1000).collect::<Vec<_>>(), "dropped after {polls} looks");
        let tasks = self::journal(&lines).tasks();
        assert_eq!(tasks.len(), service.sizes().len());
        if done == 7 {
            return;
        }
    }
    panic!("no plan came to its end");
}

#[tokio::test(start_paused = true)]
async fn a_failed_submission_ends_the_plan_and_is_sent_again_under_its_id() {
    for (status, arrived) in [(400, false), (502, true)] {
        let (service, _server, client) = service().await;
        service.0.lock().unwrap().refuse = Some((2, status));
        let lines = Lines::default();
        let plan = || TransferPlan::from_iter(data(), items(50)).max_items(10).in_flight(1);
        let mut submissions = client.submit_plan(recorded(plan(), &lines));
        assert_eq!(submissions.try_next().await.unwrap().unwrap().entry.first_item, 0);
        let error = submissions.try_next().await.unwrap_err();
        assert!(error.status() == Some(status) && error.to_string().contains("items 10 to 19"), "{error}");
        assert!(submissions.try_next().await.unwrap().is_none());
        assert_eq!((submissions.journal().len(), submissions.journal().tasks().len()), (2, 1));
        assert_eq!(service.sizes().len(), if arrived { 2 } else { 1 });
        submit(&client, plan().resume(journal(&lines))).await.unwrap();
        assert_eq!(service.items(), (0..50).collect::<Vec<_>>());
        assert_eq!(service.sizes(), [10; 5]);
    }
}

#[tokio::test(start_paused = true)]
async fn other_items_than_those_of_the_journal_are_refused() {
    let (service, server, client) = service().await;
    let lines = Lines::default();
    submit(&client, recorded(TransferPlan::from_iter(data(), items(20)).max_items(10), &lines))
        .await
        .unwrap();
    let others = items(21).skip(1);
    let plan = TransferPlan::from_iter(data(), others).resume(journal(&lines));
    let error = submit(&client, plan).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Usage && error.to_string().contains("from number 0 on"), "{error}");
    let fewer = TransferPlan::from_iter(data(), items(15)).resume(journal(&lines));
    assert!(submit(&client, fewer).await.unwrap_err().to_string().contains("from number 10 on"));
    assert_eq!((server.count("POST"), service.items().len()), (2, 20));
    // The same again has nothing to do.
    let again = TransferPlan::from_iter(data(), items(20)).resume(journal(&lines));
    assert!(submit(&client, again).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn no_more_tasks_are_made_than_may_be_going_on() {
    let (service, _server, client) = service().await;
    let plan = TransferPlan::from_iter(data(), items(80)).max_items(10).live_tasks(3).in_flight(2);
    assert_eq!(submit(&client, plan).await.unwrap().len(), 8);
    assert_eq!(service.items(), (0..80).collect::<Vec<_>>());
    let most = service.0.lock().unwrap().most_live;
    assert!((2..=3).contains(&most), "{most}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_could_not_be_recorded() {
    let (_service, server, client) = service().await;
    let plan =
        TransferPlan::from_iter(data(), items(5)).record(|_| async { Err::<(), _>("the disk is full") });
    let error = submit(&client, plan).await.unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("the disk is full"));
    assert_eq!(server.count("POST"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_document_with_items_is_refused_as_the_start_of_a_plan() {
    let (_service, server, client) = service().await;
    let plan = TransferPlan::from_iter(data().item("/x", "/y"), items(5));
    assert_eq!(submit(&client, plan).await.unwrap_err().kind(), ErrorKind::Usage);
    assert!(server.lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_walk_can_be_the_source_of_a_plan() {
    let listing =
        json!({"DATA": [{"name": "1", "type": "file", "size": 7}, {"name": "0", "type": "file", "size": 5}]});
    let service = Service::default();
    let answering = service.clone();
    let server = Scripted::start(move |arrival| match arrival.line.contains("/ls?") {
        true => (200, listing.to_string()),
        false => answering.answer(arrival),
    });
    let server = server.await;
    let client = TransferClient::builder().base_url(server.url()).transport(transport()).build().unwrap();
    let plan = TransferPlan::from_try_stream(data(), Files(client.walk("a", "/from")));
    let mut submissions = client.submit_plan(plan);
    let submission = tokio::time::timeout(Duration::from_secs(60), submissions.try_next())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!((submission.entry.items, submission.entry.bytes), (2, 12));
    assert_eq!(service.items(), [0, 1]);
}

/// The files of a walk as items.
struct Files(globus_services::transfer::Walk);

impl futures_core::Stream for Files {
    type Item = Result<PlannedItem, Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::pin::Pin::new(&mut self.0).poll_next(cx).map(|found| {
            Some(found?.map_err(Error::from).map(|found| {
                let item = TransferItem::new(found.path(), format!("/to/{}", found.entry.name));
                PlannedItem::new(item).bytes(found.entry.size.unwrap_or(0))
            }))
        })
    }
}
