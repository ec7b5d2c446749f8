//! Moving the bytes of one file for a job.

use std::time::{Duration, Instant};

use super::checksum::Sum;
use super::crew;
use super::job::{Job, Stop};
use super::moving::{Copy, PIECE, Watch};

/// With a rate, the bar shall move ten times a second.
const STEPS_PER_SECOND: u64 = 10;
const NAP: Duration = Duration::from_millis(20);
/// To begin another thread costs as much as to copy less than this.
const LARGE: u64 = 4 * 1024 * 1024;

impl Job {
    /// Whether a file of this size is moved in one piece.
    pub(super) fn is_small(&self, size: u64) -> bool {
        size <= PIECE as u64 && self.app.settings.transfer_rate.is_none()
    }

    /// Moves so many bytes, or fewer if the file has become shorter; how many that were. Those of small files are not counted yet:
    /// they may have moved in vain.
    ///
    /// What is verified is read back from the destination and compared with the source: that says more than a checksum, and
    /// costs less.
    pub(super) fn bytes(&mut self, copy: Copy<'_>, size: u64, sum: Option<&mut Sum>) -> Result<u64, Stop> {
        if self.is_small(size) {
            return Ok(copy.piece(0, size, sum, &mut self.buffers)?);
        }
        let rate = self.app.settings.transfer_rate;
        let mut buffers = std::mem::take(&mut self.buffers);
        let moved = if rate.is_none() && size >= LARGE && sum.is_none() && crew::size() > 1 {
            copy.together(size, crew::size(), &mut buffers, self)
        } else {
            let most = rate.map_or(PIECE as u64, |rate| (rate / STEPS_PER_SECOND).max(1));
            copy.in_order(size, most, sum, &mut buffers, self)
        };
        self.buffers = buffers;
        moved
    }

    /// Waits until the bytes have had their time.
    fn wait_for(&mut self, bytes: u64, rate: u64) {
        let due = self.app.pace.take(bytes, rate);
        while !Self::is_interrupted(self)
            && let Some(left) = due.checked_duration_since(Instant::now())
        {
            std::thread::sleep(left.min(NAP));
            self.tell_if_due();
        }
    }
}

impl Watch for Job {
    fn is_interrupted(&self) -> bool {
        Self::is_interrupted(self)
    }

    fn moved(&mut self, bytes: u64) {
        self.tally.counters.bytes_transferred += bytes;
        self.tell_if_due();
        if let Some(rate) = self.app.settings.transfer_rate {
            self.wait_for(bytes, rate);
        }
    }
}
