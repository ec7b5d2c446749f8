//! Tells the compiler which `cfg` cargo-fuzz sets.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
}
