//! The file that SQLite keeps keys in, and those that SQLite makes beside it: their owner alone can
//! read them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// What the names of the file and of those that SQLite makes beside it end in.
#[cfg(unix)]
const ENDINGS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Makes an empty file where there is none, which nobody but its owner can read at any time. SQLite
/// gives its companions the same mode.
pub(super) fn create(path: &Path) -> io::Result<()> {
    // To close a file takes from this process the locks that SQLite has on it: nobody may open the
    // file in SQLite before it is closed here.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if path.exists() {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    // Where the path is a link to nothing, its target is made.
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Says in the log which of the files others than their owner can read or write.
#[cfg(unix)]
pub(super) fn report_exposed(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let path = fs::canonicalize(path)?; // SQLite's own files are beside the target of a link
    let files = ENDINGS.map(|ending| beside(&path, ending));
    let exposed = files
        .iter()
        .filter(|path| fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o066 != 0));
    let exposed: Vec<String> = exposed.map(|path| format!(" {path:?}")).collect();
    if !exposed.is_empty() {
        tracing::warn!(
            "others can read or write the keys: run `chmod 600{}`",
            exposed.concat()
        );
    }
    Ok(())
}

/// Elsewhere a file takes its permissions from its folder.
#[cfg(not(unix))]
pub(super) fn report_exposed(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
