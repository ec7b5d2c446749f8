//! The files that are there from the start.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::LazyLock;

/// Three small files, in both places where the tutorials look for them.
pub(crate) fn tutorial(root: &Path) -> io::Result<()> {
    for dir in ["home/share/godata", "share/godata"] {
        let dir = root.join(dir);
        fs::create_dir_all(&dir)?;
        for (name, text) in [("file1.txt", "one\n"), ("file2.txt", "two\n"), ("file3.txt", "three\n")] {
            fs::write(dir.join(name), text)?;
        }
    }
    Ok(())
}

/// Removes everything in a directory. Links are removed, and not followed.
pub(crate) fn empty(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

const VARIABLES: [&str; 4] = ["humidity", "pressure", "temperature", "wind"];

/// Forty files in ten directories, about 12 MB: enough for a progress bar to have something to show.
pub(crate) fn climate_run(root: &Path) -> io::Result<()> {
    for year in 1990..2000 {
        let dir = root.join(year.to_string());
        fs::create_dir_all(&dir)?;
        for (at, variable) in VARIABLES.iter().enumerate() {
            let mut file = fs::File::create(dir.join(format!("{variable}.nc")))?;
            writeln!(file, "climate-run {year} {variable}")?;
            file.write_all(&NOISE[..220_000 + 15_000 * at + 12_000 * (year - 1990)])?;
        }
    }
    Ok(())
}

/// Bytes that do not repeat and are the same in every run.
static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut noise = Vec::with_capacity(400_000);
    while noise.len() < 400_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend_from_slice(&state.to_le_bytes());
    }
    noise
});
