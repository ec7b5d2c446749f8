//! One recorded sequence: a list is read to its end, page by page.

use globus_transport::ErrorKind;
use serde_json::Value;

use crate::args::Args;
use crate::methods::{Adapter, Clients, Outcome};
use crate::recorded::{Method, Response, Sequence};
use crate::server::Server;
use crate::{Failure, compare};

/// What is wrong with the sequence; nothing when it passes.
pub(crate) async fn check(
    server: &Server,
    base_url: &str,
    method: &Method,
    sequence: &Sequence,
    adapter: Adapter,
) -> Result<Vec<String>, Failure> {
    let pages = method.pages(sequence).into_iter().map(|page| Response::of(page, &server.url, base_url));
    server.expect(pages);
    let clients = Clients::new(server, &[]);
    let args = Args::new(&sequence.args).paged();
    let outcome = adapter(&clients, &args).await;
    args.check_empty()?;

    let recorded: Vec<_> = sequence.requests.iter().collect();
    let mut wrong = compare::requests(base_url, &recorded, &server.arrived());
    match outcome {
        Outcome::Items(items) => {
            if sequence.error_after_last_page.is_some() {
                wrong.push("no error at the end".to_owned());
            }
            let expected = sequence.items_yielded;
            if expected.is_some_and(|expected| expected != items.len()) {
                wrong.push(format!("{} items instead of {expected:?}", items.len()));
            }
            if items.iter().any(Value::is_null) {
                wrong.push("an item is null".to_owned());
            }
        }
        Outcome::Failed(error)
            if error.kind() == ErrorKind::Paging && sequence.error_after_last_page.is_some() => {}
        Outcome::Failed(error) => wrong.push(format!("failed: {error}")),
        _ => wrong.push(format!("{} is read as one answer, and not page by page", method.name)),
    }
    Ok(wrong)
}
