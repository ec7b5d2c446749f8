//! What is measured.

use super::workload::{Files, Unit, Workload};

const SEQ_TASK: Workload = Workload {
    title: "seq_task, a call",
    name: "seq_task",
    options: &[],
    n: 20_000,
    quick_n: 1000,
    size: 10,
    pinned: true,
    unit: Unit::MicrosEach,
    files: Files::None,
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
    files: Files::None,
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
    files: Files::None,
};

const CONC_TASK: Workload = Workload {
    title: "conc_task, 64 at a time",
    name: "conc_task",
    options: &["--conc", "64"],
    pinned: false,
    ..SEQ_TASK
};

const STAMPEDE: Workload = Workload {
    title: "stampede, a token in 0 ms",
    name: "stampede",
    n: 64,
    quick_n: 64,
    size: 0,
    unit: Unit::Exchanges,
    ..GROUPS
};

/// Synced, as it is unless switched off.
const STORAGE_JSON: Workload = Workload {
    title: "storage_json, a store",
    name: "storage_json",
    options: &["--variant", "sync"],
    n: 200,
    quick_n: 50,
    unit: Unit::MicrosAStore,
    files: Files::Disk,
    ..GROUPS
};

const STORAGE_JSON_MEMORY: Workload = Workload {
    title: "storage_json, in memory",
    options: &[],
    n: 1000,
    quick_n: 100,
    files: Files::Memory,
    ..STORAGE_JSON
};

const STORAGE_SQLITE: Workload = Workload {
    title: "storage_sqlite, a store",
    name: "storage_sqlite",
    options: &[],
    n: 300,
    ..STORAGE_JSON
};

const SUBMIT: Workload = Workload {
    title: "submit, 1 000 000 items",
    name: "submit",
    options: &[],
    n: 1_000_000,
    quick_n: 20_000,
    ..GROUPS
};

const RLS: Workload =
    Workload { title: "rls, 32 at a time", name: "rls", options: &["--conc", "32"], ..GROUPS };

pub(super) const WORKLOADS: [Workload; 25] = [
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
    SUBMIT,
    Workload { title: "submit, streamed", options: &["--variant", "stream"], ..SUBMIT },
    RLS,
    Workload { title: "rls, one after another", options: &["--conc", "1"], pinned: true, ..RLS },
    GROUPS,
    Workload { title: "groups, 100 000", size: 100_000, ..GROUPS },
    HEADER,
    Workload { title: "header_hot, static", options: &["--conc", "1", "--variant", "static"], ..HEADER },
    CONC_TASK,
    Workload { title: "conc_task, CPU", unit: Unit::CpuMicrosEach, ..CONC_TASK },
    Workload {
        title: "connections, 10 000 at once",
        name: "connections",
        options: &[],
        n: 10_000,
        quick_n: 10_000,
        unit: Unit::Connections,
        ..CONC_TASK
    },
    STAMPEDE,
    Workload { title: "stampede, a token in 5 ms", size: 5, ..STAMPEDE },
    Workload { title: "stampede, a token in 50 ms", size: 50, ..STAMPEDE },
    STORAGE_JSON,
    STORAGE_JSON_MEMORY,
    Workload { title: "storage_json, a look", unit: Unit::MicrosAGet, ..STORAGE_JSON_MEMORY },
    STORAGE_SQLITE,
    Workload { title: "storage_sqlite, in memory", files: Files::Memory, ..STORAGE_SQLITE },
];
