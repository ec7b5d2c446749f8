//! What the demonstration shows.

use std::fmt::Display;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use globus_sdk::transfer::Task;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Prints numbered steps, in colour on a terminal.
pub(crate) struct Stage {
    step: AtomicU64,
    steps: u64,
    colour: bool,
}

impl Stage {
    pub(crate) fn new(steps: u64) -> Self {
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { step: AtomicU64::new(0), steps, colour }
    }

    /// A line by itself.
    pub(crate) fn say(&self, text: impl Display) {
        println!("\n{}", self.paint("1", text));
    }

    /// The heading of the next step.
    pub(crate) fn begin(&self, title: &str) {
        let step = self.step.fetch_add(1, Ordering::Relaxed) + 1;
        println!("\n{} {}", self.paint("36", format!("[{step}/{}]", self.steps)), self.paint("1", title));
    }

    /// What a step brought.
    pub(crate) fn show(&self, text: impl Display) {
        println!("      {text}");
    }

    fn paint(&self, code: &str, text: impl Display) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}

/// The progress of a transfer: a bar on a terminal, a line at every fifth elsewhere.
#[derive(Clone)]
pub(crate) struct TransferBar {
    bar: ProgressBar,
    total: u64,
    told: Arc<AtomicU64>,
}

impl TransferBar {
    /// A bar for `total` bytes.
    pub(crate) fn new(total: u64) -> anyhow::Result<Self> {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stdout());
        let template = "      {bar:40.cyan} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
        let bar = bar.with_style(ProgressStyle::with_template(template)?);
        Ok(Self { bar, total, told: Arc::default() })
    }

    pub(crate) fn update(&self, task: &Task) {
        let (bytes, files) = (task.bytes_transferred.unwrap_or(0), task.files_transferred.unwrap_or(0));
        self.bar.set_position(bytes);
        self.bar.set_message(format!("{files} files"));
        let fifth = bytes * 5 / self.total.max(1);
        if self.bar.is_hidden() && self.told.swap(fifth, Ordering::Relaxed) < fifth {
            let width = usize::try_from(fifth).unwrap_or(0) * 8;
            println!(
                "      [{:<40}] {} of {}, {files} files",
                "=".repeat(width),
                HumanBytes(bytes),
                HumanBytes(self.total)
            );
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish();
    }
}
