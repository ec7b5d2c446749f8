use globus_auth_core::scopes::{Scope, ScopeParseErrorKind, Scopes};
use proptest::prelude::*;

/// Trees whose names come from few letters, so that they meet, and sometimes close a circle.
fn trees() -> impl Strategy<Value = Vec<Scope>> {
    let leaf = ("[a-e]", any::<bool>()).prop_map(|(name, optional)| marked(&name, optional));
    let tree = leaf.prop_recursive(4, 20, 4, |inner| {
        ("[a-h]", any::<bool>(), prop::collection::vec(inner, 0..4))
            .prop_map(|(name, optional, below)| marked(&name, optional).with_dependencies(below))
    });
    prop::collection::vec(tree, 0..5)
}

fn marked(name: &str, optional: bool) -> Scope {
    Scope::new(name).unwrap().with_optional(optional)
}

/// The normal form, when there is one.
fn merged(trees: &[Scope]) -> Option<Scopes> {
    Scopes::from_trees(trees).map_err(|err| assert_eq!(err.kind(), ScopeParseErrorKind::Cycle)).ok()
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = Scopes::parse(&text);
    }

    #[test]
    fn any_text_of_the_grammars_signs_is_read_or_refused(text in "[ab*\\[\\] \t]{0,60}") {
        if let Err(err) = Scopes::parse(&text) {
            prop_assert!(err.position().is_none_or(|position| position <= text.len()));
        }
    }

    #[test]
    fn what_is_printed_is_read_as_the_same(trees in trees()) {
        if let Some(scopes) = merged(&trees) {
            prop_assert_eq!(&Scopes::parse(&scopes.to_string()).unwrap(), &scopes);
            for scope in &scopes {
                prop_assert_eq!(&Scope::parse(&scope.to_string()).unwrap(), scope);
            }
        }
    }

    #[test]
    fn a_tree_and_its_text_are_merged_alike(trees in trees()) {
        let text = trees.iter().map(Scope::to_string).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(Scopes::parse(&text).ok(), merged(&trees));
    }

    #[test]
    fn merging_is_idempotent_commutative_and_associative(a in trees(), b in trees(), c in trees()) {
        if let (Some(a), Some(b), Some(c)) = (merged(&a), merged(&b), merged(&c)) {
            prop_assert_eq!(a.merge(&a).unwrap(), a.clone());
            prop_assert_eq!(a.merge(&b).ok(), b.merge(&a).ok());
            let (left, right) = (a.merge(&b), b.merge(&c));
            if let (Ok(left), Ok(right)) = (left, right) {
                prop_assert_eq!(left.merge(&c).ok(), a.merge(&right).ok());
            }
        }
    }

    #[test]
    fn a_clone_is_equal(trees in trees()) {
        prop_assert_eq!(trees.clone(), trees);
    }
}

#[cfg(feature = "login-flow")]
mod login {
    use globus_auth_core::login::{LoginErrorKind, LoginFlowBuilder, PendingLogin};
    use proptest::prelude::*;

    use crate::support::{AUTH, FakeExchange, now, param};

    /// A callback as a browser is sent to it: all parameters in the order of `order`, written as forms are.
    fn callback(pairs: &[(&str, &str)], order: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::from("https://portal.example.org/cb?"));
        for index in 0..pairs.len() {
            let (name, value) = pairs[(index + order) % pairs.len()];
            query.append_pair(name, value);
        }
        query.finish()
    }

    proptest! {
        #[test]
        fn a_code_and_a_state_come_back_as_they_were_sent(
            code in "\\PC*[^\\pC\\pZ]\\PC*",
            state in "\\PC+",
            other in "\\PC*",
            order in 0..3_usize,
        ) {
            let exchange = FakeExchange::new();
            let login = PendingLogin::new("https://portal.example.org/cb", state.as_str());
            let url = callback(&[("code", &code), ("state", &state), ("session_state", &other)], order);
            now(login.exchange_callback(&exchange, &url)).unwrap();
            prop_assert!(exchange.forms()[0].contains(&("code".to_owned(), code)));
        }

        #[test]
        fn a_callback_with_another_state_reaches_no_exchange(state in "\\PC+", other in "\\PC*", order in 0..2_usize) {
            prop_assume!(state != other);
            let exchange = FakeExchange::new();
            let login = PendingLogin::new("https://portal.example.org/cb", state.as_str());
            let url = callback(&[("code", "AgHiddenCode"), ("state", &other)], order);
            let err = now(login.exchange_callback(&exchange, &url)).unwrap_err();
            prop_assert_eq!(err.kind(), LoginErrorKind::StateMismatch);
            let shown = format!("{err} {err:?}");
            prop_assert!(!shown.contains("AgHiddenCode"), "{}", shown);
            prop_assert!(exchange.forms().is_empty());
        }

        #[test]
        fn a_callback_with_an_error_reaches_no_exchange(error in "\\PC+", said in "\\PC*", order in 0..4_usize) {
            let exchange = FakeExchange::new();
            let login = PendingLogin::new("https://portal.example.org/cb", "the-state");
            let pairs = [("code", "c"), ("state", "the-state"), ("error", &*error), ("error_description", &*said)];
            let err = now(login.exchange_callback(&exchange, &callback(&pairs, order))).unwrap_err();
            prop_assert_eq!(err.kind(), LoginErrorKind::Denied);
            prop_assert!(exchange.forms().is_empty());
        }

        #[test]
        fn any_callback_is_read_or_refused(callback in "\\PC*") {
            let flow = LoginFlowBuilder::native(FakeExchange::new(), AUTH, "openid").start().unwrap();
            let err = now(flow.exchange_callback(&callback)).unwrap_err();
            prop_assert!(matches!(err.kind(), LoginErrorKind::StateMismatch | LoginErrorKind::InvalidCallback));
        }

        #[test]
        fn any_callback_with_the_state_is_read_or_refused(rest in "([?&=#%a+]|code|error|state|error_description|%F0|%0){0,20}") {
            let exchange = FakeExchange::new();
            let flow = LoginFlowBuilder::native(exchange.clone(), AUTH, "openid").state("s").start().unwrap();
            let answer = now(flow.exchange_callback(&format!("state=s&{rest}")));
            prop_assert_eq!(answer.is_ok(), exchange.forms().len() == 1);
        }

        #[test]
        fn every_parameter_comes_through_the_url_unchanged(state in "\\PC+", message in "\\PC+") {
            let flow = LoginFlowBuilder::native(FakeExchange::new(), AUTH, "openid")
                .state(state.as_str())
                .session_message(message.as_str())
                .start()
                .unwrap();
            prop_assert_eq!(param(flow.authorize_url(), "state"), Some(state));
            prop_assert_eq!(param(flow.authorize_url(), "session_message"), Some(message));
            prop_assert!(flow.authorize_url().is_ascii());
        }
    }
}

#[cfg(feature = "id-token")]
mod id_token {
    use globus_auth_core::id_token::{IdTokenVerifier, JsonWebKeySet};
    use globus_auth_core::{Secret, UnixTime};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_token_is_refused(token in "([A-Za-z0-9_-]{0,20}[.=]?){0,5}|\\PC*") {
            let verifier = IdTokenVerifier::new("issuer", "client", JsonWebKeySet::default());
            prop_assert!(verifier.verify(&Secret::from(token), UnixTime::from_seconds(0)).is_err());
        }
    }
}
