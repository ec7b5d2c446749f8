//! `docs/coverage.md`.

use std::fmt::Write;

use super::vectors::Recorded;

const HEAD: &str = "\
# What is compared with recorded calls

Written by `cargo xtask coverage`; `cargo xtask coverage --check` fails when it is out of date, when a method of a client has no recorded
call, and when its documentation has no link.

Each case is a call with its arguments, the request that must arrive, and an answer that must be read without losing a field. A list
that is read is a case of its own: the requests for all its pages, and the items. The cases are in
`crates/globus-services/tests/contract/vectors`, and `cargo test -p globus-services --all-features --test contract` runs them.
";

/// The whole page. Writing to a `String` cannot fail.
pub(super) fn write(recorded: &Recorded, others: &[(&str, &str, &str)]) -> String {
    let mut page = HEAD.to_owned();
    let mut services: Vec<&str> = recorded.methods.iter().map(|method| &*method.service).collect();
    services.dedup();
    for service in services {
        let mut methods: Vec<_> =
            recorded.methods.iter().filter(|method| method.service == service).collect();
        methods.sort_by_key(|method| (&method.client, &method.name));
        let cases: usize = methods.iter().map(|method| method.cases + method.sequences).sum();
        let _ = write!(
            page,
            "\n## {service}: {} methods, {cases} cases\n\n\
            | client | method | request | cases | lists read | test |\n| --- | --- | --- | --- | --- | --- |\n",
            methods.len()
        );
        for method in methods {
            let request = format!("`{} {}`", method.verb, method.path);
            let request = if method.verb.is_empty() { "none" } else { request.trim() };
            let _ = writeln!(
                page,
                "| `{}` | `{}` | {request} | {} | {} | `contract` |",
                method.client, method.name, method.cases, method.sequences
            );
        }
    }
    page.push_str("\n## Methods that send what others do, or nothing\n\n| client | method | test |\n| --- | --- | --- |\n");
    for (client, method, test) in others {
        let _ = writeln!(page, "| `{client}` | `{method}` | `{test}` |");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::super::vectors::Method;
    use super::*;

    #[test]
    fn every_method_has_a_row_below_its_service() {
        let method = |name: &str, verb: &str| Method {
            service: "groups".into(),
            client: "C".into(),
            name: name.into(),
            verb: verb.into(),
            path: "/p".into(),
            cases: 2,
            sends: true,
            sequences: 1,
        };
        let recorded = Recorded { methods: vec![method("b", "GET"), method("a", "")] };
        let page = write(&recorded, &[("C", "walk", "a_test")]);
        assert!(page.contains("## groups: 2 methods, 6 cases"), "{page}");
        assert!(
            page.contains("| `C` | `a` | none | 2 | 1 | `contract` |\n| `C` | `b` | `GET /p` | 2 |"),
            "{page}"
        );
        assert!(page.ends_with("| `C` | `walk` | `a_test` |\n"), "{page}");
    }
}
