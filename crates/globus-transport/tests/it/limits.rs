use globus_transport::ErrorKind;

use crate::hostile::{Server, answer, said, say};
use crate::{builder, get};

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused_with_and_without_an_announced_length() {
    let transport = builder().max_body_bytes(100).build().unwrap();
    let large = format!("[{}]", "1,".repeat(200));
    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{large}");
    for step in [say(200, "", &large), said(unannounced)] {
        let peer = Server::new([step]).await;
        let error = transport.send(get(&peer.url)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1));
    }
}

#[tokio::test]
async fn a_request_may_set_a_limit_of_its_own() {
    let transport = builder().max_body_bytes(100).build().unwrap();
    for (length, limit, fits) in [(50, None, true), (50, Some(49), false), (200, Some(200), true)] {
        let peer = Server::new([say(200, "", &"1".repeat(length))]).await;
        let request = get(&peer.url);
        let request = match limit {
            Some(limit) => request.with_max_body(limit),
            None => request,
        };
        assert_eq!(request.max_body(), limit);
        let result = transport.send(request).await;
        assert_eq!(result.is_ok(), fits, "{length} {limit:?}");
        assert!(result.err().is_none_or(|error| error.kind() == ErrorKind::TooLarge));
    }
}

#[tokio::test]
async fn an_error_beyond_any_measure_is_cut_and_still_an_error() {
    let page = "x".repeat(3 << 20);
    let peer = Server::new([said(answer(404, "", &page))]).await;
    let error = builder().build().unwrap().send(get(&peer.url)).await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert!(error.api().unwrap().raw_body().len() <= 1 << 20);
}

#[tokio::test]
async fn a_large_answer_in_pieces_is_put_together() {
    let body = format!("[{}1]", "1, ".repeat(1 << 20));
    let chunked = body
        .as_bytes()
        .chunks(10_000)
        .map(|part| format!("{:x}\r\n{}\r\n", part.len(), std::str::from_utf8(part).unwrap()));
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{}0\r\n\r\n",
        chunked.collect::<String>()
    );
    for step in [say(200, "", &body), said(chunked)] {
        let peer = Server::new([step]).await;
        let response = builder().build().unwrap().send(get(&peer.url)).await.unwrap();
        assert!(response.body() == body.as_bytes());
        assert_eq!(response.json::<Vec<u8>>().unwrap().len(), (1 << 20) + 1);
    }
}
