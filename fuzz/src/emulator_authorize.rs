//! Queries of authorize URLs, as the emulator's login page gets them from whoever made the link. A second line is the form that the
//! page's user sends.

use bytes::Bytes;
use globus_emulator::Emulator;
use http::{Method, Request, Uri};

use crate::emulator::{Answer, Globus, run};

/// However the link is written: it leads to a page or to an address that the client has registered, and to nothing else; what it says
/// is shown, and never obeyed.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (query, form) = text.split_once('\n').unwrap_or((text, ""));
    run(|globus| {
        let query = filled(globus, query);
        let Ok(uri) = format!("/v2/oauth2/authorize?{query}").parse::<Uri>() else { return };
        let requests = [(Method::GET, String::new()), (Method::POST, filled(globus, form))];
        for (method, body) in requests {
            let request = Request::builder()
                .method(method)
                .uri(uri.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Bytes::from(body));
            if let Ok(request) = request {
                holds(globus, &globus.ask(request));
            }
        }
    });
}

/// Lets seeds name what differs from run to run.
fn filled(globus: &Globus, text: &str) -> String {
    let emulator = &globus.emulator;
    text.replace("$NATIVE", emulator.native_client_id())
        .replace("$CLIENT", emulator.client_id())
        .replace("$DISPLAY", &globus.display())
}

fn holds(globus: &Globus, answer: &Answer) {
    let Some(location) = &answer.location else {
        assert!((200..500).contains(&answer.status) && !(300..400).contains(&answer.status), "{answer:?}");
        let page = answer.text.to_ascii_lowercase();
        // The page has no such thing itself. In the value of a field it would be text.
        for markup in ["<script", "<img", "href=\"javascript:", "action=\"javascript:"] {
            assert!(!page.contains(markup), "{page}");
        }
        assert!(!page.contains(Emulator::SECRET_MARKER), "a page of the login shows a secret: {page}");
        return;
    };
    assert_eq!(answer.status, 302, "{answer:?}");
    let display = globus.display();
    let Ok(uri) = location.parse::<Uri>() else { unreachable!("leads to {location}") };
    let loopback = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    assert!(
        location.starts_with(&display) || (loopback && uri.scheme_str() == Some("http")),
        "leads to {location}"
    );
}
