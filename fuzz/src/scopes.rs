//! Scope strings: up to three of them, one a line.

use globus_auth_core::{Scope, Scopes};

/// What is printed reads as the same; a list merges with itself into itself, and with others in any order; what merges is what
/// reads as one string.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let lists: Vec<Scopes> = text.split('\n').take(3).filter_map(read).collect();
    for list in &lists {
        is_stable(list);
    }
    if let [a, b, rest @ ..] = &lists[..] {
        let merged = a.merge(b).ok();
        assert_eq!(merged, b.merge(a).ok(), "the order matters");
        assert_eq!(merged, Scopes::parse(&format!("{a} {b}")).ok(), "merged is not what reads as one");
        if let Some(merged) = &merged {
            is_stable(merged);
            assert_eq!(merged.merge(a).as_ref(), Ok(merged), "merged again is more");
        }
        if let [c] = rest {
            let left = merged.and_then(|merged| merged.merge(c).ok());
            let right = b.merge(c).ok().and_then(|merged| a.merge(&merged).ok());
            assert_eq!(left, right, "what is merged first matters");
        }
    }
}

fn read(text: &str) -> Option<Scopes> {
    match Scopes::parse(text) {
        Ok(scopes) => Some(scopes),
        Err(err) => {
            assert!(err.position().is_none_or(|position| position <= text.len()), "{err}");
            assert!(!err.to_string().contains(['\n', '\r', '\u{1b}']), "{err:?}");
            None
        }
    }
}

fn is_stable(scopes: &Scopes) {
    let printed = scopes.to_string();
    let again = Scopes::parse(&printed);
    assert_eq!(again.as_ref(), Ok(scopes), "printed as {printed}");
    assert_eq!(again.map(|again| again.to_string()), Ok(printed));
    assert_eq!(scopes.merge(scopes).as_ref(), Ok(scopes));
    assert_eq!(Scopes::from_trees(scopes).as_ref(), Ok(scopes));
    for scope in scopes {
        assert_eq!(Scope::parse(&scope.to_string()).as_ref(), Ok(scope));
    }
}
