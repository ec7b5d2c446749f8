//! Reading and writing at a place in a file, whoever else is using it.

use std::fs::File;
use std::io::{self, ErrorKind};

#[cfg(unix)]
use std::os::unix::fs::FileExt as _;
#[cfg(windows)]
use std::os::windows::fs::FileExt as _;

/// Reads what there is, as far as it is to be had at once; nothing at the end of the file.
fn read(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        #[cfg(unix)]
        let read = file.read_at(into, at);
        #[cfg(windows)]
        let read = file.seek_read(into, at);
        match read {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Fills `into` as far as the file goes.
pub(super) fn read_most(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match read(file, &mut into[filled..], at + filled as u64)? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}

/// Fills `into`.
pub(super) fn read_all(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    if read_most(file, into, at)? < into.len() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Writes all of `from`.
pub(super) fn write_all(file: &File, mut from: &[u8], mut at: u64) -> io::Result<()> {
    while !from.is_empty() {
        #[cfg(unix)]
        let wrote = file.write_at(from, at);
        #[cfg(windows)]
        let wrote = file.seek_write(from, at);
        match wrote {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(more) => {
                from = &from[more..];
                at += more as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
