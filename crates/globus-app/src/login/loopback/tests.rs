use std::sync::mpsc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::login::a_request::request;

/// A login under way: where the browser is to come back to, and with which state.
struct UnderWay {
    port: u16,
    state: String,
    login: tokio::task::JoinHandle<Result<LoginAnswer, LoginFlowError>>,
}

async fn begin() -> UnderWay {
    begin_with(|manager| manager).await
}

async fn begin_with(change: impl Fn(LoopbackLogin) -> LoopbackLogin) -> UnderWay {
    let (opened, url) = mpsc::channel();
    let manager =
        LoopbackLogin::with_opener(move |url| opened.send(url.to_owned()).map_err(io::Error::other));
    let manager = change(manager);
    let login = tokio::spawn(async move { manager.log_in(&request()).await });
    let url = tokio::task::spawn_blocking(move || url.recv().unwrap()).await.unwrap();
    let pairs: std::collections::HashMap<_, _> =
        url.split(['?', '&']).filter_map(|pair| pair.split_once('=')).collect();
    let port = pairs["redirect_uri"].rsplit_once("%3A").unwrap().1.parse().unwrap();
    UnderWay { port, state: pairs["state"].to_owned(), login }
}

impl UnderWay {
    /// Sends `bytes` and gives back the status and the rest of what comes.
    async fn exchange(&self, bytes: &[u8]) -> (u16, String) {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_default(), answer)
    }

    async fn get(&self, target: &str) -> (u16, String) {
        let port = self.port;
        self.exchange(format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).await
    }

    async fn status(&self, target: &str) -> u16 {
        self.get(target).await.0
    }

    fn query(&self, rest: &str) -> String {
        format!("/?state={}&{rest}", self.state)
    }
}

fn is_code(answer: LoginAnswer, expected: &str) -> bool {
    matches!(answer.into_brought(), crate::login::answer::Brought::Code(_, code) if code.expose() == expected)
}

#[tokio::test]
async fn the_code_ends_the_login_and_the_page_names_the_program_as_text() {
    let under_way = begin().await;
    let (status, page) = under_way.get(&under_way.query("code=abc")).await;
    assert_eq!(status, 200);
    assert!(page.contains("You are logged in") && page.contains("&lt;b&gt;Copier&lt;/b&gt;"), "{page}");
    assert!(!page.contains("<b>Copier") && !page.contains("abc") && page.contains("no-store"), "{page}");
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "abc"));
}

#[tokio::test]
async fn whatever_does_not_carry_the_state_changes_nothing() {
    let under_way = begin().await;
    for (target, status) in [
        ("/favicon.ico".to_owned(), 404),
        ("/".to_owned(), 404),
        (format!("/elsewhere?state={}&code=x", under_way.state), 404),
        ("/?code=stolen".to_owned(), 400),
        ("/?code=stolen&state=_default".to_owned(), 400),
        ("/?error=access_denied&state=guess".to_owned(), 400),
        (under_way.query("code=one&code=two"), 400),
        (under_way.query("code="), 400),
        (under_way.query("nothing=1"), 400),
    ] {
        assert_eq!(under_way.status(&target).await, status, "{target}");
    }
    assert!(!under_way.login.is_finished());
    assert_eq!(under_way.status(&under_way.query("code=right")).await, 200);
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "right"));
}

#[tokio::test]
async fn what_is_no_request_of_a_browser_is_turned_away() {
    let under_way = begin().await;
    let callback = under_way.query("code=x");
    let port = under_way.port;
    for (request, status) in [
        (format!("POST {callback} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\n\r\n"), 405),
        (format!("HEAD {callback} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"), 405),
        // A name that somebody else lets lead here.
        (format!("GET {callback} HTTP/1.1\r\nHost: evil.example.org:{port}\r\n\r\n"), 421),
        (format!("GET {callback} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n"), 421),
        (format!("GET {callback} HTTP/1.0\r\n\r\n"), 421),
        ("\u{16}\u{3}\u{1}\u{2}".to_owned() + "\r\n\r\n", 400),
    ] {
        assert_eq!(under_way.exchange(request.as_bytes()).await.0, status, "{request:?}");
    }
    let long = format!("GET /?code={} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n", "x".repeat(1 << 20));
    let (status, _) = under_way.exchange(long.as_bytes()).await;
    assert!(matches!(status, 0 | 414 | 431), "{status}");
    assert_eq!(under_way.status(&under_way.query("code=right")).await, 200);
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "right"));
}

#[tokio::test]
async fn a_refusal_with_the_state_ends_the_login_and_its_text_is_only_text() {
    let under_way = begin().await;
    let denied = under_way.query("error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E");
    let (status, page) = under_way.get(&denied).await;
    assert_eq!(status, 200);
    assert!(page.contains("You are not logged in") && !page.contains("<script"), "{page}");
    let err = under_way.login.await.unwrap().unwrap_err();
    assert_eq!(err.kind(), LoginFlowErrorKind::Refused);
}

#[tokio::test]
async fn slow_and_silent_connections_do_not_hold_up_the_browser() {
    let under_way = begin().await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", under_way.port)).await.unwrap();
        stream.write_all(b"GET /?co").await.unwrap();
        silent.push(stream);
    }
    assert_eq!(under_way.status(&under_way.query("code=right")).await, 200);
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "right"));
}

#[tokio::test]
async fn the_oldest_connections_that_ask_for_nothing_make_room() {
    let under_way = begin().await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        idle.push(tokio::net::TcpStream::connect(("127.0.0.1", under_way.port)).await.unwrap());
    }
    assert_eq!(under_way.status("/favicon.ico").await, 404);
    // The first are closed, and not by the time that a request may take: those after them are not.
    assert_eq!(idle[0].read(&mut [0; 16]).await.unwrap_or_default(), 0);
    for open in &idle[12..] {
        assert_eq!(open.try_read(&mut [0; 16]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
    assert_eq!(under_way.status(&under_way.query("code=right")).await, 200);
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "right"));
}

#[tokio::test]
async fn the_port_is_free_again_when_the_login_is_given_up() {
    let under_way = begin().await;
    let mut held = tokio::net::TcpStream::connect(("127.0.0.1", under_way.port)).await.unwrap();
    assert_eq!(under_way.status("/favicon.ico").await, 404);
    under_way.login.abort();
    assert!(under_way.login.await.unwrap_err().is_cancelled());
    assert_eq!(held.read(&mut [0; 16]).await.unwrap_or_default(), 0);
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", under_way.port)).await.is_err());
}

#[tokio::test]
async fn the_other_loopback_address_is_answered_too_where_there_is_one() {
    let under_way = begin().await;
    let has_v6 = tokio::net::TcpListener::bind(("::1", 0)).await.is_ok();
    let connected = tokio::net::TcpStream::connect(("::1", under_way.port)).await;
    assert_eq!(connected.is_ok(), has_v6);
    under_way.login.abort();
}

#[tokio::test]
async fn without_a_browser_the_login_is_unavailable() {
    let manager = LoopbackLogin::with_opener(|_| Err(io::ErrorKind::NotFound.into()));
    let err = manager.log_in(&request()).await.unwrap_err();
    assert_eq!(err.kind(), LoginFlowErrorKind::Unavailable);
}

#[tokio::test]
async fn a_browser_that_stays_with_the_program_until_it_is_closed_can_come_back() {
    // It visits the address that it was given to come back to, and is gone when it has seen its page.
    let manager = LoopbackLogin::with_opener(|url| {
        let pairs: std::collections::HashMap<_, _> =
            url.split(['?', '&']).filter_map(|pair| pair.split_once('=')).collect();
        let port = pairs["redirect_uri"].rsplit_once("%3A").unwrap().1;
        let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}"))?;
        let target = format!("/?state={}&code=abc", pairs["state"]);
        io::Write::write_all(
            &mut stream,
            format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes(),
        )?;
        let mut page = String::new();
        io::Read::read_to_string(&mut stream, &mut page)?;
        assert!(page.contains("You are logged in"), "{page}");
        Ok(())
    });
    let answer = tokio::time::timeout(std::time::Duration::from_secs(60), manager.log_in(&request())).await;
    assert!(is_code(answer.expect("the browser got no answer").unwrap(), "abc"));
}

#[tokio::test]
async fn the_port_can_be_chosen_and_one_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let manager = LoopbackLogin::with_opener(|_| Ok(())).with_port(port);
    let err = manager.log_in(&request()).await.unwrap_err();
    assert_eq!(err.kind(), LoginFlowErrorKind::Io);
    assert!(err.to_string().contains(&format!("port {port} ")), "{err}");
    drop(taken);
    let under_way = begin_with(|manager| manager.with_port(port)).await;
    assert_eq!(under_way.port, port);
    assert_eq!(under_way.status(&under_way.query("code=right")).await, 200);
    assert!(is_code(under_way.login.await.unwrap().unwrap(), "right"));
}

#[tokio::test]
async fn the_page_to_land_on_can_be_the_programs_own() {
    let page = |outcome: Result<(), &LoginFlowError>| match outcome {
        Ok(()) => "<h1>Welcome</h1>".to_owned(),
        Err(err) => format!("<h1>{:?}</h1>", err.kind()),
    };
    for (answer, shown) in [("code=abc", "<h1>Welcome</h1>"), ("error=access_denied", "<h1>Refused</h1>")] {
        let under_way = begin_with(|manager| manager.with_page(page)).await;
        let (status, text) = under_way.get(&under_way.query("code=")).await;
        assert!(status == 400 && text.contains("That was another login"), "{text}");
        let (status, text) = under_way.get(&under_way.query(answer)).await;
        assert!(status == 200 && text.ends_with(shown), "{text}");
        assert!(text.contains("default-src 'none'") && text.contains("no-store"), "{text}");
        assert_eq!(under_way.login.await.unwrap().is_ok(), answer.starts_with("code"));
    }
}
