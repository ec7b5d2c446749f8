//! Tests that are worth more the longer they run: `GLOBUS_SDK_SOAK=N` makes it N times as many rounds.

use crate::support::{FILES, quick_dir, rounds};
use crate::{damage, processes};

#[tokio::test]
async fn a_writer_killed_at_any_moment_leaves_the_old_content_or_the_new() {
    let rounds = rounds(10);
    for name in FILES {
        let dir = quick_dir();
        for round in 0..rounds {
            processes::a_killed_writer_leaves_the_old_or_the_new(&dir.path().join(name), round).await;
        }
    }
}

#[tokio::test]
async fn sixteen_processes_that_write_one_file_on_a_disk_lose_nothing() {
    let rounds = rounds(1);
    for name in FILES {
        // As many writes as fit into an ordinary run: here each of them may wait for the disk.
        let dir = tempfile::tempdir().unwrap();
        processes::nothing_is_lost(&dir.path().join(name), (5 * rounds).min(100)).await;
    }
}

#[test]
fn a_file_cut_off_at_any_byte_is_an_error_and_stays() {
    damage::cut_off_at_any_byte();
}
