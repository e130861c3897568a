//! The file that SQLite keeps keys in, and those that it makes beside it: who can read them, and
//! whether the one that was opened still stands at its path.
//!
//! SQLite's write-ahead log needs a local disk, so nothing here waits for long.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use crate::error::Error;

/// Makes an empty file if there is none. Only its owner can ever read it, and SQLite gives its other files the
/// same mode.
pub(super) fn create(path: &Path) -> io::Result<()> {
    // Closing the file drops the locks that SQLite has on it in this process: close it before anybody opens
    // it in SQLite.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if path.exists() {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    // If the path is a link to nothing, its target is made.
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Distinguishes a file from an earlier one of the same name.
///
/// A number may be used again once nobody has the file open, but not its time. Without numbers, a file that
/// SQLite has open cannot be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    #[cfg(unix)]
    number: (u64, u64),
    created: Option<SystemTime>,
}

impl Identity {
    fn of(file: &fs::Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            #[cfg(unix)]
            number: (file.dev(), file.ino()),
            created: file.created().ok(),
        }
    }

    fn at(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|file| Self::of(&file))
    }
}

/// What changes whenever something is written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) size: u64,
    at: Option<SystemTime>,
}

/// The file that stood at a path when it was opened.
#[derive(Clone, Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    /// The path without links: SQLite's own files are beside it.
    target: PathBuf,
    identity: Identity,
    /// SQLite's write-ahead log beside it, once there is one.
    wal: Option<Identity>,
    /// When it was written last, if SQLite was told that nobody writes it.
    immutable: Option<Written>,
}

impl KeyFile {
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            identity: Identity::at(path)?,
            target: fs::canonicalize(path)?,
            wal: None,
            immutable: None,
        })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.target.as_os_str().to_owned();
        name.push(ending);
        name.into()
    }

    /// When the file was written last; an error if another file, or none, is at its path.
    pub(super) fn written(&self) -> Result<Written, Error> {
        let path = &self.path;
        let file = match fs::metadata(path) {
            Ok(file) => file,
            Err(error) => {
                let wrong = match error.kind() {
                    io::ErrorKind::NotFound => "was removed, and must be put back",
                    _ => "cannot be looked at",
                };
                return Err(Error::store(format!("{path:?} {wrong}: {error}")));
            }
        };
        if Identity::of(&file) != self.identity {
            return Err(Error::store(format!("{path:?} was replaced")));
        }
        let written = Written {
            size: file.len(),
            at: file.modified().ok(),
        };
        let is_changed = |then| then != written || self.wal_size().is_some();
        match self.immutable.is_some_and(is_changed) {
            true => Err(Error::store(format!(
                "another program changed {path:?}, which this program opened as unchangeable, because it cannot \
                 write into the folder; let it write there, or end the other program"
            ))),
            false => Ok(written),
        }
    }

    /// From now on it is an error if somebody writes the file.
    pub(super) fn note_immutable(&mut self) -> Result<(), Error> {
        self.immutable = Some(self.written()?);
        Ok(())
    }

    pub(super) fn note_wal(&mut self) {
        self.wal = Identity::at(&self.beside("-wal")).ok();
    }

    /// The size of the write-ahead log, if there is one: it has what is not in the file yet.
    pub(super) fn wal_size(&self) -> Option<u64> {
        let wal = fs::metadata(self.beside("-wal")).ok()?;
        Some(wal.len())
    }

    /// Takes away the write-ahead log of this file, if another file is in its place: SQLite leaves
    /// it there, and would read it into that one.
    #[allow(
        clippy::incompatible_msrv,
        reason = "the feature `sqlite` needs Rust 1.94"
    )]
    pub(super) fn remove_wal(&self) -> io::Result<()> {
        let path = self.beside("-wal");
        // If there is no file at the moment, this one may come back.
        let replaced = Identity::at(&self.target).is_ok_and(|other| other != self.identity);
        if self.wal.is_none() || !replaced {
            return Ok(());
        }
        let wal = match fs::File::open(&path) {
            Ok(wal) => wal,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        // Other nodes do the same: whoever has waited finds that it is done.
        wal.lock()?;
        if Identity::at(&path).ok() == self.wal {
            let _ = fs::remove_file(self.beside("-shm"));
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// Says in the log which of the files others than their owner can read or write.
    #[cfg(unix)]
    pub(super) fn report_exposed(&self) {
        use std::os::unix::fs::PermissionsExt;

        let files = ["", "-wal", "-shm", "-journal"].map(|ending| self.beside(ending));
        let exposed = files.iter().filter(|path| {
            fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o066 != 0)
        });
        let quoted = |path: &PathBuf| path.display().to_string().replace('\'', r"'\''");
        let exposed: Vec<String> = exposed.map(|path| format!(" '{}'", quoted(path))).collect();
        if !exposed.is_empty() {
            tracing::warn!(
                "others can read or write the keys: run `chmod 600{}`",
                exposed.concat()
            );
        }
    }

    /// Elsewhere a file takes its permissions from its folder.
    #[cfg(not(unix))]
    pub(super) fn report_exposed(&self) {}
}
