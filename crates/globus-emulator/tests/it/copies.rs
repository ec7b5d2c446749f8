//! How a file arrives: whole or not at all, verified, and told of.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use globus_emulator::Emulator;
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, text};

/// `abc` in each way that is known.
const SUMS: [(&str, &str); 4] = [
    ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
    ("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "SHA512",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
];

fn item(from: &str, to: &str, more: Value) -> Value {
    let mut item = json!({ "DATA_TYPE": "transfer_item", "source_path": from, "destination_path": to });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

/// All names in a directory, those of hidden files too.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn successes(world: &World, token: &str, task: &Value) -> Vec<Value> {
    let path = format!("v0.10/task/{}/successful_transfers", text(&task["task_id"]));
    world.get(token, &path).await.1["DATA"].as_array().unwrap().clone()
}

#[tokio::test]
async fn checksums_are_computed_compared_and_told() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    fs::create_dir(a.join("s")).unwrap();
    fs::write(a.join("s/abc"), "abc").unwrap();
    for (algorithm, sum) in SUMS {
        let external = json!({ "checksum_algorithm": algorithm, "external_checksum": sum.to_uppercase() });
        let task = world.transfer(&token, &[], json!({ "DATA": [item("/s/abc", "/abc", external)] })).await;
        let told = successes(&world, &token, &task).await;
        assert_eq!((&told[0]["checksum"], &told[0]["checksum_algorithm"]), (&json!(sum), &json!(algorithm)));
        // The algorithm alone holds for each file of a directory, whether or not anything is verified.
        let each = item("/s", "/s", json!({ "checksum_algorithm": algorithm, "recursive": true }));
        let task = world.transfer(&token, &[], json!({ "DATA": [each], "verify_checksum": false })).await;
        assert_eq!(successes(&world, &token, &task).await[0]["checksum"], sum);
        assert_eq!(task["bytes_checksummed"], 0);
    }
    let large: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(a.join("large"), &large).unwrap();
    let task = world
        .transfer(
            &token,
            &[],
            json!({ "DATA": [item("/large", "/large", json!({ "checksum_algorithm": "SHA256" }))] }),
        )
        .await;
    let sum: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(&large).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(successes(&world, &token, &task).await[0]["checksum"], sum);
    assert_eq!(
        (&task["bytes_transferred"], &task["bytes_checksummed"]),
        (&json!(12_000_000), &json!(12_000_000))
    );
    assert!(fs::read(b.join("large")).unwrap() == large);
    // A file that is not what its owner says does not arrive.
    let (algorithm, sum) = (SUMS[0].0, SUMS[0].1.replace('9', "8"));
    let external = json!({ "checksum_algorithm": algorithm, "external_checksum": sum });
    let document = json!({ "DATA": [item("/s/abc", "/wrong", external)] });
    let (_, accepted) = world.submit(&token, &[], document).await;
    let task = world.until(&token, &text(&accepted["task_id"]), |task| task["faults"] != 0).await;
    assert_eq!(task["nice_status"], "EXTERNAL_CHECKSUM_MISMATCH");
    assert!(!names(b).iter().any(|name| name == "wrong" || name.ends_with(".part")), "{:?}", names(b));
    for bad in [json!({ "checksum_algorithm": "CRC32" }), json!({ "external_checksum": "12" })] {
        let document = json!({ "DATA": [item("/s/abc", "/abc", bad)] });
        assert_eq!(world.submit(&token, &[], document).await.0.as_u16(), 400);
    }
}

#[tokio::test]
async fn a_file_of_many_pieces_arrives_whole() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    // No two parts of it are the same, and the last one is shorter.
    let large: Vec<u8> = (0..2_000_001_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(a.join("large"), &large).unwrap();
    for verify in [true, false] {
        let task =
            world.transfer(&token, &[("/large", "/large")], json!({ "verify_checksum": verify })).await;
        let sum = if verify { large.len() } else { 0 };
        assert_eq!(
            (&task["bytes_transferred"], &task["bytes_checksummed"], &task["faults"]),
            (&json!(large.len()), &json!(sum), &json!(0))
        );
        assert!(fs::read(b.join("large")).unwrap() == large);
        fs::remove_file(b.join("large")).unwrap();
    }
    assert_eq!(names(b), ["home"]);
}

#[tokio::test]
async fn where_items_lead_to_one_place_the_last_one_stays() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    // One thread for a few files, several for many.
    for count in [5, 200] {
        for item in ["x", "y"] {
            fs::create_dir_all(a.join(item)).unwrap();
            for number in 0..count {
                fs::write(a.join(format!("{item}/{number:03}")), item).unwrap();
            }
        }
        fs::write(a.join("z"), "z").unwrap();
        let items = [("/x", "/d"), ("/y", "/d"), ("/z", "/d/001"), ("/x/002", "/d/002"), ("/y", "/e")];
        let task = world.transfer(&token, &items, json!({})).await;
        assert_eq!((&task["files_transferred"], &task["faults"]), (&json!(3 * count + 2), &json!(0)));
        for number in 0..count {
            let last = match number {
                1 => "z",
                2 => "x",
                _ => "y",
            };
            assert_eq!(fs::read_to_string(b.join(format!("d/{number:03}"))).unwrap(), last, "{number}");
            assert_eq!(fs::read_to_string(b.join(format!("e/{number:03}"))).unwrap(), "y");
        }
        // A file that comes before a directory in the document comes before what is in it.
        world.transfer(&token, &[("/z", "/d/000"), ("/y", "/d")], json!({})).await;
        assert_eq!(fs::read_to_string(b.join("d/000")).unwrap(), "y");
        assert_eq!(names(&b.join("d")).len(), count);
    }
    // They are told by item and path, whoever was first.
    let items = [("/y", "/f"), ("/z", "/a"), ("/x", "/g")];
    let task = world.transfer(&token, &items, json!({})).await;
    let told: Vec<String> =
        successes(&world, &token, &task).await.iter().map(|e| text(&e["source_path"])).collect();
    assert_eq!((told.len(), &*told[0], &*told[99]), (100, "/y/000", "/y/099"));
    let path = format!("v0.10/task/{}/successful_transfers?marker=200", text(&task["task_id"]));
    let (_, page) = world.get(&token, &path).await;
    assert_eq!(
        (&page["DATA"][0]["source_path"], &page["DATA"][1]["source_path"]),
        (&json!("/z"), &json!("/x/000"))
    );
}

#[tokio::test]
async fn many_small_files_take_the_place_of_what_is_there() {
    let world = World::with(Emulator::builder().retry_interval(Duration::from_millis(5))).await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    for dir in [a.join("many"), b.join("many"), b.join("beside")] {
        fs::create_dir(dir).unwrap();
    }
    // New ones, old ones, closed ones, links to files elsewhere, and directories.
    for number in 0..200 {
        fs::write(a.join(format!("many/{number:03}")), "new").unwrap();
        let there = b.join(format!("many/{number:03}"));
        match number % 4 {
            1 => fs::write(&there, "old, and longer").unwrap(),
            2 => std::os::unix::fs::symlink(format!("../beside/{number:03}"), &there).unwrap(),
            _ => continue,
        }
        if number % 4 == 1 {
            fs::set_permissions(&there, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
    let closed = b.join("many/101");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o400)).unwrap();
    fs::create_dir(b.join("many/103")).unwrap();
    let (_, accepted) = world.submit(&token, &[("/many", "/many")], json!({})).await;
    let id = text(&accepted["task_id"]);
    let task = world.until(&token, &id, |task| task["subtasks_retrying"] == 2).await;
    assert_eq!((&task["files_transferred"], &task["bytes_transferred"]), (&json!(198), &json!(3 * 198)));
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_dir(b.join("many/103")).unwrap();
    let task = world.until(&token, &id, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&task["status"], &task["bytes_transferred"]), (&json!("SUCCEEDED"), &json!(600)));
    for number in 0..200 {
        let there = b.join(format!("many/{number:03}"));
        assert_eq!(fs::read(&there).unwrap(), b"new");
        assert_eq!(there.is_symlink(), number % 4 == 2, "{number}");
        if number % 4 == 1 {
            assert_eq!(fs::metadata(&there).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    assert_eq!((names(&b.join("many")).len(), names(&b.join("beside")).len()), (200, 50));
}

#[tokio::test]
async fn faults_among_many_files_are_told_and_tried_again() {
    let world = World::with(Emulator::builder().retry_interval(Duration::from_millis(5))).await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    fs::create_dir(a.join("many")).unwrap();
    for number in 0..300 {
        let mode = if number % 100 == 50 { 0o000 } else { 0o644 };
        let path = a.join(format!("many/{number:03}"));
        fs::write(&path, number.to_string()).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let (_, accepted) = world.submit(&token, &[("/many", "/many")], json!({})).await;
    let id = text(&accepted["task_id"]);
    let task = world.until(&token, &id, |task| task["subtasks_retrying"] == 3).await;
    assert_eq!(
        (&task["files_transferred"], &task["nice_status"]),
        (&json!(297), &json!("PERMISSION_DENIED"))
    );
    for number in [50, 150, 250] {
        let path = a.join(format!("many/{number:03}"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let task = world.until(&token, &id, |task| task["status"] != "ACTIVE").await;
    assert_eq!((&task["status"], &task["files_transferred"]), (&json!("SUCCEEDED"), &json!(300)));
    assert_eq!((&task["subtasks_total"], &task["subtasks_succeeded"]), (&json!(302), &json!(302)));
    for number in 0..300 {
        assert_eq!(fs::read(b.join(format!("many/{number:03}"))).unwrap(), number.to_string().as_bytes());
    }
    assert_eq!(names(&b.join("many")).len(), 300);
}

/// Starts a slow copy of one file over `goal`, and waits until some of it has moved.
async fn slow(rate: u64) -> (World, String, String, PathBuf) {
    let world = World::with(Emulator::builder().transfer_rate(rate)).await;
    let token = world.user(TRANSFER).await;
    let goal = world.emulator.collection_b_dir().join("goal");
    fs::create_dir(&goal).unwrap();
    fs::write(goal.join("old"), "old").unwrap();
    let (_, accepted) =
        world.submit(&token, &[("/share/climate-run/1999/wind.nc", "/goal/old")], json!({})).await;
    let task = text(&accepted["task_id"]);
    world.until(&token, &task, |task| task["bytes_transferred"] != 0).await;
    (world, token, task, goal)
}

#[tokio::test]
async fn a_file_that_is_not_whole_never_has_its_name() {
    let (world, token, task, goal) = slow(200_000).await;
    assert_eq!(names(&goal), [format!(".globus-{task}.part"), "old".to_owned()]);
    assert_eq!(fs::read(goal.join("old")).unwrap(), b"old");
    let (_, body) = world.post(&token, &format!("v0.10/task/{task}/cancel"), &json!({})).await;
    assert_eq!(body["code"], "Canceled");
    assert_eq!(names(&goal), ["old"]);
    assert_eq!(fs::read(goal.join("old")).unwrap(), b"old");
}

#[tokio::test]
async fn a_deadline_that_passes_in_the_middle_of_a_file_ends_the_task() {
    let (world, _, task, goal) = slow(50_000).await;
    world.emulator.advance_clock(Duration::from_secs(25 * 3600));
    let token = world.user(TRANSFER).await;
    let document = world.until(&token, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!(
        (&document["status"], &document["fatal_error"]["code"]),
        (&json!("FAILED"), &json!("EXPIRED"))
    );
    assert_eq!((&document["files_transferred"], &document["subtasks_expired"]), (&json!(0), &json!(1)));
    assert_eq!(names(&goal), ["old"]);
}

#[tokio::test]
async fn what_a_killed_copy_left_behind_is_overwritten() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    let (_, accepted) = world.submit(&token, &[("/late", "/late")], json!({})).await;
    let task = text(&accepted["task_id"]);
    world.until(&token, &task, |task| task["faults"] != 0).await;
    fs::write(b.join(format!(".globus-{task}.part")), "half of something").unwrap();
    // Large enough to be made under this name.
    fs::write(a.join("late"), vec![7; 1_000_000]).unwrap();
    let document = world.until(&token, &task, |task| task["status"] != "ACTIVE").await;
    assert_eq!(document["status"], "SUCCEEDED");
    assert_eq!(names(b), ["home", "late"]);
    assert!(fs::read(b.join("late")).unwrap() == vec![7; 1_000_000]);
}

#[tokio::test]
async fn times_are_kept_on_demand_and_permissions_of_what_is_replaced() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    let file = fs::File::create(a.join("f")).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 250_000_000);
    file.set_modified(time).unwrap();
    fs::write(b.join("f"), "before").unwrap();
    fs::set_permissions(b.join("f"), fs::Permissions::from_mode(0o640)).unwrap();
    world.transfer(&token, &[("/f", "/f")], json!({ "preserve_timestamp": true })).await;
    let meta = fs::metadata(b.join("f")).unwrap();
    assert_eq!((meta.len(), meta.permissions().mode() & 0o777, meta.modified().unwrap()), (0, 0o640, time));
    world.transfer(&token, &[("/f", "/f")], json!({})).await;
    assert!(fs::metadata(b.join("f")).unwrap().modified().unwrap() > time);
}

#[tokio::test]
async fn lists_of_what_arrived_come_in_pages() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let many = world.emulator.collection_a_dir().join("many");
    fs::create_dir(&many).unwrap();
    for number in 0..250 {
        fs::write(many.join(format!("{number:03}")), "x").unwrap();
    }
    let task = world.transfer(&token, &[("/many", "/many")], json!({})).await;
    assert_eq!(
        (&task["files_transferred"], &task["subtasks_succeeded"]),
        (&json!(250), &task["subtasks_total"])
    );
    let path = format!("v0.10/task/{}/successful_transfers", text(&task["task_id"]));
    let (mut marker, mut seen) = (String::new(), Vec::new());
    loop {
        let (_, page) = world.get(&token, &format!("{path}{marker}")).await;
        seen.extend(page["DATA"].as_array().unwrap().iter().map(|entry| text(&entry["source_path"])));
        let next = &page["next_marker"];
        if next.is_null() {
            break;
        }
        marker = format!("?marker={}", next.as_str().map_or_else(|| next.to_string(), str::to_owned));
    }
    // Several threads copy many files, and they are told in order.
    assert_eq!(seen, (0..250).map(|number| format!("/many/{number:03}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn skipped_errors_are_told_and_keep_what_is_extra() {
    let world = World::new().await;
    let token = world.user(TRANSFER).await;
    let (a, b) = (world.emulator.collection_a_dir(), world.emulator.collection_b_dir());
    fs::create_dir_all(a.join("s/closed")).unwrap();
    fs::write(a.join("s/file"), "file").unwrap();
    fs::set_permissions(a.join("s/closed"), fs::Permissions::from_mode(0o000)).unwrap();
    for extra in ["d/extra", "d/closed/extra"] {
        let extra = b.join(extra);
        fs::create_dir_all(extra.parent().unwrap()).unwrap();
        fs::write(extra, "extra").unwrap();
    }
    let more = json!({ "skip_source_errors": true, "delete_destination_extra": true });
    let task = world.transfer(&token, &[("/s", "/d")], more).await;
    fs::set_permissions(a.join("s/closed"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!((&task["status"], &task["subtasks_skipped_errors"]), (&json!("SUCCEEDED"), &json!(1)));
    assert_eq!(names(&b.join("d")), ["closed", "file"]);
    assert_eq!(names(&b.join("d/closed")), ["extra"]);
    let (_, events) = world.get(&token, &format!("v0.10/task/{}/event_list", text(&task["task_id"]))).await;
    let codes: Vec<String> =
        events["DATA"].as_array().unwrap().iter().map(|event| text(&event["code"])).collect();
    for code in ["SKIPPED_ERRORS", "DELETE_DESTINATION_EXTRA_SKIPPED"] {
        assert!(codes.iter().any(|other| other == code), "{codes:?}");
    }
}
