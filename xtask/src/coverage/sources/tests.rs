use super::super::vectors::Method;
use super::*;

const FILE: &str = r#"
impl Client {
    /// Does it.
    ///
    /// [Service documentation](https://example.org).
    #[must_use]
    pub fn linked(&self) {}

    /// Does it too.
    pub async fn bare<T>(&self) {}

    pub(crate) fn hidden(&self) {}
}

impl From<Client> for Other {
    pub fn of_a_trait(&self) {}
}

macro_rules! shared {
    () => {
        impl $name {
            /// [Service documentation](https://example.org)
            pub fn made(&self) {}
            pub fn $given(&self) {}
        }
    };
}
"#;

fn sources(tables: &str) -> Sources {
    Sources { methods: methods("f.rs", FILE), tables: tables.to_owned(), tests: "fn a_test() {}".to_owned() }
}

fn recorded(names: &[&str]) -> Recorded {
    let method = |name: &&str| Method {
        client: "Client".into(),
        name: (*name).to_owned(),
        cases: 1,
        ..Method::default()
    };
    Recorded { methods: names.iter().map(method).collect() }
}

#[test]
fn public_methods_are_found_with_their_links() {
    let found = methods("f.rs", FILE);
    let found: Vec<_> =
        found.iter().map(|method| (method.client.as_deref(), &*method.name, method.has_link)).collect();
    assert_eq!(
        found,
        [(Some("Client"), "linked", true), (Some("Client"), "bare", false), (None, "made", true)]
    );
}

#[test]
fn a_method_without_case_or_link_is_told() {
    let wrong = sources("(\"linked\", x) (\"made\", x)").violations(&recorded(&["linked", "made"]), &[]);
    let expected = [
        "f.rs: `bare` has no recorded case",
        "f.rs: `bare` does not link to the documentation of what it does",
    ];
    assert_eq!(wrong, expected);
}

#[test]
fn a_case_without_method_and_a_test_that_is_gone_are_told() {
    let tables = "(\"linked\", x) (\"made\", x) (\"bare\", x)";
    let others = [("Client", "gone", "a_test"), ("Client", "linked", "no_test")];
    let wrong = sources(tables).violations(&recorded(&["linked", "made", "bare", "lost"]), &others);
    let expected = [
        "f.rs: `bare` does not link to the documentation of what it does",
        "Client.lost is recorded, but there is no such method",
        "there is no method Client.gone",
        "there is no test `no_test` of Client.linked",
    ];
    assert_eq!(wrong, expected);
}
