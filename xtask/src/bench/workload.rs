//! What is measured.

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
    /// How many groups and endpoints the server has.
    pub(super) size: usize,
    /// Client and server on one core.
    pub(super) pinned: bool,
    pub(super) unit: Unit,
}

/// What is compared. Always a time: less is better.
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
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ProcessMs | Self::Ms => "ms",
            Self::MicrosEach => "µs",
            Self::CpuMicrosEach => "CPU µs",
            Self::NanosEach => "ns",
        }
    }
}

const SEQ_TASK: Workload = Workload {
    title: "seq_task, a call",
    name: "seq_task",
    options: &[],
    n: 20_000,
    quick_n: 1000,
    size: 10,
    pinned: true,
    unit: Unit::MicrosEach,
};

const GROUPS: Workload = Workload {
    title: "groups, 1000",
    name: "groups",
    options: &[],
    n: 1,
    quick_n: 1,
    size: 1000,
    pinned: false,
    unit: Unit::Ms,
};

const HEADER: Workload = Workload {
    title: "header_hot, renewing",
    name: "header_hot",
    options: &["--conc", "1"],
    n: 3_000_000,
    quick_n: 300_000,
    size: 10,
    pinned: false,
    unit: Unit::NanosEach,
};

pub(super) const WORKLOADS: [Workload; 10] = [
    Workload { title: "cold, 10 groups to CSV", name: "cold", size: 10, unit: Unit::ProcessMs, ..GROUPS },
    Workload {
        title: "client_build, one more",
        name: "client_build",
        n: 200,
        quick_n: 20,
        unit: Unit::MicrosEach,
        ..GROUPS
    },
    SEQ_TASK,
    Workload { title: "seq_task, CPU", unit: Unit::CpuMicrosEach, ..SEQ_TASK },
    Workload { title: "seq_task, one-thread runtime", options: &["--rt", "current"], ..SEQ_TASK },
    Workload {
        title: "search, an item",
        name: "search",
        options: &["--variant", "flatten"],
        n: 100_000,
        quick_n: 5000,
        size: 1000,
        ..SEQ_TASK
    },
    GROUPS,
    Workload { title: "groups, 100 000", size: 100_000, ..GROUPS },
    HEADER,
    Workload { title: "header_hot, static", options: &["--conc", "1", "--variant", "static"], ..HEADER },
];
