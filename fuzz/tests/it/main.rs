//! Every input that is kept, through the check that it is for: those that were written by hand, and those on which a fuzzer once
//! found a fault.

// Helpers count as tests then, and may panic.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

fn files(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no seeds");
    files
}

fn whole(target: &str, check: fn(&[u8])) {
    for file in files(target) {
        println!("{}", file.display());
        check(&fs::read(file).unwrap());
    }
}

/// Each input, and what is left of it when the end is missing.
fn cut(target: &str, check: fn(&[u8]), step: usize) {
    for file in files(target) {
        println!("{}", file.display());
        let input = fs::read(file).unwrap();
        for end in (0..input.len()).step_by(step) {
            check(&input[..end]);
        }
    }
}

macro_rules! seeds {
    ($($target:ident: $step:literal),* $(,)?) => {$(
        mod $target {
            #[test]
            fn every_seed_holds() {
                super::whole(stringify!($target), globus_fuzz::$target::check);
            }

            #[test]
            fn every_seed_holds_cut_off_anywhere() {
                super::cut(stringify!($target), globus_fuzz::$target::check, $step);
            }
        }
    )*};
}

// The more a check does, the fewer places are cut.
seeds! {
    callbacks: 1,
    emulator_authorize: 7,
    emulator_tasks: 31,
    emulator_token: 3,
    error_bodies: 7,
    json_files: 13,
    paging: 13,
    retry_after: 1,
    scopes: 1,
    sqlite_files: 257,
    token_responses: 1,
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |folder: &str| -> Vec<_> {
        let entries = fs::read_dir(here.join(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("fuzz_targets"), names("seeds"));
}
