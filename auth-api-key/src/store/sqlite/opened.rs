//! A file that was opened, and the connections to it.

use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};

use super::file::KeyFile;

#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) file: KeyFile,
    /// How to open the file as it is.
    pub(super) options: SqliteConnectOptions,
    pub(super) lookups: SqlitePool,
    pub(super) writer: SqlitePool,
}

impl Opened {
    /// Ends all use of the file, but for what is under way.
    pub(super) fn forsake(&self) {
        drop(self.close());
    }

    /// Waits until nothing has the file open.
    pub(super) fn close(&self) -> impl Future<Output = ()> {
        let (writer, lookups) = (self.writer.close(), self.lookups.close());
        async {
            writer.await;
            lookups.await;
        }
    }
}
