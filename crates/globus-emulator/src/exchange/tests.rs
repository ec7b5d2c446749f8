use axum::body::to_bytes;
use axum::routing::get;
use serde_json::Value;

use super::*;
use crate::emulator::Emulator;
use crate::journal::RequestFilter;

async fn answer(exchange: &Exchange, path: &str) -> (StatusCode, Value) {
    let request = http::Request::builder().uri(path).body(()).unwrap();
    let response = exchange.answer(request.into_parts().0, Bytes::new()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_panic_is_answered_and_told_and_nothing_else_suffers() {
    async fn at_once() -> &'static str {
        panic!("on purpose")
    }
    async fn later() -> &'static str {
        tokio::task::yield_now().await;
        panic!("{} purpose", "on")
    }
    let emulator = Emulator::start().await.unwrap();
    let routes = router(&emulator.app)
        .route("/v0.10/panic", get(at_once))
        .route("/v2/groups/panic/later", get(later))
        .route("/v2/api/panic", get(later));
    let exchange = Exchange::with(Arc::clone(&emulator.app), routes);
    let (status, transfer) = answer(&exchange, "/v0.10/panic").await;
    assert_eq!((status.as_u16(), &transfer["code"]), (500, &"EmulatorPanicked".into()));
    assert!(transfer["message"].as_str().unwrap().contains("on purpose"), "{transfer}");
    assert_eq!(transfer["resource"], "/v0.10/panic");
    let (_, groups) = answer(&exchange, "/v2/groups/panic/later").await;
    assert_eq!(groups["errors"][0]["code"], "EmulatorPanicked");
    let (_, auth) = answer(&exchange, "/v2/api/panic").await;
    assert!(auth["errors"][0]["detail"].as_str().unwrap().contains("on purpose"), "{auth}");
    assert_eq!(answer(&exchange, "/jwk.json").await.0, StatusCode::OK);
    assert_eq!(emulator.app.journal.count(&RequestFilter::new().status(500)), 3);
}

#[tokio::test]
async fn a_client_that_does_not_wait_is_in_the_journal_all_the_same() {
    let emulator = Emulator::start().await.unwrap();
    let hour = std::time::Duration::from_secs(3600);
    emulator.inject(crate::Fault::on("/jwk.json", crate::FaultAction::delay(hour)).id("slow")).unwrap();
    let mut asking = Box::pin(answer(&emulator.exchange, "/jwk.json"));
    std::future::poll_fn(|context| {
        assert!(asking.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    drop(asking);
    assert_eq!(emulator.app.journal.count(&RequestFilter::new().status(0).fault("slow")), 1);
}
