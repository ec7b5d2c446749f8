//! Who may read what is made, and that the process as a whole is left as it is.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use globus_tokenstorage::StorageErrorKind;

use crate::children::{Child, say};
use crate::support::{FILES, mode, open, quick_dir, token};

/// Runs in a process with a mask that takes nothing away: what is private is so by its own mode.
pub(crate) async fn watch(path: &Path) {
    let (storage, done) = (open(path), AtomicBool::new(false));
    let dir = path.parent().unwrap();
    let runtime = tokio::runtime::Handle::current();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                seen += look_at_all(dir);
            }
            say(format!("seen {seen}"));
        });
        scope.spawn(|| {
            // Another thread's files are none of the storage's business.
            let other = quick_dir();
            for name in 0..1_000 {
                let path = other.path().join(name.to_string());
                fs::write(&path, "").unwrap();
                assert_eq!(mode(&path), 0o666);
            }
        });
        scope.spawn(|| {
            for write in 0..300 {
                let data = token(&(write % 7).to_string(), "Ag1");
                runtime.block_on(storage.store_token_data(&data)).unwrap();
                drop(runtime.block_on(storage.lock("rs")).unwrap());
            }
            done.store(true, Ordering::Relaxed);
        });
    });
    let mask = Command::new("sh").args(["-c", "umask"]).output().unwrap().stdout;
    say(format!("mask {}", String::from_utf8(mask).unwrap()));
}

/// Whether nobody else can read anything in `dir`, and how much there is. What goes in between is not there to be read.
fn look_at_all(dir: &Path) -> usize {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let mut seen = 0;
    for path in entries.flatten().map(|entry| entry.path()) {
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        let allowed = if meta.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(meta.permissions().mode() & 0o777, allowed, "{}", path.display());
        seen += 1;
    }
    seen
}

#[tokio::test]
async fn every_file_is_private_from_its_first_byte_and_the_mask_of_the_process_is_left_alone() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join("new").join(name);
        let mut command = Command::new("sh");
        command.args(["-c", "umask 000; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap());
        let mut child = Child::start_by(command, "watch", &path);
        assert!(child.hear("seen ").parse::<usize>().unwrap() > 100);
        assert_eq!(u32::from_str_radix(&child.hear("mask "), 8), Ok(0));
        child.finish();
        assert_eq!(mode(&dir.path().join("new")), 0o700);
        assert_eq!(mode(&path), 0o600);
    }
}

#[tokio::test]
async fn a_file_that_others_can_read_is_made_private_when_it_is_read() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        let storage = open(&path);
        storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
        for wrong in [0o644, 0o640, 0o666, 0o606] {
            fs::set_permissions(&path, Permissions::from_mode(wrong)).unwrap();
            assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
            assert_eq!(mode(&path), 0o600);
        }
    }
}

#[tokio::test]
async fn lock_files_that_others_can_use_are_made_private() {
    for name in FILES {
        let dir = quick_dir();
        let storage = open(&dir.path().join(name));
        drop(storage.lock("rs").await.unwrap());
        let locks = dir.path().join(format!("{name}.locks"));
        let lock = fs::read_dir(&locks).unwrap().next().unwrap().unwrap().path();
        fs::set_permissions(&locks, Permissions::from_mode(0o777)).unwrap();
        fs::set_permissions(&lock, Permissions::from_mode(0o666)).unwrap();
        drop(storage.lock("rs").await.unwrap());
        assert_eq!((mode(&locks), mode(&lock)), (0o700, 0o600));
    }
}

#[tokio::test]
async fn a_directory_where_everybody_can_exchange_files_is_refused() {
    for name in FILES {
        let dir = quick_dir();
        let storage = open(&dir.path().join("open").join(name));
        storage.store_token_data(&token("rs", "Ag1")).await.unwrap();
        let set = |mode| {
            fs::set_permissions(dir.path().join("open"), Permissions::from_mode(mode)).unwrap();
        };
        set(0o777);
        let err = storage.get_token_data("rs").await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::Unreadable);
        assert!(err.to_string().contains("run `chmod o-w` on the directory"), "{err}");
        storage.store_token_data(&token("rs", "Ag2")).await.unwrap_err();
        storage.lock("rs").await.unwrap_err();
        // As `/tmp` is: what is there can be exchanged by its owner alone. And as a group of people who trust each other has it.
        for mode in [0o1777, 0o775, 0o755] {
            set(mode);
            assert!(storage.get_token_data("rs").await.unwrap().is_some());
        }
    }
}
