//! Parts of the pages, as HTML.

use crate::clock::rfc3339;
use crate::http::Call;
use crate::page::escape;
use crate::transfer::{Kind, Status, Task};

/// How often a page is renewed while something runs, in seconds.
const RENEW_SECONDS: u32 = 1;

/// Whether, and how often, a page renews itself; and the words by which a person stops that, or starts it again.
pub(super) fn renewal(call: &Call, runs: bool) -> (Option<u32>, &'static str) {
    match (runs, call.query("renew")) {
        (false, _) => (None, ""),
        (true, Some("no")) => {
            (None, "<p class=\"soft\">This page stands still. <a href=\"?\">Follow what runs</a></p>\n")
        }
        (true, _) => (
            Some(RENEW_SECONDS),
            "<p class=\"soft\">This page is renewed each second while something runs. \
             <a href=\"?renew=no\">Let it stand still</a></p>\n",
        ),
    }
}

/// A section with a heading that one can go to.
pub(super) fn section(id: &str, title: &str, count: Option<usize>, body: &str) -> String {
    let count = count.map(|count| format!(" <small>({count})</small>")).unwrap_or_default();
    format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}{count}</h2>\n{body}</section>\n")
}

/// A table, whose rows lie below each other on a narrow screen.
/// The first cell of a row names it.
pub(super) fn table<const N: usize>(
    named_by: &str,
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let columns: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let mut body = String::new();
    for row in rows {
        body.push_str("<tr>");
        for (at, (cell, head)) in row.iter().zip(heads).enumerate() {
            body.push_str(&match at {
                0 => format!("<th scope=\"row\">{cell}</th>"),
                _ => format!("<td data-label=\"{head}\">{cell}</td>"),
            });
        }
        body.push_str("</tr>\n");
    }
    format!(
        "<table class=\"stacked\" aria-labelledby=\"{named_by}\">\n<thead>\n<tr>{columns}</tr>\n</thead>\n\
         <tbody>\n{body}</tbody>\n</table>\n"
    )
}

/// What is said where there is nothing to list.
pub(super) fn nothing_yet(what: &str) -> String {
    format!("<p class=\"soft\">None yet. {what}</p>\n")
}

/// An id, which stays whole where there is room for it.
pub(super) fn id(id: &str) -> String {
    format!("<code class=\"id\">{}</code>", escape(id))
}

pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

pub(super) fn tag(text: &str) -> String {
    format!("<span class=\"tag\">{}</span> ", escape(text))
}

/// A list of words and what they stand for; those without a meaning are left out.
pub(super) fn facts(facts: &[(&str, String)]) -> String {
    let facts = facts.iter().filter(|(_, fact)| !fact.is_empty());
    let items: String = facts.map(|(name, fact)| format!("<dt>{name}</dt><dd>{fact}</dd>\n")).collect();
    format!("<dl>\n{items}</dl>\n")
}

/// `1.2 MB`, or `17 bytes`.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let mut unit = 0;
    // Tenths of the unit, so that nothing is rounded up to what was not reached.
    let mut tenths = bytes / 100;
    if bytes < 1000 {
        return if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") };
    }
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// A moment, as people and as programs read it.
pub(super) fn time(millis: i64) -> String {
    let exact = rfc3339(millis);
    let shown = exact.replace('T', " ").replace("+00:00", " UTC");
    format!("<time datetime=\"{exact}\">{shown}</time>")
}

/// How a task stands, in a word.
pub(super) fn state(task: &Task) -> String {
    let (class, word) = match task.status {
        Status::Active if task.is_held() => ("busy", "paused"),
        Status::Active if task.trouble.is_some() => ("bad", "in trouble"),
        Status::Active => ("busy", "running"),
        Status::Succeeded => ("good", "succeeded"),
        Status::Failed => ("bad", "failed"),
    };
    format!("<span class=\"state {class}\">{word}</span>")
}

/// How far a task is: a bar while it runs, and numbers.
pub(super) fn progress(task: &Task) -> String {
    let counters = &task.counters;
    let done = counters.succeeded + counters.skipped_errors;
    let counted = match task.kind {
        Kind::Transfer => {
            let files = counters.files_transferred + counters.files_skipped;
            format!("{files} of {} files, {}", counters.files, size(counters.bytes_transferred))
        }
        Kind::Delete => format!("{done} of {} items", counters.total),
    };
    let bar = match task.status {
        Status::Active => format!(
            "<progress value=\"{done}\" max=\"{}\" aria-label=\"Progress of {}\"></progress> ",
            counters.total.max(1),
            escape(&name(task)),
        ),
        _ => String::new(),
    };
    format!("{bar}{counted}")
}

/// What people call a task.
pub(super) fn name(task: &Task) -> String {
    task.label.clone().unwrap_or_else(|| format!("{} {}", kind(task), task.id.get(..8).unwrap_or(&task.id)))
}

pub(super) fn kind(task: &Task) -> &'static str {
    match task.kind {
        Kind::Transfer => "Transfer",
        Kind::Delete => "Deletion",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_people_say_them() {
        let sizes = [0, 1, 999, 1000, 1999, 999_999, 1_000_000, 12_345_678, 5_000_000_000_000, u64::MAX];
        let told: Vec<String> = sizes.into_iter().map(size).collect();
        assert_eq!(
            told,
            [
                "0 bytes",
                "1 byte",
                "999 bytes",
                "1.0 kB",
                "1.9 kB",
                "999.9 kB",
                "1.0 MB",
                "12.3 MB",
                "5.0 TB",
                "18446.7 PB"
            ]
        );
    }
}
