//! Files that cannot be used: one table of what is wrong and what is said. It is worked through by a process without
//! the rights of `root`, who could read and write most of them.

use std::error::Error;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use globus_tokenstorage::{StorageError, StorageErrorKind};

use crate::children::Child;
use crate::support::{FILES, names, open, quick_dir, token};

/// Of `nobody`, or at least not of `root`.
const NOBODY: u32 = 65_534;
const NO_ACCESS: &str = "this user has no access to it, or to its directory; correct the owner and the mode";
const OPEN: &str = "others may read or change it (mode 0644), and this user cannot end that; \
                    have its owner set mode 0600, or choose a place on another file system";
const MENDABLE: &str = "it was left as it is: restore it, or move it away and log in again";

/// What is wrong, made by `prepare` of a file with tokens, and what reading and writing say to it, `None` for nothing. In the
/// texts `FILE` stands for the file and `DIR` for its directory.
struct Fault {
    name: &'static str,
    prepare: fn(&Path),
    read: Option<String>,
    write: Option<String>,
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// JSON is read before it is written, and says so.
fn both(name: &'static str, prepare: fn(&Path), is_json: bool, why: &str) -> Fault {
    let write = if is_json { "read" } else { "write" };
    Fault {
        name,
        prepare,
        read: Some(format!("cannot read the token file FILE: {why}")),
        write: Some(format!("cannot {write} the token file FILE: {why}")),
    }
}

fn corrupt(name: &'static str, prepare: fn(&Path), why: &str) -> Fault {
    let text = Some(format!("cannot understand the token file FILE: {why}; {MENDABLE}"));
    Fault { name, prepare, read: text.clone(), write: text }
}

/// Writing fails in other words, since it begins elsewhere: at the lock of a JSON file, or at the making of a database.
fn placed(name: &'static str, prepare: fn(&Path), is_json: bool, why: &str) -> Fault {
    let write = if is_json { "make a lock file for the token file" } else { "write the token file" };
    Fault { write: Some(format!("cannot {write} FILE: {why}")), ..both(name, prepare, is_json, why) }
}

fn faults(is_json: bool) -> Vec<Fault> {
    let write = if is_json { "make a lock file for the token file" } else { "write the token file" };
    let mut faults = vec![
        both("unreadable file", |path| chmod(path, 0), is_json, NO_ACCESS),
        Fault {
            name: "read-only directory",
            prepare: |path| chmod(path.parent().unwrap(), 0o500),
            read: None,
            write: Some(format!("cannot write the token file FILE: {NO_ACCESS}")),
        },
        Fault {
            name: "read-only directory and nothing in it",
            prepare: |path| {
                for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
                    fs::remove_file(entry.unwrap().path()).unwrap();
                }
                chmod(path.parent().unwrap(), 0o500);
            },
            read: None,
            write: Some(format!("cannot {write} FILE: {NO_ACCESS}")),
        },
        Fault {
            write: Some(format!("cannot {write} FILE: {NO_ACCESS}")),
            ..both("directory without access", |path| chmod(path.parent().unwrap(), 0), is_json, NO_ACCESS)
        },
        placed(
            "directory in the place of the file",
            |path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            },
            is_json,
            "a directory is in the way; name a file in it",
        ),
        placed(
            "link to a directory",
            |path| {
                fs::remove_file(path).unwrap();
                symlink(path.parent().unwrap(), path).unwrap();
            },
            is_json,
            "a directory is in the way; name a file in it",
        ),
        placed(
            "link to itself",
            |path| {
                fs::remove_file(path).unwrap();
                symlink(path, path).unwrap();
            },
            is_json,
            "its symbolic links lead nowhere; name the file itself",
        ),
        placed(
            "link in a directory where everybody makes links",
            |path| {
                fs::rename(path, path.with_extension("real")).unwrap();
                symlink(path.with_extension("real"), path).unwrap();
                chmod(path.parent().unwrap(), 0o1777);
            },
            is_json,
            "it is a symbolic link in a directory where everybody may make one; name the file that the link leads to",
        ),
        placed(
            "directory where everybody replaces files",
            |path| chmod(path.parent().unwrap(), 0o777),
            is_json,
            "everybody may replace it (mode 0777 of its directory); \
             run `chmod o-w` on the directory, or choose another one",
        ),
        Fault {
            name: "file of another user that all can read",
            prepare: |path| {
                fs::remove_file(path).unwrap();
                symlink("/etc/passwd", path).unwrap();
            },
            read: Some(format!("cannot read the token file FILE: {OPEN}")),
            // The lock would be beside that file.
            write: Some(format!("cannot {write} FILE: {}", if is_json { NO_ACCESS } else { OPEN })),
        },
        placed(
            "pipe",
            |path| {
                fs::remove_file(path).unwrap();
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            },
            is_json,
            "it is not a regular file; name another one",
        ),
        placed(
            "device",
            |path| {
                fs::remove_file(path).unwrap();
                symlink("/dev/zero", path).unwrap();
            },
            is_json,
            "it is not a regular file; name another one",
        ),
    ];
    let newer = "cannot use the token file FILE: ";
    if is_json {
        faults.extend([
            Fault {
                name: "link in the place of the lock file",
                prepare: |path| {
                    fs::remove_file(path.with_extension("json.lock")).unwrap();
                    symlink("/etc/passwd", path.with_extension("json.lock")).unwrap();
                },
                read: None,
                write: Some(
                    "cannot make a lock file for the token file FILE: \
                     the lock file FILE.lock is a symbolic link; remove the link"
                        .to_owned(),
                ),
            },
            Fault {
                name: "directory in the place of the lock file",
                prepare: |path| {
                    fs::remove_file(path.with_extension("json.lock")).unwrap();
                    fs::create_dir(path.with_extension("json.lock")).unwrap();
                },
                read: None,
                write: Some(
                    "cannot make a lock file for the token file FILE: FILE.lock is not a file, as a lock is; remove it"
                        .to_owned(),
                ),
            },
            Fault {
                name: "pipe in the place of the lock file",
                prepare: |path| {
                    fs::remove_file(path.with_extension("json.lock")).unwrap();
                    assert!(Command::new("mkfifo").arg(path.with_extension("json.lock")).status().unwrap().success());
                },
                read: None,
                write: Some(
                    "cannot make a lock file for the token file FILE: FILE.lock is not a file, as a lock is; remove it"
                        .to_owned(),
                ),
            },
            Fault {
                name: "lock file without access",
                prepare: |path| chmod(&path.with_extension("json.lock"), 0),
                read: None,
                write: Some(format!("cannot make a lock file for the token file FILE: {NO_ACCESS}")),
            },
            Fault {
                write: Some(format!("{newer}its `format_version` is neither 1.0 nor 2.0; it was left as it is: use the program that wrote it, or another file")),
                read: Some(format!("{newer}its `format_version` is neither 1.0 nor 2.0; it was left as it is: use the program that wrote it, or another file")),
                ..both("newer version", |path| replace_in(path, "\"2.0\"", "\"3.0\""), is_json, "")
            },
            corrupt("nothing in the file", |path| fs::write(path, "").unwrap(), "it is empty or cut off (line 1, column 0)"),
            corrupt("50 MB", |path| File::create(path).unwrap().set_len(50_000_000).unwrap(), "it is larger than 16 MiB"),
            corrupt(
                "control character in a token",
                |path| replace_in(path, "Ag1", "Ag\u{1}"),
                "it is not JSON (line 1, column 89)",
            ),
            corrupt("not UTF-8", |path| fs::write(path, b"{\"data\": \"\xff\"}").unwrap(), "it is not UTF-8 text"),
            corrupt("NUL bytes", |path| fs::write(path, [0; 4096]).unwrap(), "it is not JSON (line 1, column 1)"),
            corrupt("another JSON file", |path| fs::write(path, "{}").unwrap(), "it has no `format_version`"),
        ]);
    } else {
        let text = format!(
            "{newer}a newer version of the Globus SDK made it; it was left as it is: use that version, or another file"
        );
        faults.extend([
            Fault {
                read: Some(text.clone()),
                write: Some(text),
                ..both("newer version", |path| sql(path, "UPDATE sdk_storage_adapter_internal SET value = '3' WHERE attribute LIKE '%schema%'"), is_json, "")
            },
            corrupt("50 MB", |path| File::create(path).unwrap().set_len(50_000_000).unwrap(), "it is not a whole SQLite database"),
            corrupt("text", |path| fs::write(path, "not a database".repeat(100)).unwrap(), "it is not a whole SQLite database"),
            corrupt("last page not whole", |path| cut(path, 1), "it is cut off"),
            corrupt("last pages gone", |path| cut(path, 5000), "it is not a whole SQLite database"),
            corrupt("another database", |path| sql(path, "DROP TABLE token_storage"), "it is a database of something else"),
        ]);
    }
    faults
}

fn replace_in(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(path, text.replace(old, new)).unwrap();
}

fn cut(path: &Path, by: u64) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() - by).unwrap();
}

#[cfg(feature = "sqlite")]
fn sql(path: &Path, statement: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statement).unwrap();
}

#[cfg(not(feature = "sqlite"))]
fn sql(_: &Path, _: &str) {}

/// The child's part: every row of the table in a directory of its own.
pub(crate) async fn work_through(dir: &Path) {
    for (name, number) in FILES
        .iter()
        .flat_map(|name| (0..faults(*name == "tokens.json").len()).map(move |number| (name, number)))
    {
        let fault = faults(*name == "tokens.json").remove(number);
        let home = dir.join(format!("{name}-{number}"));
        fs::create_dir(&home).unwrap();
        let path = home.join(name);
        open(&path).store_token_data(&token("rs", "Ag1")).await.unwrap();
        (fault.prepare)(&path);
        let storage = open(&path);
        let before = everything(&home);
        let read = storage.get_token_data("rs").await.map(drop);
        check(&fault, &path, read, fault.read.as_deref());
        let read = storage.get_token_data_by_resource_server().await.map(drop);
        check(&fault, &path, read, fault.read.as_deref());
        let written = storage.store_token_data(&token("rs", "Ag2")).await;
        check(&fault, &path, written, fault.write.as_deref());
        let swapped = storage.compare_and_swap("rs", None, Some(&token("rs", "Ag2"))).await;
        assert_ne!(swapped.map_err(|err| err.kind()), Ok(true), "{name}: {}", fault.name);
        assert_eq!(everything(&home), before, "{name}: {}", fault.name);
        chmod(&home, 0o700);
    }
}

fn check(fault: &Fault, path: &Path, result: Result<(), StorageError>, expected: Option<&str>) {
    let (name, path) = (fault.name, path.display().to_string());
    let Some(expected) = expected else { return result.unwrap() };
    let err = result.expect_err(name);
    let text = err.to_string();
    assert_eq!(text.replace(&path, "FILE"), expected, "{name}");
    let kind = match text.split(' ').nth(1).unwrap() {
        "read" => StorageErrorKind::Unreadable,
        "understand" => StorageErrorKind::Corrupt,
        "use" => StorageErrorKind::UnsupportedVersion,
        _ => StorageErrorKind::Unwritable,
    };
    assert_eq!(err.kind(), kind, "{name}: {text}");
    assert_eq!(err.path(), Some(Path::new(&path)), "{name}");
    let (mut said, mut cause) = (text.to_lowercase(), err.source());
    while let Some(below) = cause {
        let words = below.to_string().to_lowercase();
        let news = words.split(" (").next().unwrap();
        assert!(!said.contains(news) && !words.contains('\n'), "{name}: {said}: {words}");
        said = format!("{said}: {words}");
        cause = below.source();
    }
}

/// What is in a directory, byte for byte, as far as it can be read.
fn everything(dir: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|end| end != "lock"))
        .map(|path| {
            let is_file = fs::symlink_metadata(&path).unwrap().is_file();
            let content = if is_file { fs::read(&path).ok() } else { None };
            (path, content)
        })
        .collect();
    found.sort();
    found
}

/// This test binary as a command of a user who may do little: of `nobody` when this is `root`.
pub(crate) fn without_rights(dir: &Path) -> Command {
    let own = std::env::current_exe().unwrap();
    if dir.metadata().unwrap().uid() != 0 {
        return Command::new(own);
    }
    chmod(dir, 0o755);
    // Where the binary was built, nobody else may be able to go.
    let copy = dir.join("child");
    fs::copy(own, &copy).unwrap();
    chmod(&copy, 0o755);
    let mut command = Command::new(copy);
    command.uid(NOBODY).gid(NOBODY);
    command
}

/// Runs a child in `role` that is not `root`, and gives it a directory of its own.
fn run_without_rights(role: &str) {
    let (programs, dir) = (tempfile::tempdir().unwrap(), quick_dir());
    let home = dir.path().join("home");
    fs::create_dir(&home).unwrap();
    let command = without_rights(programs.path());
    if dir.path().metadata().unwrap().uid() == 0 {
        chmod(dir.path(), 0o755);
        chown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    Child::start_by(command, role, &home).finish();
}

/// The child's part where writing a file past 8 or 16 KiB fails, as it does on a disk without space.
pub(crate) async fn fill_up(path: &Path) {
    let storage = open(path);
    let before = fs::read(path).unwrap();
    let too_long = token("more", &"x".repeat(100_000));
    let err = storage.store_token_data(&too_long).await.unwrap_err();
    let text = err.to_string().replace(&path.display().to_string(), "FILE");
    assert_eq!(err.kind(), StorageErrorKind::Unwritable);
    let texts = [
        "cannot write the token file FILE: this process may not write a file of that size; raise its limit (`ulimit -f`)",
        "cannot write the token file FILE: the disk failed, or a limit of this process was met (`ulimit -f`); see to both",
    ];
    assert!(texts.contains(&&*text), "{text}");
    assert_eq!(storage.get_token_data("rs").await.unwrap(), Some(token("rs", "Ag1")));
    assert_eq!(fs::read(path).unwrap(), before);
    let left = names(path.parent().unwrap());
    assert!(
        left.iter().all(|name| name == "tokens.db" || ["tokens.json", "tokens.json.lock"].contains(&&**name)),
        "{left:?}"
    );
    // What still fits goes in.
    storage.store_token_data(&token("rs", "Ag2")).await.unwrap();
}

#[test]
fn every_file_that_cannot_be_used_is_an_error_that_names_it_and_the_remedy_and_stays_as_it_is() {
    run_without_rights("faults");
}

#[tokio::test]
async fn a_write_for_which_there_is_no_space_leaves_the_old_content_and_nothing_else() {
    for name in FILES {
        let dir = quick_dir();
        let path = dir.path().join(name);
        open(&path).store_token_data(&token("rs", "Ag1")).await.unwrap();
        // In blocks of 512 or 1024 bytes, by shell; SQLite's file begins with 20 KiB.
        let blocks = if *name == "tokens.json" { 16 } else { 64 };
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).arg(std::env::current_exe().unwrap());
        Child::start_by(command, "fill up", &path).finish();
        assert_eq!(open(&path).get_token_data("rs").await.unwrap(), Some(token("rs", "Ag2")));
    }
}
