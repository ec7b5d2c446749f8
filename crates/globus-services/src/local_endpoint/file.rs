//! Reading a small text file that may not be there.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::LocalEndpointError;

/// Far more than any of these files has, in bytes: what is longer is something else, and is not read into memory.
const LONGEST: u64 = 1 << 20;

/// The text of `file`; nothing when there is no such file, or no such directory.
pub(super) fn read(file: &Path) -> Result<Option<String>, LocalEndpointError> {
    let opened = match File::open(file) {
        Err(err) if matches!(err.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        opened => opened.map_err(|err| LocalEndpointError::unreadable(file, err))?,
    };
    let mut bytes = Vec::new();
    let read = opened.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|err| LocalEndpointError::unreadable(file, err))?;
    if bytes.len() as u64 > LONGEST {
        return Err(LocalEndpointError::malformed(file));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| LocalEndpointError::malformed(file))
}
