//! Random paths in random farms of links. What the system says of the same path is the measure: it follows links as well, but
//! out of the root too.

use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::tests::Ground;
use super::{Inside, Wanted};
use crate::transfer::paths::PathError;

/// Few names, so that paths and links meet.
const NAMES: [&str; 6] = ["d", "e", "l0", "l1", "l2", "l3"];

fn names(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    let name = prop_oneof![4 => select(&NAMES[..]), 1 => Just(".."), 1 => Just("."), 1 => Just("outside")];
    vec(name, 1..=most)
}

#[derive(Clone, Debug)]
enum Target {
    Relative(Vec<&'static str>),
    InRoot(Vec<&'static str>),
    Absolute(Vec<&'static str>),
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        names(4).prop_map(Target::Relative),
        names(3).prop_map(Target::InRoot),
        names(3).prop_map(Target::Absolute),
    ]
}

/// Links in the root, in `d` and in `d/e`.
fn farm(links: &[(&str, &str, Target)]) -> Ground {
    let ground = Ground::new();
    std::fs::write(ground.outside.join("d"), "secret").unwrap();
    std::fs::create_dir(ground.outside.join("e")).unwrap();
    for (dir, name, target) in links {
        let target = match target {
            Target::Relative(names) => PathBuf::from(names.join("/")),
            Target::InRoot(names) => ground.root.join(names.join("/")),
            Target::Absolute(names) => ground.outside.join(names.join("/")),
        };
        let at = format!("{dir}{name}");
        if ground.root.join(&at).symlink_metadata().is_err() {
            ground.link(&at, target);
        }
    }
    ground
}

fn all_outside(ground: &Ground) -> Vec<PathBuf> {
    let base = ground.outside.parent().unwrap();
    let mut all: Vec<PathBuf> = [base, &ground.outside, &ground.outside.join("e")]
        .iter()
        .flat_map(|dir| std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    all.sort();
    all
}

/// What a path leads to, told by its number on the disk.
fn found(inside: &Inside, path: &str) -> Result<(u64, u64), PathError> {
    inside.meta(path).map(|meta| meta.identity)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_path_leads_out_of_any_farm(
        links in vec((select(&["", "d/", "d/e/"][..]), select(&NAMES[2..]), target()), 0..8),
        paths in vec(names(6), 1..12),
    ) {
        use std::os::unix::fs::MetadataExt as _;
        let ground = farm(&links);
        let (inside, before) = (ground.inside(), all_outside(&ground));
        for path in paths {
            let path = path.into_iter().filter(|name| *name != ".").collect::<Vec<_>>().join("/");
            let real = ground.root.join(&path).canonicalize();
            match found(&inside, &path) {
                Ok(identity) => {
                    let real = real.unwrap();
                    prop_assert!(real.starts_with(&ground.root), "{path} leads to {}", real.display());
                    let meta = real.metadata().unwrap();
                    prop_assert_eq!(identity, (meta.dev(), meta.ino()), "{}", path);
                }
                // It may be refused for a step outside on the way, though it comes back in; never when it stays inside.
                Err(PathError::Io(error)) => prop_assert!(real.is_err(), "{path}: {error}, but it is {real:?}"),
                Err(_) => {}
            }
            for wanted in [Wanted::Foresee, Wanted::Make] {
                if let Ok(place) = inside.place(&path, true, wanted) {
                    let parent = inside.path(&place.real);
                    prop_assert!(parent.starts_with(&ground.root), "{path} leads to {}", parent.display());
                }
            }
            let _ = inside.dir(&path, Wanted::Make);
            prop_assert_eq!(&all_outside(&ground), &before, "{}", path);
        }
    }
}
