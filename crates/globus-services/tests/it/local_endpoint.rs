use std::fs;
use std::path::{Path, PathBuf};

use globus_services::local_endpoint::{
    GlobusConnectPersonalOwnerInfo, LocalEndpointErrorKind, LocalGlobusConnectPersonal,
    LocalGlobusConnectServer,
};
use tempfile::TempDir;

const OWNER: &str = "\"/C=US/O=Globus Consortium/OU=Globus Connect User/CN=";

/// A directory as Globus Connect Personal has it, and where in it the files are.
fn personal() -> (TempDir, LocalGlobusConnectPersonal, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let files = if cfg!(windows) { dir.path().to_owned() } else { dir.path().join("lta") };
    fs::create_dir_all(&files).unwrap();
    let personal = LocalGlobusConnectPersonal::with_config_dir(dir.path());
    (dir, personal, files)
}

fn write(file: &Path, content: impl AsRef<[u8]>) {
    fs::write(file, content).unwrap();
}

#[test]
fn a_personal_endpoint_that_is_not_set_up_is_no_error() {
    let (dir, personal, _) = personal();
    let gone = LocalGlobusConnectPersonal::with_config_dir(dir.path().join("gone"));
    for personal in [personal, gone] {
        assert_eq!(personal.endpoint_id().unwrap(), None);
        assert_eq!(personal.get_owner_info().unwrap(), None);
    }
}

#[test]
fn the_id_of_a_personal_endpoint_is_read_each_time() {
    let (dir, personal, files) = personal();
    for id in ["5d1c0e2a-0000-4000-8000-000000000001", "5d1c0e2a-0000-4000-8000-000000000002"] {
        write(&files.join("client-id.txt"), format!(" {id}\r\n"));
        assert_eq!(personal.endpoint_id().unwrap().unwrap(), id);
    }
    assert_eq!(personal.config_dir().unwrap(), dir.path());
    write(&files.join("client-id.txt"), "\n");
    assert_eq!(personal.endpoint_id().unwrap(), None);
}

#[test]
fn the_owner_of_a_personal_endpoint_is_an_identity_or_a_username() {
    let (_dir, personal, files) = personal();
    write(&files.join("gridmap"), format!("{OWNER}u_vy2bvggsoqi6loei3oxdvc5fiu\" ada\n"));
    let owner = personal.get_owner_info().unwrap().unwrap();
    assert_eq!(owner.id().unwrap(), &"ae341a98-d274-11e5-b888-dbae3a8ba545");
    assert_eq!(owner.username(), None);
    write(&files.join("gridmap"), format!("{OWNER}ada\" ada\r\n"));
    let owner = personal.get_owner_info().unwrap().unwrap();
    assert_eq!(owner, GlobusConnectPersonalOwnerInfo::Username("ada@globusid.org".to_owned()));
    assert_eq!(owner.id(), None);
}

#[test]
fn files_of_a_personal_endpoint_that_hold_something_else_are_told_by_name() {
    let (_dir, personal, files) = personal();
    let long = "x".repeat(2 << 20);
    for odd in [b"two ids".as_slice(), b"\xff\xfe", b"a\0b", long.as_bytes()] {
        write(&files.join("client-id.txt"), odd);
        let error = personal.endpoint_id().unwrap_err();
        assert_eq!(error.kind(), LocalEndpointErrorKind::Malformed);
        assert_eq!(error.path(), Some(&*files.join("client-id.txt")));
        assert!(error.to_string().contains("client-id.txt"), "{error}");
    }
    write(&files.join("gridmap"), format!("{OWNER}ada\"\n"));
    assert_eq!(personal.get_owner_info().unwrap_err().kind(), LocalEndpointErrorKind::Malformed);
}

#[test]
fn files_that_cannot_be_read_are_told_with_the_cause() {
    let (_dir, personal, files) = personal();
    for name in ["client-id.txt", "gridmap"] {
        fs::create_dir(files.join(name)).unwrap();
    }
    let errors = [personal.endpoint_id().map(drop), personal.get_owner_info().map(drop)];
    for error in errors.map(Result::unwrap_err) {
        assert_eq!(error.kind(), LocalEndpointErrorKind::Unreadable);
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[test]
fn a_server_endpoint_is_read_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("info.json");
    let server = LocalGlobusConnectServer::with_info_path(&file);
    assert_eq!(server.info().unwrap(), None);
    assert_eq!(server.endpoint_id().unwrap(), None);

    write(&file, r#"{"endpoint_id": "e", "domain_name": "abc.data.globus.org", "client_id": "e"}"#);
    assert_eq!(server.endpoint_id().unwrap().unwrap(), "e");
    assert_eq!(server.domain_name().unwrap().unwrap(), "abc.data.globus.org");
    assert_eq!(server.info().unwrap().unwrap().extra.get("client_id"), Some(&"e".into()));

    write(&file, "{}");
    assert_eq!(server.domain_name().unwrap(), None);
}

#[test]
fn a_file_of_a_server_endpoint_that_holds_something_else_is_told_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("info.json");
    let server = LocalGlobusConnectServer::with_info_path(&file);
    for odd in ["", "{", "[]", "7", r#"{"endpoint_id": 7}"#] {
        write(&file, odd);
        let error = server.endpoint_id().unwrap_err();
        assert_eq!(error.kind(), LocalEndpointErrorKind::Malformed, "{odd}");
        assert_eq!(error.path(), Some(&*file));
    }
}
