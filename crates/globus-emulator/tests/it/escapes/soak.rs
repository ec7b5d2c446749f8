//! Somebody swaps a directory for a link to the outside, as fast as can be, while the collection is used. A few rounds in an ordinary
//! run, `GLOBUS_SDK_SOAK` times as many when that is set.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde_json::json;

use super::ground::{Ground, item};

fn rounds(few: usize) -> usize {
    let times = std::env::var("GLOBUS_SDK_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let rounds = few * times;
    println!("{rounds} rounds");
    rounds
}

/// Exchanges two names until it is dropped; at the end they are as they were.
struct Swapper {
    stop: Arc<AtomicBool>,
    swaps: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Swapper {
    /// `fill` puts things back that were taken from `at`, which is not the link then.
    fn start(at: PathBuf, link: PathBuf, fill: impl Fn(&Path) + Send + 'static) -> Self {
        let (stop, swaps) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (ends, count) = (Arc::clone(&stop), Arc::clone(&swaps));
        let thread = std::thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                fill(&at);
                for _ in 0..64 {
                    renameat_with(CWD, &at, CWD, &link, RenameFlags::EXCHANGE).unwrap();
                    std::thread::yield_now();
                }
                count.fetch_add(64, Ordering::Relaxed);
            }
        });
        Self { stop, swaps, thread: Some(thread) }
    }

    /// How often it has swapped; it has stopped.
    fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.swaps.load(Ordering::Relaxed)
    }
}

/// The same names as outside, with other contents. A task may be taking them away at the same time.
fn fill(dir: &Path) {
    let _ = fs::create_dir_all(dir.join("victim/deep"));
    for name in ["secret", "victim/file", "victim/deep/file"] {
        let _ = fs::write(dir.join(name), "harmless");
    }
}

/// Uses what is in `at` in each way there is.
async fn use_it(ground: &Ground, at: &str, round: usize) {
    for operation in ["ls", "stat"] {
        ground.look(operation, &format!("{at}/")).await;
        ground.look(operation, &format!("{at}/secret")).await;
        ground.look(operation, &format!("{at}/victim/")).await;
    }
    ground.mkdir(&format!("{at}/made-{round}")).await;
    ground.mkdir(&format!("{at}/victim/made-{round}")).await;
    ground.rename(&format!("{at}/secret"), &format!("{at}/renamed")).await;
    ground.rename(&format!("{at}/renamed"), &format!("{at}/secret")).await;
    ground.rename("/plain/file", &format!("{at}/file")).await;
    ground.rename(&format!("{at}/victim"), "/taken").await;
    ground.rename("/taken", &format!("{at}/victim")).await;
    fs::create_dir_all(ground.root.join("plain")).unwrap();
    fs::write(ground.root.join("plain/file"), "plain").unwrap();
    let got = format!("/got-{round}");
    ground
        .transfer(
            false,
            json!([item(&format!("{at}/"), &got), item(&format!("{at}/secret"), &format!("{got}-f"))]),
            json!({}),
        )
        .await;
    let link = json!({ "DATA_TYPE": "transfer_symlink_item", "source_path": "/here", "destination_path": format!("{at}/l-{round}") });
    let items = json!([
        item("/plain/file", &format!("{at}/secret")),
        item("/plain/file", &format!("{at}/new/deep/{round}")),
        item("/plain", &format!("{at}/victim")),
        link,
    ]);
    let more = json!({ "delete_destination_extra": round.is_multiple_of(2), "preserve_timestamp": true });
    ground.transfer(true, items, more).await;
    ground.delete(&format!("{at}/victim")).await;
    ground.delete(&format!("{at}/secret")).await;
}

fn prepare(ground: &Ground) {
    symlink(".", ground.root.join("here")).unwrap();
    fs::create_dir_all(ground.root.join("plain")).unwrap();
    fs::write(ground.root.join("plain/file"), "plain").unwrap();
}

#[tokio::test]
async fn soak_a_directory_that_turns_into_a_link_leads_nobody_out() {
    let ground = Ground::mapped().await;
    prepare(&ground);
    let (at, link) = (ground.root.join("swap"), ground.root.join(".link"));
    fs::create_dir(&at).unwrap();
    symlink(&ground.outside, &link).unwrap();
    let swapper = Swapper::start(at, link, fill);
    for round in 0..rounds(8) {
        use_it(&ground, "/swap", round).await;
    }
    let swaps = swapper.end();
    assert!(swaps > 0);
    ground.check("a swapped directory");
}

#[tokio::test]
async fn soak_a_directory_above_that_turns_into_a_link_leads_nobody_out() {
    let ground = Ground::mapped().await;
    prepare(&ground);
    // Outside there is a directory of the same name as below the one that is swapped.
    let (at, link) = (ground.root.join("a"), ground.root.join(".link"));
    fs::create_dir_all(at.join("outside")).unwrap();
    symlink("..", &link).unwrap();
    let swapper = Swapper::start(at, link, |at| fill(&at.join("outside")));
    for round in 0..rounds(8) {
        use_it(&ground, "/a/outside", round).await;
    }
    assert!(swapper.end() > 0);
    ground.check("a swapped directory above");
}

#[tokio::test]
async fn soak_a_file_that_turns_into_a_link_leads_nobody_out() {
    let ground = Ground::mapped().await;
    prepare(&ground);
    let (at, link) = (ground.root.join("file"), ground.root.join(".link"));
    fs::write(&at, "harmless").unwrap();
    symlink(ground.outside.join("secret"), &link).unwrap();
    // What is written to the name may be in its place, or in that of the link.
    let swapper = Swapper::start(at, link, |_| ());
    for round in 0..rounds(8) {
        ground.look("stat", "/file").await;
        ground.transfer(false, json!([item("/file", &format!("/got-{round}"))]), json!({})).await;
        let more = json!({ "verify_checksum": round.is_multiple_of(2), "sync_level": round % 4 });
        ground.transfer(true, json!([item("/plain/file", "/file")]), more).await;
    }
    assert!(swapper.end() > 0);
    ground.check("a swapped file");
}

#[tokio::test]
async fn soak_a_root_that_turns_into_a_link_leads_nobody_out() {
    let ground = Ground::guest().await;
    prepare(&ground);
    let link = ground.root.with_file_name("link");
    symlink(&ground.outside, &link).unwrap();
    let swapper = Swapper::start(ground.root.clone(), link, fill);
    for round in 0..rounds(8) {
        for operation in ["ls", "stat"] {
            ground.look(operation, "/").await;
            ground.look(operation, "/secret").await;
        }
        ground.mkdir(&format!("/made-{round}")).await;
        ground.rename("/secret", "/victim/secret").await;
        ground.transfer(false, json!([item("/", &format!("/got-{round}"))]), json!({})).await;
        let items = json!([item("/secret", "/victim/copied"), item("/victim", "/copied")]);
        ground.transfer(true, items, json!({ "delete_destination_extra": true })).await;
        ground.delete("/victim").await;
    }
    assert!(swapper.end() > 0);
    ground.check("a swapped root");
}
