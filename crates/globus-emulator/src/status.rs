//! The page at `/`: what there is, and how to use it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::app::App;
use crate::http::html;
use crate::lock::lock;
use crate::page::{escape, page as frame};
use crate::variables::variables;

pub(crate) async fn page(State(app): State<Arc<App>>) -> Response {
    let exports: String = variables(&app)
        .iter()
        // A page is seen by more eyes than the terminal that started the program.
        .filter(|(name, _)| !name.contains("SECRET"))
        .map(|(name, value)| format!("export {name}={}\n", escape(&crate::variables::quoted(value))))
        .collect();
    let now = app.clock.millis();
    let transfer = lock(&app.transfer);
    let collections: String = transfer
        .collections
        .values()
        .filter_map(|collection| Some((collection, collection.root.as_ref()?)))
        .map(|(collection, root)| {
            format!(
                "<tr><td>{}</td><td><small>{}</small></td><td><small>{}</small></td></tr>\n",
                escape(&collection.display_name),
                escape(&collection.id),
                escape(&root.display().to_string()),
            )
        })
        .collect();
    let tasks: String = transfer
        .tasks
        .values()
        .map(|task| task.document(now))
        .map(|task| {
            let cell = |field: &str| escape(task[field].as_str().unwrap_or_default());
            format!(
                "<tr><td>{}</td><td>{}</td><td>{} of {} files, {} bytes</td><td><small>{}</small></td></tr>\n",
                cell("type"),
                cell("status"),
                task["files_transferred"],
                task["files"],
                task["bytes_transferred"],
                cell("task_id"),
            )
        })
        .collect();
    let body = format!(
        "<h1>This is a local Globus</h1>\n\
         <p>Auth, Groups and Transfer answer at <code>{origin}/</code>. \
         Point any Globus program at it with these variables:</p>\n<pre>{exports}</pre>\n\
         <h2>Collections</h2>\n<table>\n<tr><th>Name</th><th>Id</th><th>Directory</th></tr>\n{collections}</table>\n\
         <h2>Tasks</h2>\n<table>\n<tr><th>Type</th><th>Status</th><th>Progress</th><th>Id</th></tr>\n{tasks}</table>\n",
        origin = escape(&app.origin),
    );
    html(StatusCode::OK, frame("Status", &body))
}
