use std::fs;
use std::os::unix::fs::FileExt as _;

use tempfile::TempDir;

use super::*;
use crate::transfer::engine::checksum::{Algorithm, hex};

/// A source of a bit more than nine chunks, no two parts of which are the same, and an empty file beside it.
struct Ground {
    dir: TempDir,
    bytes: Vec<u8>,
    input: File,
    output: File,
}

impl Ground {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let words = u32::try_from(9 * CHUNK / 4).unwrap() + 1001;
        let bytes: Vec<u8> = (0..words).flat_map(u32::to_le_bytes).collect();
        fs::write(dir.path().join("from"), &bytes).unwrap();
        let input = File::open(dir.path().join("from")).unwrap();
        let output =
            File::options().read(true).write(true).create_new(true).open(dir.path().join("to")).unwrap();
        Self { dir, bytes, input, output }
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn copy(&self, verify: bool) -> Copy<'_> {
        Copy { input: &self.input, output: &self.output, from: "/from", to: "/to", verify }
    }

    /// Copies by one thread, or by three.
    fn run(&self, threads: usize, verify: bool, watch: &mut Watcher) -> Result<u64, Stop> {
        let (copy, mut buffers) = (self.copy(verify), Buffers::default());
        match threads {
            1 => copy.in_order(self.size(), u64::MAX, None, &mut buffers, watch),
            _ => copy.together(self.size(), threads, &mut buffers, watch),
        }
    }

    /// The source, to be written.
    fn source(&self) -> File {
        File::options().write(true).open(self.dir.path().join("from")).unwrap()
    }

    fn arrived(&self) -> Vec<u8> {
        fs::read(self.dir.path().join("to")).unwrap()
    }
}

/// Has enough when so many bytes have moved.
struct Watcher {
    moved: u64,
    most: u64,
}

impl Watcher {
    fn patient() -> Self {
        Self { moved: 0, most: u64::MAX }
    }
}

impl Watch for Watcher {
    fn is_interrupted(&self) -> bool {
        self.moved >= self.most
    }

    fn moved(&mut self, bytes: u64) {
        self.moved += bytes;
    }
}

#[test]
fn bytes_arrive_however_many_threads_there_are() {
    for threads in [1, 2, 3] {
        for verify in [true, false] {
            let (ground, mut watch) = (Ground::new(), Watcher::patient());
            assert_eq!(ground.run(threads, verify, &mut watch).unwrap(), ground.size());
            assert_eq!(watch.moved, ground.size());
            assert!(ground.arrived() == ground.bytes);
        }
    }
}

#[test]
fn what_moves_in_order_is_counted_in() {
    let (ground, mut buffers) = (Ground::new(), Buffers::default());
    let (mut sum, mut whole) = (Algorithm::Sha256.start(), Algorithm::Sha256.start());
    // Pieces of another size than the buffers.
    let moved = ground.copy(true).in_order(
        ground.size(),
        99_999,
        Some(&mut sum),
        &mut buffers,
        &mut Watcher::patient(),
    );
    assert_eq!(moved.unwrap(), ground.size());
    assert!(ground.arrived() == ground.bytes);
    whole.update(&ground.bytes);
    assert_eq!(hex(&sum.finalize()), hex(&whole.finalize()));
}

#[test]
fn a_difference_made_between_writing_and_reading_back_is_found() {
    let (ground, mut buffers) = (Ground::new(), Buffers::default());
    let copy = ground.copy(true);
    let size = copy.piece(CHUNK, u64::MAX, None, &mut buffers).unwrap();
    assert_eq!(size, PIECE as u64);
    let start = usize::try_from(CHUNK).unwrap();
    let (ours, mut theirs) = (&ground.bytes[start..start + PIECE], vec![0; PIECE]);
    copy.read_back(ours, CHUNK, &mut theirs).unwrap();
    let found = |theirs: &mut [u8]| {
        let fault = copy.read_back(ours, CHUNK, theirs).unwrap_err();
        assert_eq!((fault.code, fault.operation, &*fault.path), ("VERIFY_CHECKSUM", "WRITE", "/to"));
    };
    for place in [0, PIECE / 2, PIECE - 1] {
        let at = CHUNK + place as u64;
        ground.output.write_all_at(&[ours[place] ^ 1], at).unwrap();
        found(&mut theirs);
        ground.output.write_all_at(&[ours[place]], at).unwrap();
    }
    copy.read_back(ours, CHUNK, &mut theirs).unwrap();
    ground.output.set_len(CHUNK + 5).unwrap();
    found(&mut theirs);
}

#[test]
fn a_fault_of_any_thread_ends_the_copy() {
    let ground = Ground::new();
    // It can be read, but not written.
    let closed = File::open(ground.dir.path().join("to")).unwrap();
    let copy = Copy { output: &closed, ..ground.copy(true) };
    for threads in [2, 3] {
        let (mut buffers, mut watch) = (Buffers::default(), Watcher::patient());
        match copy.together(ground.size(), threads, &mut buffers, &mut watch) {
            Err(Stop::Fault(fault)) => assert_eq!((fault.operation, &*fault.path), ("WRITE", "/to")),
            other => panic!("{other:?}"),
        }
        assert_eq!(watch.moved, 0);
    }
}

#[test]
fn a_copy_that_is_interrupted_goes_no_further() {
    for threads in [1, 2, 3] {
        let (ground, mut watch) = (Ground::new(), Watcher { moved: 0, most: CHUNK });
        assert!(matches!(ground.run(threads, true, &mut watch), Err(Stop::Interrupted)));
        // The others may have gone to the end before the first one looks; what has moved is told all the same.
        assert!((CHUNK..=ground.size()).contains(&watch.moved));
        let (ground, mut watch) = (Ground::new(), Watcher { moved: 0, most: 0 });
        assert!(matches!(ground.run(threads, true, &mut watch), Err(Stop::Interrupted)));
    }
}

#[test]
fn a_source_that_has_become_shorter_moves_as_far_as_it_goes() {
    for threads in [1, 2, 3] {
        for left in [0, CHUNK / 2, 3 * CHUNK + 7] {
            let (ground, mut watch) = (Ground::new(), Watcher::patient());
            ground.source().set_len(left).unwrap();
            let moved = ground.run(threads, true, &mut watch).unwrap();
            assert!(moved <= left && watch.moved == moved, "{threads} {left} {moved}");
            assert!(threads > 1 || moved == left);
        }
    }
}
