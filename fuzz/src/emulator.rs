//! An emulator, and requests to it without a connection.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use globus_emulator::{Emulator, RequestFilter};
use http::{Request, Response};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// After so many inputs everything goes back to the start, so that what one leaves behind is not kept for ever.
const INPUTS: u32 = 1000;

pub(crate) struct Globus {
    runtime: Runtime,
    pub(crate) emulator: Emulator,
    /// What was in its own directory at the start.
    pub(crate) directories: Vec<OsString>,
    inputs: Cell<u32>,
    /// Of a task's owner.
    token: RefCell<Option<String>>,
}

/// Of a user who has logged in.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";
const CHALLENGE: &str = "fD3GLJ_KzCDB0w6uDOSFNNdflrHwtv8Cizh6P5pJkfQ";
const TRANSFER: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";

thread_local! {
    static GLOBUS: RefCell<Option<Globus>> = const { RefCell::new(None) };
}

/// Runs `work` with an emulator that stays for the next time.
pub(crate) fn run(work: impl FnOnce(&Globus)) {
    GLOBUS.with_borrow_mut(|globus| {
        let globus = globus.get_or_insert_with(Globus::start);
        globus.next();
        work(globus);
    });
}

impl Globus {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|err| unreachable!("a fuzzer needs a runtime: {err}"));
        // A task that gets to run shall not have written much when it is cancelled.
        let builder = Emulator::builder().seed(1).transfer_rate(1000);
        let emulator = runtime.block_on(builder.start());
        let emulator = emulator.unwrap_or_else(|err| unreachable!("a fuzzer needs an emulator: {err}"));
        let directories = names(&emulator);
        Self { runtime, emulator, directories, inputs: Cell::new(0), token: RefCell::default() }
    }

    fn next(&self) {
        self.inputs.set(self.inputs.get() + 1);
        if self.inputs.get().is_multiple_of(INPUTS) {
            self.reset();
        }
    }

    /// The number of the input, which no other since the last reset has.
    pub(crate) fn input(&self) -> u32 {
        self.inputs.get()
    }

    fn reset(&self) {
        let reset = self.runtime.block_on(self.emulator.reset());
        reset.unwrap_or_else(|err| unreachable!("{err}"));
        self.token.take();
    }

    /// A code for the native client, not used yet.
    pub(crate) fn code(&self) -> String {
        let query = encoded(&[
            ("client_id", self.emulator.native_client_id()),
            ("redirect_uri", &self.display()),
            ("scope", TRANSFER),
            ("response_type", "code"),
            ("access_type", "offline"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("emulator_approve", "1"),
        ]);
        let request = Request::get(format!("/v2/oauth2/authorize?{query}")).body(Bytes::new());
        let answer = self.ask(request.unwrap_or_else(|err| unreachable!("{err}")));
        let location = answer.location.as_deref().unwrap_or_default();
        let query = location.split_once('?').map_or("", |(_, query)| query);
        let code = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
        code.map_or_else(|| unreachable!("no code: {answer:?}"), |(_, code)| code.into_owned())
    }

    /// New tokens of a user.
    pub(crate) fn tokens(&self) -> Tokens {
        let form = encoded(&[
            ("grant_type", "authorization_code"),
            ("client_id", self.emulator.native_client_id()),
            ("code", &self.code()),
            ("redirect_uri", &self.display()),
            ("code_verifier", VERIFIER),
        ]);
        let request = Request::post("/v2/oauth2/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form));
        let answer = self.ask(request.unwrap_or_else(|err| unreachable!("{err}")));
        let text = |name: &str| answer.document[name].as_str().unwrap_or_default().to_owned();
        Tokens { access: text("access_token"), refresh: text("refresh_token") }
    }

    /// A token that stays good until the next reset.
    pub(crate) fn token(&self) -> String {
        self.token.borrow_mut().get_or_insert_with(|| self.tokens().access).clone()
    }

    /// Id and secret of the confidential client, as Basic authorization has them.
    pub(crate) fn basic(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.emulator.client_id(), self.emulator.client_secret()))
    }

    pub(crate) fn display(&self) -> String {
        format!("{}v2/web/auth-code", self.emulator.url())
    }

    /// The answer to a request, which must be one that can be sent. It is no mistake of the emulator, is what it says it is, and is
    /// in the journal without a secret.
    pub(crate) fn ask(&self, request: Request<Bytes>) -> Answer {
        let shown = format!("{} {}", request.method(), request.uri());
        let number = self.emulator.requests().last().map_or(0, |last| last.sequence);
        let answer = self.runtime.block_on(self.emulator.answer(request));
        let Ok(Some(response)) = answer else { unreachable!("{shown}: no answer") };
        let answer = Answer::read(response);
        assert!(answer.status != 500, "{shown}: {answer:?}");
        let journal = self.emulator.requests_matching(&RequestFilter::new().since(number));
        let journal = format!("{journal:?}");
        for secret in [self.emulator.client_secret(), Emulator::SECRET_MARKER] {
            assert!(!journal.contains(secret), "{shown}: {journal}");
        }
        answer
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) text: String,
    /// Null where it is not declared as JSON.
    pub(crate) document: Value,
}

impl Answer {
    fn read(response: Response<Bytes>) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let (kind, location) = (header("content-type").unwrap_or_default(), header("location"));
        let status = response.status().as_u16();
        let text = String::from_utf8_lossy(response.body()).into_owned();
        let document = if kind.starts_with("application/json") {
            serde_json::from_str(&text).unwrap_or_else(|err| unreachable!("no JSON: {err}: {text}"))
        } else {
            Value::Null
        };
        Self { status, location, text, document }
    }
}

/// What is in the emulator's own directory.
pub(crate) fn names(emulator: &Emulator) -> Vec<OsString> {
    let Some(own) = emulator.collection_a_dir().parent() else {
        unreachable!("a collection is the root of the disk")
    };
    let entries = fs::read_dir(own).unwrap_or_else(|err| unreachable!("{err}"));
    let mut names: Vec<OsString> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    names
}
