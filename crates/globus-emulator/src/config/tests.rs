use super::*;

const LAB: &str = include_str!("../../examples/lab.toml");

fn wrong(text: &str) -> String {
    Config::parse("w.toml", text).unwrap_err().to_string()
}

#[test]
fn the_example_says_all_that_there_is() {
    let config = Config::parse("examples/lab.toml", LAB).unwrap();
    let contents = &config.contents;
    assert!(!contents.tutorial);
    assert_eq!(contents.login.as_ref().map(|(_, username)| username.as_str()), Some("ada@example.org"));
    assert_eq!((contents.users.len(), contents.clients.len(), contents.groups.len()), (3, 2, 1));
    assert_eq!(contents.users[2].linked_to.as_deref(), Some("8f0c0b0e-6f5c-4d7a-9d0f-3c1f2b7a5e11"));
    let scope = &contents.clients[0].scopes[0].scope;
    assert_eq!(scope, "https://auth.globus.org/scopes/3f7f1f0e-2b0a-4f5e-8a53-9b1f0d1f7c20/results");
    let guest = &contents.collections[2];
    assert_eq!(guest.entity_type, "GCSv5_guest_collection");
    assert_eq!(guest.host, Some((contents.collections[1].id.clone(), "/results/".to_owned())));
    assert_eq!(guest.access[1].path, "/incoming/");
    let builder = config.set(Builder::new());
    assert_eq!((builder.seed, builder.settings.faults.len()), (Some(7), 1));
    assert_eq!(builder.settings.token_lifetime, Duration::from_secs(3600));
}

#[test]
fn ids_come_from_the_names_and_no_secret_is_shown() {
    let user = |text: &str| Config::parse("w.toml", text).unwrap().contents.users[0].id.clone();
    let one = user("[[users]]\nusername = \"ada@example.org\"");
    assert_eq!(one, user("# the same\n\n[[users]]\nusername = \"ada@example.org\"\nname = \"Ada\""));
    assert_eq!(one, crate::ids::named_uuid("identity:ada@example.org"));
    let config =
        Config::parse("w.toml", "[[clients]]\nname = \"P\"\ntype = \"confidential\"\nsecret = \"s3cret\"")
            .unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn the_digest_is_of_the_world_and_not_of_its_spelling() {
    let digest = |text: &str| Config::parse("w.toml", text).unwrap().digest();
    let world = digest("[[users]]\nusername = \"ada@example.org\"");
    assert_eq!(world, digest("# new\n[settings]\nport = 5\n\n[[users]]\nusername = 'ada@example.org'"));
    assert_ne!(world, digest("[[users]]\nusername = \"eve@example.org\""));
}

#[test]
fn a_file_without_people_or_places_changes_the_usual_world() {
    assert!(Config::parse("w.toml", "").unwrap().contents.tutorial);
    assert!(Config::parse("w.toml", "[settings]\nport = 5").unwrap().contents.tutorial);
    let both = "tutorial = true\n[[groups]]\nname = \"G\"\nmembers = [{ user = \"grace@example.org\", role = \"admin\" }]";
    assert_eq!(
        Config::parse("w.toml", both).unwrap().contents.groups[0].members[0].username,
        "grace@example.org"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_is_right() {
    let user = "[[users]]\nusername = \"ada@example.org\"\n";
    let cases = [
        (
            "[[users]]\nusernam = \"a@b\"",
            "w.toml:2:1: unknown field `usernam`, expected one of `username`, `id`",
        ),
        ("[settings]\nport = 70000", "w.toml:2:8: "),
        ("port = 1", "w.toml:1:1: unknown field `port`, expected one of `login`"),
        ("[[users]]\nusername = \"ada\"", "w.toml:2:12: `ada` is not a username: NAME@DOMAIN"),
        ("x = ", "w.toml:1:5: "),
        ("[[faults]]\npath = \"/x\"\naction = \"explode\"", "w.toml:1:1: "),
        (
            "[[groups]]\nname = \"G\"",
            "w.toml: a file with groups or collections needs at least one [[users]]",
        ),
        (
            "login = \"eve@example.org\"",
            "w.toml:1:9: there is no user `eve@example.org`; there is `ada@example.org`",
        ),
    ];
    for (text, told) in cases {
        let error = wrong(text);
        assert!(error.starts_with(told), "{told:?} is not {error:?}");
    }
    let more = [
        (
            format!("{user}[[users]]\nusername = \"ada@example.org\""),
            "w.toml:4:12: there is another identity",
        ),
        (format!("{user}id = \"7\""), "w.toml:3:6: `7` is not a UUID"),
        (
            format!("{user}[[clients]]\nname = \"C\"\ntype = \"web\""),
            "w.toml:5:8: unknown variant `web`, expected `native` or `confidential`",
        ),
        (
            format!("{user}[[clients]]\nname = \"C\"\ntype = \"native\"\nsecret = \"x\""),
            "w.toml:6:10: a native client can keep no secret",
        ),
        (
            format!(
                "{user}[[clients]]\nname = \"C\"\ntype = \"native\"\nscopes = [{{ name = \"s\", dependencies = [\"t\"] }}]"
            ),
            "w.toml:6:41: there is no scope `t`",
        ),
        (
            format!("{user}[[groups]]\nname = \"G\"\nmembers = [{{ user = \"eve\" }}]"),
            "w.toml:5:21: there is no user `eve`; there is `ada@example.org`",
        ),
        (
            format!("{user}[[groups]]\nname = \"G\"\nmembers = [{{ role = \"admin\" }}]"),
            "w.toml:4:8: a member of `G` is either",
        ),
        (format!("{user}[[collections]]\nname = \"C\"\nhost = \"D\""), "w.toml:5:8: only a guest collection"),
        (
            format!("{user}[[collections]]\nname = \"C\"\ntype = \"guest\""),
            "w.toml:4:8: a guest collection needs `host` and `base_path`",
        ),
        (
            format!("{user}[[collections]]\nname = \"C\"\ntype = \"guest\"\nhost = \"D\"\nbase_path = \"/\""),
            "w.toml:6:8: there is no collection `D`; there is `C`",
        ),
        (
            format!(
                "{user}[[collections]]\nname = \"D\"\n[[collections]]\nname = \"C\"\ntype = \"guest\"\nhost = \"D\"\nbase_path = \"/../x\""
            ),
            "w.toml:9:13: `/../x` is not a path",
        ),
        (
            format!(
                "{user}[[collections]]\nname = \"C\"\naccess = [{{ everybody = \"anonymous\", permissions = \"r\" }}]"
            ),
            "w.toml:4:8: only a guest collection",
        ),
    ];
    for (text, told) in more {
        let error = wrong(&text);
        assert!(error.starts_with(told), "{told:?} is not {error:?}");
    }
    let missing = Config::from_file("no/such.toml").unwrap_err();
    assert_eq!((missing.line(), missing.column(), missing.file()), (None, None, Path::new("no/such.toml")));
    assert!(missing.to_string().starts_with("no/such.toml: cannot be read: "), "{missing}");
}
