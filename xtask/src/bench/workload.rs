//! What a workload is.

/// A workload of the bench's programs, and how it is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Workload {
    pub(super) title: &'static str,
    /// What the programs call it.
    pub(super) name: &'static str,
    pub(super) options: &'static [&'static str],
    /// How often the work is done; and when only little is asked for.
    pub(super) n: usize,
    pub(super) quick_n: usize,
    /// How many groups and endpoints the server has, and how many milliseconds it takes to make a token.
    pub(super) size: usize,
    /// Client and server on one core.
    pub(super) pinned: bool,
    pub(super) unit: Unit,
    pub(super) files: Files,
}

/// Where a workload may make files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Files {
    None,
    /// On the disk that the build is on.
    Disk,
    /// In a file system in memory, where there is one.
    Memory,
}

/// What is compared. Less is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    /// The whole process, seen from outside.
    ProcessMs,
    /// The whole of the timed part.
    Ms,
    /// Each of the items.
    MicrosEach,
    /// CPU time of the client for each call.
    CpuMicrosEach,
    NanosEach,
    /// Each time that tokens are stored.
    MicrosAStore,
    /// Each time that tokens are read.
    MicrosAGet,
    /// Open at once, as the server saw.
    Connections,
    /// Tokens that the server was asked for.
    Exchanges,
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ProcessMs | Self::Ms => "ms",
            Self::MicrosEach | Self::MicrosAStore | Self::MicrosAGet => "µs",
            Self::CpuMicrosEach => "CPU µs",
            Self::NanosEach => "ns",
            Self::Connections | Self::Exchanges => "seen",
        }
    }
}
