//! Whole programs, one a file; run one with `cargo run --example NAME`.
