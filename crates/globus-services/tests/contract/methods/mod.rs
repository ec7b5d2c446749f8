//! How each recorded method is called here: a table for each client, with a line or two for a method.

mod app;
mod auth_client;
mod confidential;
mod endpoint_manager;
mod groups;
mod groups_batch;
mod groups_manager;
mod login;
mod native;
mod transfer;
mod transfer_files;
mod transfer_tasks;
mod transfer_v2;

use std::future::Future;
use std::pin::Pin;

use globus_authorizers::AccessTokenAuthorizer;
use globus_services::ServiceClient;
use globus_transport::{Error, Settings, Transport};
use serde::Serialize;
use serde_json::Value;

use crate::args::Args;
use crate::recorded::Setup;
use crate::server::Server;

/// What came of a call.
pub(crate) enum Outcome {
    /// The service's answer, decoded and written again.
    Answer(Value),
    /// What the method returns, where it is more than the answer.
    Result(Value),
    /// All items of a list.
    Items(Vec<Value>),
    Failed(Error),
    /// There is no way to write the call: the types do not allow it.
    Unsayable(String),
}

pub(crate) type Making<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;
pub(crate) type Adapter = for<'a> fn(&'a Clients, &'a Args) -> Making<'a>;

pub(crate) fn find(client: &str, method: &str) -> Option<Adapter> {
    let table = match client {
        "TransferClient" => return transfer::find(method),
        "TransferClientV2" => return transfer_v2::find(method),
        "GroupsClient" => groups::METHODS,
        "GroupsManager" => groups_manager::METHODS,
        "BatchMembershipActions" => groups_batch::METHODS,
        "AuthClient" => auth_client::METHODS,
        "NativeAppAuthClient" => native::METHODS,
        "ConfidentialAppAuthClient" => confidential::METHODS,
        _ => return None,
    };
    table.iter().find(|(name, _)| *name == method).map(|(_, adapter)| *adapter)
}

/// Makes the clients that talk to the server of the test.
pub(crate) struct Clients {
    pub(crate) url: String,
    pub(crate) setup: Vec<(String, Args)>,
}

#[expect(clippy::expect_used, reason = "a test may panic")]
impl Clients {
    pub(crate) fn new(server: &Server, setup: &[Setup]) -> Self {
        let setup = setup.iter().map(|step| (step.method.clone(), Args::new(&step.args))).collect();
        Self { url: server.url.clone(), setup }
    }

    pub(crate) fn service<C: ServiceClient>(&self) -> C {
        C::builder()
            .base_url(&self.url)
            .transport(Self::transport())
            .authorizer(AccessTokenAuthorizer::new("AgExample"))
            .build()
            .expect("a loopback address is a service's")
    }

    pub(crate) fn transport() -> Transport {
        Transport::builder().settings(Settings::default()).max_retries(0).build().expect("plain settings")
    }
}

pub(crate) fn answer<T: Serialize>(answer: Result<T, Error>) -> Outcome {
    match answer {
        Ok(answer) => Outcome::Answer(serde_json::to_value(answer).unwrap_or_default()),
        Err(error) => Outcome::Failed(error),
    }
}

pub(crate) fn items<T: Serialize>(items: Result<Vec<T>, Error>) -> Outcome {
    match items {
        Ok(items) => {
            Outcome::Items(items.iter().map(|item| serde_json::to_value(item).unwrap_or_default()).collect())
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// Makes the request with those of the optional arguments that are given, and sends it.
macro_rules! call {
    (@request $args:ident, $request:expr $(; $($name:ident: $kind:ident),* $(,)?)?) => {{
        #[allow(unused_mut, reason = "not every request has optional arguments")]
        let mut request = $request;
        $($(
            if let Some(value) = $args.$kind(stringify!($name)) {
                request = request.$name(value);
            }
        )*)?
        for (name, value) in $args.query_params() {
            request = request.with_query_param(name, value);
        }
        request
    }};
    ($args:ident, $($rest:tt)*) => {{
        let request = $crate::methods::call!(@request $args, $($rest)*);
        Box::pin(async move { $crate::methods::answer(request.await) })
    }};
}
pub(crate) use call;

/// Makes a document with those of the optional fields that are given, and `additional_fields`.
macro_rules! build {
    ($document:expr, |$d:ident| $new:expr; $($name:ident: $kind:ident),* $(,)?) => {{
        let $d = $document;
        #[allow(unused_mut, reason = "not every document has optional fields")]
        let mut document = $new;
        $(
            if let Some(value) = $d.$kind(stringify!($name)) {
                document = document.$name(value);
            }
        )*
        for (name, value) in $d.value("additional_fields").iter().filter_map(Value::as_object).flatten() {
            document = document.additional_field(name, value.clone());
        }
        if let Err(left) = $d.check_empty() {
            return $crate::methods::unsayable(left);
        }
        document
    }};
}
pub(crate) use build;

pub(crate) fn unsayable<'a>(why: impl ToString) -> Making<'a> {
    let why = why.to_string();
    Box::pin(async move { Outcome::Unsayable(why) })
}

/// The same for a list, which is read to its end where that was recorded.
macro_rules! list {
    ($args:ident, $($rest:tt)*) => {{
        let request = $crate::methods::call!(@request $args, $($rest)*);
        let paged = $args.paged;
        Box::pin(async move {
            if paged {
                $crate::methods::items(request.items().try_collect().await)
            } else {
                $crate::methods::answer(request.await)
            }
        })
    }};
}
pub(crate) use list;
