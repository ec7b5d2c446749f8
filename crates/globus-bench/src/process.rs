//! What the kernel knows of this process.

use std::fs;
use std::time::Duration;

/// The CPU time that the threads of this process have used so far, to the nanosecond. Threads that have ended do not count.
/// Zero where there is no `/proc`.
pub fn cpu_time() -> Duration {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse().ok())
        .map(Duration::from_nanos)
        .sum()
}

/// The most memory that this process has had resident at once, in kB. Zero where there is no `/proc`.
pub fn peak_rss_kb() -> u64 {
    fs::read_to_string("/proc/self/status").map_or(0, |status| read_peak(&status).unwrap_or(0))
}

fn read_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_status_file() {
        assert_eq!(read_peak("Name:\tx\nVmHWM:\t    5120 kB\nVmRSS:\t 4096 kB\n"), Some(5120));
        assert_eq!(read_peak("Name:\tx\n"), None);
    }
}
