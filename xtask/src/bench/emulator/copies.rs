//! What the emulator takes to copy, beside `cp -r` of the same tree.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::client::Client;
use super::process::Emulator;
use crate::bench::statistics::Summary;
use crate::failure::{Failure, Outcome};

const MOST: f64 = 1.3;
/// How often a task is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A tree in the first collection.
struct Tree {
    name: &'static str,
    title: String,
}

/// Prints a line each for 10,000 files of 1 kB, in many directories and in one, and one for a file of 2 GiB.
pub(super) fn run(program: &Path, quick: bool) -> Outcome {
    let emulator = Emulator::start(program, None)?;
    let client = Client::new(&emulator)?;
    let (dirs, megabytes, rounds) = if quick { (10, 64, 4) } else { (100, 2048, 6) };
    let a = Path::new(emulator.variable("GLOBUS_EMULATOR_COLLECTION_A_DIR")?);
    let trees = [
        Tree { name: "many", title: format!("copy {} files of 1 kB", dirs * 100) },
        Tree { name: "flat", title: "the same in one directory".to_owned() },
        Tree { name: "large", title: format!("copy a file of {megabytes} MiB") },
    ];
    fill(a, dirs, megabytes).map_err(Failure::while_doing("making what is to be copied"))?;
    for tree in &trees {
        // The first round brings everything into memory.
        let _ = (copied(&emulator, &client, tree)?, plain(&emulator, tree)?);
        let pair = |round: usize| -> Outcome<(f64, f64)> {
            // Each is the first one as often as the other: what one leaves to the system to do, the next one pays for.
            if round.is_multiple_of(2) {
                Ok((copied(&emulator, &client, tree)?, plain(&emulator, tree)?))
            } else {
                let plain = plain(&emulator, tree)?;
                Ok((copied(&emulator, &client, tree)?, plain))
            }
        };
        let pairs: Vec<_> = (0..rounds).map(pair).collect::<Outcome<_>>()?;
        let seconds = |side: fn(&(f64, f64)) -> f64| Summary::of(pairs.iter().map(side)).median;
        println!(
            "{:<40} {:.2} s, cp -r {:.2} s, ratio {}   (at most {MOST})",
            tree.title,
            seconds(|pair| pair.0),
            seconds(|pair| pair.1),
            Summary::of(pairs.iter().map(|(ours, plain)| ours / plain))
        );
    }
    Ok(())
}

fn fill(root: &Path, dirs: u64, megabytes: usize) -> std::io::Result<()> {
    for dir in 0..dirs {
        let dir = root.join(format!("many/{dir:03}"));
        fs::create_dir_all(&dir)?;
        for file in 0..100 {
            fs::write(dir.join(format!("{file:03}")), [b'x'; 1000])?;
        }
    }
    fs::create_dir(root.join("flat"))?;
    (0..dirs * 100).try_for_each(|file| fs::write(root.join(format!("flat/{file:05}")), [b'x'; 1000]))?;
    fs::create_dir(root.join("large"))?;
    let mut large = fs::File::create(root.join("large/file"))?;
    let piece: Vec<u8> = (0..262_144_u32).flat_map(u32::to_le_bytes).collect();
    (0..megabytes).try_for_each(|_| std::io::Write::write_all(&mut large, &piece))
}

/// Seconds from the submission until the task says that it has succeeded.
fn copied(emulator: &Emulator, client: &Client, tree: &Tree) -> Outcome<f64> {
    settle()?;
    let start = Instant::now();
    let task = client.transfer(emulator, &format!("/{}", tree.name), "/copy")?;
    loop {
        match client.status(emulator, &task)?.as_str() {
            "SUCCEEDED" => break,
            "ACTIVE" => std::thread::sleep(LOOK),
            other => return Err(Failure::new(format!("the copy of {} has {other}", tree.name))),
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    clear(&Path::new(emulator.variable("GLOBUS_EMULATOR_COLLECTION_B_DIR")?).join("copy"))?;
    Ok(seconds)
}

fn plain(emulator: &Emulator, tree: &Tree) -> Outcome<f64> {
    let from = Path::new(emulator.variable("GLOBUS_EMULATOR_COLLECTION_A_DIR")?).join(tree.name);
    let to = Path::new(emulator.variable("GLOBUS_EMULATOR_COLLECTION_B_DIR")?).join("plain");
    settle()?;
    let start = Instant::now();
    let status = Command::new("cp").arg("-r").args([&from, &to]).status();
    let seconds = start.elapsed().as_secs_f64();
    if !status.map_err(Failure::while_doing("starting cp"))?.success() {
        return Err(Failure::new("cp -r failed"));
    }
    clear(&to)?;
    Ok(seconds)
}

/// Waits until what was written before is on the disk.
fn settle() -> Outcome {
    let status = Command::new("sync").status().map_err(Failure::while_doing("starting sync"))?;
    if status.success() { Ok(()) } else { Err(Failure::new("sync failed")) }
}

fn clear(dir: &Path) -> Outcome {
    fs::remove_dir_all(dir).map_err(Failure::while_doing(format!("removing {}", dir.display())))
}
