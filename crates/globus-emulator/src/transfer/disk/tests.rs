use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::{Inside, Kind, Wanted};
use crate::transfer::access::Opened;
use crate::transfer::paths::PathError;

/// A root with a directory outside beside it.
pub(super) struct Ground {
    _dir: TempDir,
    pub(super) root: PathBuf,
    pub(super) outside: PathBuf,
}

impl Ground {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let (root, outside) = (base.join("root"), base.join("outside"));
        std::fs::create_dir_all(root.join("d/e")).unwrap();
        std::fs::create_dir(&outside).unwrap();
        Self { _dir: dir, root, outside }
    }

    pub(super) fn inside(&self) -> Inside {
        Inside::open(Arc::new(Opened::everything(&self.root))).unwrap()
    }

    pub(super) fn link(&self, name: &str, target: impl AsRef<Path>) {
        symlink(target, self.root.join(name)).unwrap();
    }

    /// Where a path leads, from the root.
    fn leads(&self, path: &str, follow_last: bool, wanted: Wanted) -> Result<String, PathError> {
        let place = self.inside().place(path, follow_last, wanted)?;
        let names: Vec<&str> = place.real.iter().filter_map(|name| name.to_str()).collect();
        Ok(names.join("/"))
    }
}

#[test]
fn links_are_followed_inside_the_root_only() {
    let ground = Ground::new();
    let Ground { root, outside, .. } = &ground;
    ground.link("in", root.join("d"));
    ground.link("d/up", "..");
    ground.link("d/e/far", "../../d/new");
    ground.link("self", ".");
    let reads = |path: &str| ground.leads(path, true, Wanted::Read).unwrap();
    assert_eq!(reads("/in/f"), "d/f");
    assert_eq!(reads("/d/up/d/up/in/e"), "d/e");
    assert_eq!(reads("/d/e/far"), "d/new");
    assert_eq!(reads("/self/self/d"), "d");
    assert_eq!((reads("/"), reads("/d/up")), (String::new(), String::new()));
    assert_eq!(ground.leads("/in", false, Wanted::Read).unwrap(), "in");
    ground.link("out", outside);
    ground.link("dots", "d/../../outside");
    ground.link("top", "/");
    ground.link("near", root.join("../outside"));
    ground.link("chain", "d/up/out");
    ground.link("nowhere", outside.join("x"));
    ground.link("loop", "loop");
    for name in ["out", "dots", "top", "near", "chain", "nowhere", "loop"] {
        for wanted in [Wanted::Read, Wanted::Write, Wanted::Make, Wanted::Foresee] {
            for (path, follow_last) in [(format!("/{name}/f"), false), (format!("/{name}"), true)] {
                let found = ground.leads(&path, follow_last, wanted);
                assert!(matches!(found, Err(PathError::Escapes)), "{path} {wanted:?}: {found:?}");
            }
        }
        assert_eq!(ground.leads(&format!("/{name}"), false, Wanted::Write).unwrap(), name);
    }
    assert_eq!(std::fs::read_dir(outside).unwrap().count(), 0);
}

#[test]
fn what_is_missing_is_made_only_on_demand() {
    let ground = Ground::new();
    ground.link("later", "d/later");
    assert_eq!(ground.leads("/new/deep/f", true, Wanted::Foresee).unwrap(), "new/deep/f");
    for wanted in [Wanted::Read, Wanted::Write] {
        let missing = ground.leads("/new/deep", true, wanted);
        assert!(matches!(missing, Err(PathError::Io(error)) if error.kind() == ErrorKind::NotFound));
    }
    assert!(!ground.root.join("new").exists());
    // A link that leads nowhere yet is a way like any other.
    assert_eq!(ground.leads("/later/deep/f", true, Wanted::Make).unwrap(), "d/later/deep/f");
    assert!(ground.root.join("d/later/deep").is_dir());
}

#[test]
fn a_root_that_was_replaced_by_a_link_is_no_root() {
    let ground = Ground::new();
    let opened = Arc::new(Opened::everything(&ground.root.join("d/e")));
    std::fs::create_dir(ground.outside.join("e")).unwrap();
    for (at, target) in [("d/e", ground.outside.join("e")), ("d", ground.outside.clone())] {
        let at = ground.root.join(at);
        Inside::open(Arc::clone(&opened)).unwrap();
        std::fs::rename(&at, ground.root.join("moved")).unwrap();
        assert!(matches!(Inside::open(Arc::clone(&opened)), Err(PathError::Io(_))));
        symlink(target, &at).unwrap();
        assert!(matches!(Inside::open(Arc::clone(&opened)), Err(PathError::Escapes)));
        std::fs::remove_file(&at).unwrap();
        std::fs::rename(ground.root.join("moved"), &at).unwrap();
    }
}

/// Both kinds of directory do the same.
macro_rules! conformance {
    ($name:ident, $dir:ty) => {
        #[test]
        fn $name() {
            let ground = Ground::new();
            let dir = <$dir>::root(&ground.root).unwrap();
            let name = |text: &str| OsString::from(text);
            let made = dir.create(&name("f")).unwrap();
            assert_eq!(dir.create(&name("f")).unwrap_err().kind(), ErrorKind::AlreadyExists);
            drop(made);
            dir.make_dir(&name("n")).unwrap();
            assert_eq!(dir.make_dir(&name("n")).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(dir.make_dir(&name(".")).unwrap_err().kind(), ErrorKind::AlreadyExists);
            ground.link("out", &ground.outside);
            assert_eq!(dir.dir(&name("out")).unwrap_err().kind(), ErrorKind::NotADirectory);
            assert_eq!(dir.dir(&name("f")).unwrap_err().kind(), ErrorKind::NotADirectory);
            assert_eq!(dir.dir(&name("x")).unwrap_err().kind(), ErrorKind::NotFound);
            std::fs::write(ground.outside.join("secret"), "secret").unwrap();
            ground.link("file", ground.outside.join("secret"));
            assert_eq!(dir.file(&name("file")).unwrap_err().kind(), ErrorKind::PermissionDenied);
            assert_eq!(dir.link_target(&name("out")).unwrap(), Some(ground.outside.clone()));
            for no_link in ["f", "n", "x", "."] {
                assert_eq!(dir.link_target(&name(no_link)).unwrap(), None, "{no_link}");
            }
            assert_eq!(dir.meta(&name("out")).unwrap().kind, Kind::Link);
            assert_eq!(dir.meta(&name(".")).unwrap().kind, Kind::Dir);
            let renamed = dir.rename(&name("f"), &dir, &name("n")).unwrap_err();
            assert_eq!(renamed.kind(), ErrorKind::AlreadyExists);
            let below = dir.dir(&name("n")).unwrap();
            dir.rename(&name("f"), &below, &name("g")).unwrap();
            assert_eq!(below.file(&name("g")).unwrap().1.kind, Kind::File);
            below.replace(&name("g"), &dir, &name("out")).unwrap();
            let mut names: Vec<_> = dir.entries().unwrap().into_iter().map(|entry| entry.name).collect();
            names.sort();
            assert_eq!(names, ["d", "file", "n", "out"]);
            dir.remove_file(&name("file")).unwrap();
            dir.remove_dir(&name("n")).unwrap();
            assert!(dir.remove_dir(&name("d")).is_err() && dir.remove_file(&name("d")).is_err());
            assert!(<$dir>::root(&ground.root.join("d/x")).is_err());
            assert_eq!(std::fs::read(ground.outside.join("secret")).unwrap(), b"secret");
        }
    };
}

conformance!(directories_are_handles, super::unix::Dir);
conformance!(directories_are_paths_where_there_are_no_handles, super::plain::Dir);

#[test]
#[cfg(any(target_os = "linux", target_os = "android"))]
fn a_file_without_a_name_gets_only_one_that_is_free() {
    use std::io::Write as _;
    let ground = Ground::new();
    ground.link("out", ground.outside.join("new"));
    std::fs::write(ground.root.join("f"), "before").unwrap();
    let dir = super::Dir::root(&ground.root).unwrap();
    // Not every file system has such files.
    let Some(mut file) = dir.create_nameless() else {
        println!("the file system of the temporary directory has none");
        return;
    };
    file.write_all(b"new").unwrap();
    let before = dir.entries().unwrap().len();
    for taken in ["f", "d", "out"] {
        let error = dir.give_name(&file, taken.as_ref()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{taken}");
    }
    dir.give_name(&file, "g".as_ref()).unwrap();
    assert_eq!(dir.entries().unwrap().len(), before + 1);
    assert_eq!(std::fs::read(ground.root.join("g")).unwrap(), b"new");
    assert_eq!(std::fs::read(ground.root.join("f")).unwrap(), b"before");
    assert_eq!(std::fs::read_dir(&ground.outside).unwrap().count(), 0);
}
