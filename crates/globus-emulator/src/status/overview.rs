//! The page at `/`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::is_page;
use super::parts::{code, id, name, nothing_yet, progress, renewal, section, state, table, tag, time};
use crate::app::App;
use crate::auth::AuthState;
use crate::http::{Call, html};
use crate::journal::RequestRecord;
use crate::lock::lock;
use crate::page::{escape, wide_page};
use crate::transfer::{Collection, Status, TransferState};
use crate::variables::{quoted, variables};

/// As many tasks, the last ones, as one looks through.
const TASKS: usize = 50;
/// As many requests, the last ones.
const REQUESTS: usize = 30;

pub(super) async fn page(State(app): State<Arc<App>>, call: Call) -> Response {
    let (collections, tasks, runs) = {
        let transfer = lock(&app.transfer);
        let runs = transfer.tasks.values().any(|task| task.status == Status::Active);
        (collections(&transfer), tasks(&transfer), runs)
    };
    let (clients, users) = {
        let auth = lock(&app.auth);
        (clients(&auth), users(&auth, &app.world.user_id))
    };
    let (renew, words) = renewal(&call, runs);
    let body = format!(
        "<h1>This is a local Globus</h1>\n\
         <p>Auth, Groups and Transfer answer at <code>{origin}/</code>, with no account and no network.</p>\n\
         <nav aria-label=\"On this page\">\n<ul>\n{links}</ul>\n</nav>\n{words}{setup}{tasks}{collections}{users}{clients}{groups}{requests}",
        origin = escape(&app.origin),
        links = LINKS.map(|(id, title)| format!("<li><a href=\"#{id}\">{title}</a></li>\n")).concat(),
        setup = setup(&app),
        groups = groups(&app),
        requests = requests(&app.journal.last_of(REQUESTS, |request| !is_page(&request.path))),
    );
    html(StatusCode::OK, wide_page("Status", renew, &body))
}

const LINKS: [(&str, &str); 7] = [
    ("variables", "Point a program at it"),
    ("tasks", "Tasks"),
    ("collections", "Collections"),
    ("users", "Users"),
    ("clients", "Clients"),
    ("groups", "Groups"),
    ("requests", "Recent requests"),
];

fn setup(app: &App) -> String {
    // A page is seen by more eyes than the terminal that started the program.
    let shown: Vec<_> = variables(app).into_iter().filter(|(name, _)| !name.contains("SECRET")).collect();
    let bash: String =
        shown.iter().map(|(name, value)| format!("export {name}={}\n", escape(&quoted(value)))).collect();
    let body = format!(
        "<p>Set these variables where it runs. Secrets are not shown here: the program that started the emulator has printed them.</p>\n\
         <pre tabindex=\"0\" aria-label=\"Variables for a shell\">{bash}</pre>\n"
    );
    section("variables", "Point a program at it", None, &body)
}

fn tasks(transfer: &TransferState) -> String {
    let mut tasks: Vec<_> = transfer.tasks.values().collect();
    tasks.sort_by_key(|task| std::cmp::Reverse((task.requested_millis, &task.id)));
    let rows = tasks.iter().take(TASKS).map(|task| {
        let link = format!("<a href=\"/tasks/{}\">{}</a>", escape(&task.id), escape(&name(task)));
        let to = task.destination.as_ref().map(|(_, name)| escape(name)).unwrap_or_default();
        [link, state(task), progress(task), escape(&task.source.1), to]
    });
    let body = if tasks.is_empty() {
        nothing_yet("What programs submit is listed here.")
    } else {
        table("tasks", ["Task", "Status", "Progress", "From", "To"], rows)
    };
    section("tasks", "Tasks", Some(tasks.len()), &body)
}

fn collections(transfer: &TransferState) -> String {
    let (mut here, elsewhere): (Vec<_>, Vec<_>) =
        transfer.collections.values().partition(|collection| collection.root.is_some());
    here.sort_by_key(|collection| &collection.display_name);
    let rows = here.iter().map(|collection| {
        let root = collection.root.as_ref().map(|root| root.display().to_string()).unwrap_or_default();
        let name = format!("{}<br>{}", escape(&collection.display_name), id(&collection.id));
        [name, kind(collection), escape(&collection.owner_string), code(&root)]
    });
    let mut body = table("collections", ["Name and id", "Type", "Owner", "Directory"], rows);
    if !elsewhere.is_empty() {
        let count = elsewhere.len();
        body.push_str(&format!(
            "<p class=\"soft\">{count} more can be found by search, and hold no files.</p>\n"
        ));
    }
    section("collections", "Collections", Some(here.len()), &body)
}

fn kind(collection: &Collection) -> String {
    let mut kind = format!("{} ", escape(&collection.entity_type.replace('_', " ")));
    if collection.needs_data_access {
        kind.push_str(&tag("data_access"));
    }
    if let Some((_, path)) = &collection.host {
        kind.push_str(&tag(&format!("guest at {path}")));
    }
    if collection.more.get("high_assurance").is_some_and(|high| high == true) {
        kind.push_str(&tag("high assurance"));
    }
    kind
}

fn users(auth: &AuthState, default: &str) -> String {
    let mut people: Vec<_> = auth.identities.values().filter(|identity| !identity.is_client).collect();
    people.sort_by_key(|identity| &identity.username);
    let rows = people.iter().map(|identity| {
        let mut name = escape(identity.name.as_deref().unwrap_or(&identity.username));
        if identity.id == default {
            name.push(' ');
            name.push_str(&tag("logs in by default"));
        }
        let organization = identity.organization.as_deref().unwrap_or_default();
        [name, escape(&identity.username), id(&identity.id), escape(organization)]
    });
    section(
        "users",
        "Users",
        Some(people.len()),
        &table("users", ["Name", "Username", "Id", "Organization"], rows),
    )
}

fn clients(auth: &AuthState) -> String {
    let rows = auth.clients.values().map(|client| {
        let kind =
            if client.is_public() { "public, logs users in with PKCE" } else { "confidential, has a secret" };
        let uris: Vec<String> = client.redirect_uris.iter().map(|uri| code(uri)).collect();
        [escape(&client.name), id(&client.id), kind.to_owned(), uris.join("<br>")]
    });
    let table = table("clients", ["Name", "Id", "Kind", "Redirect URIs"], rows);
    section("clients", "Clients", Some(auth.clients.len()), &table)
}

fn groups(app: &App) -> String {
    let groups = lock(&app.groups);
    let mut all: Vec<_> = groups.groups.values().collect();
    all.sort_by_key(|group| &group.name);
    let rows = all.iter().map(|group| {
        let description = escape(group.description.as_deref().unwrap_or_default());
        [escape(&group.name), id(&group.id), group.memberships.len().to_string(), description]
    });
    section(
        "groups",
        "Groups",
        Some(all.len()),
        &table("groups", ["Name", "Id", "Members", "Description"], rows),
    )
}

fn requests(asked: &[RequestRecord]) -> String {
    let rows = asked.iter().map(|request| {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let what =
            format!("{} {}<small>{}</small>", escape(&request.method), escape(&request.path), escape(&query));
        let status = match request.status {
            0 => "dropped".to_owned(),
            status => status.to_string(),
        };
        let class = if (200..400).contains(&request.status) { "state" } else { "state bad" };
        let agent = escape(request.user_agent.as_deref().unwrap_or_default());
        let fault = if request.faults.is_empty() { String::new() } else { format!(" {}", tag("by a fault")) };
        let answer = format!("<span class=\"{class}\">{status}</span>{fault}");
        [what, answer, time(request.time_millis), format!("<small>{agent}</small>")]
    });
    let body = if asked.is_empty() {
        nothing_yet("What programs ask for is listed here, without its secrets.")
    } else {
        table("requests", ["Request", "Answer", "Time", "Program"], rows)
    };
    section("requests", "Recent requests", None, &body)
}
