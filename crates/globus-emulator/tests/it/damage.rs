//! A data directory that cannot be used: what is said, and that nothing in it is touched.

use std::fs;
use std::path::{Path, PathBuf};

use globus_emulator::{Emulator, Error, ErrorKind};
use redb::TableDefinition;

use crate::support::{GROUPS, World};

async fn refused(data: &Path) -> Error {
    Emulator::builder().data(data).start().await.unwrap_err()
}

/// A directory with an emulator's state in it, and the file that it is in.
async fn used() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(Emulator::builder().data(dir.path())).await;
    world.user(GROUPS).await;
    world.emulator.stop().await;
    let file = dir.path().join("state.redb");
    (dir, file)
}

#[tokio::test]
async fn a_directory_in_use_is_refused_with_the_name_of_its_user() {
    let dir = tempfile::tempdir().unwrap();
    let first = Emulator::builder().data(dir.path()).start().await.unwrap();
    let error = refused(dir.path()).await;
    assert_eq!(error.kind(), ErrorKind::DataInUse);
    let text = error.to_string();
    let origin = first.url().trim_end_matches('/');
    let process = format!("process {}", std::process::id());
    let shown = dir.path().canonicalize().unwrap().display().to_string();
    for part in [origin, process.as_str(), shown.as_str(), "--data"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    first.stop().await;
    Emulator::builder().data(dir.path()).start().await.unwrap();
}

#[tokio::test]
async fn a_directory_that_holds_something_else_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let error = refused(dir.path()).await;
    assert_eq!(error.kind(), ErrorKind::DataForeign);
    assert!(error.to_string().contains("empty directory"), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named_with_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = refused(&file.join("below")).await;
    assert!(error.to_string().contains("--data") && error.to_string().contains("below"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn the_directory_and_what_holds_secrets_are_for_their_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let emulator = Emulator::builder().data(dir.path()).start().await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir.path()), 0o700);
    assert_eq!(mode(&dir.path().join("state.redb")), 0o600);
    assert_eq!(emulator.data(), Some(dir.path().canonicalize().unwrap().as_path()));
}

#[tokio::test]
async fn a_file_that_is_cut_off_or_no_database_is_named_and_left_as_it_is() {
    let (dir, file) = used().await;
    let whole = fs::read(&file).unwrap();
    let long = whole.len();
    let cut = [0, 5, 64, 4096, long / 3, long / 2, long - 4096, long - 1];
    let mut broken: Vec<Vec<u8>> = cut.iter().map(|&length| whole[..length].to_vec()).collect();
    broken.push(b"this is not a database".to_vec());
    broken.push(vec![0; 10_000]);
    for content in broken {
        fs::write(&file, &content).unwrap();
        let error = refused(dir.path()).await;
        assert_eq!(error.kind(), ErrorKind::DataDamaged, "{} of {long} bytes: {error}", content.len());
        let text = error.to_string();
        assert!(text.contains("state.redb") && text.contains("restore it from a copy"), "{text}");
        assert!(fs::read(&file).unwrap() == content, "{} of {long} bytes were changed", content.len());
    }
    fs::write(&file, &whole).unwrap();
    Emulator::builder().data(dir.path()).start().await.unwrap();
}

#[tokio::test]
async fn the_state_of_a_newer_version_is_refused_and_left_as_it_is() {
    let (dir, file) = used().await;
    {
        let database = redb::Database::open(&file).unwrap();
        let change = database.begin_write().unwrap();
        let table: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("schema");
        change.open_table(table).unwrap().insert("version", b"2".as_slice()).unwrap();
        change.commit().unwrap();
    }
    let before = fs::read(&file).unwrap();
    let error = refused(dir.path()).await;
    assert_eq!(error.kind(), ErrorKind::DataTooNew);
    assert!(error.to_string().contains("schema 2, this one knows 1"), "{error}");
    assert!(fs::read(&file).unwrap() == before);
}

#[tokio::test]
async fn a_row_that_is_not_understood_is_named_without_its_text() {
    let (dir, file) = used().await;
    {
        let database = redb::Database::open(&file).unwrap();
        let change = database.begin_write().unwrap();
        let table: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("state.auth.access");
        change.open_table(table).unwrap().insert("a-token", b"\"a-secret\"".as_slice()).unwrap();
        change.commit().unwrap();
    }
    let error = refused(dir.path()).await;
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::DataDamaged);
    assert!(
        text.contains("state.auth.access") && !text.contains("a-token") && !text.contains("a-secret"),
        "{text}"
    );
}
