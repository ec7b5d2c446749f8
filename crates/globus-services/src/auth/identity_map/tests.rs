use super::key::Key;

#[test]
fn an_id_is_known_in_every_spelling_and_a_username_in_any_case() {
    let id = "46bd0f56-e24f-11e5-a510-131bef46955c";
    for text in [id, " 46BD0F56-E24F-11E5-A510-131BEF46955C\n", "46bd0f56e24f11e5a510131bef46955c"] {
        let key = Key::read(text).unwrap();
        assert!(key.is_id() && key.as_str() == id, "{text}");
    }
    let key = Key::read("Someone@Example.org").unwrap();
    assert!(!key.is_id() && key.as_str() == "someone@example.org");
    assert!(!Key::read("46bd0f56").unwrap().is_id());
}

#[test]
fn what_would_be_several_names_or_none_is_nobodys() {
    for text in ["", "  ", "a@x.org,b@x.org", "a\nb@x.org"] {
        assert_eq!(Key::read(text), None, "{text:?}");
    }
}
