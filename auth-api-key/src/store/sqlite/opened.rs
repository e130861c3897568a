//! A file that was opened, and the connections to it.

use std::sync::Arc;

use sqlx::{Sqlite, SqlitePool, sqlite::SqliteConnectOptions};

use super::file::KeyFile;
use crate::store::connections::Connections;

#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) file: KeyFile,
    /// How to open the file as it is.
    pub(super) options: SqliteConnectOptions,
    pub(super) lookups: Arc<Connections<Sqlite>>,
    pub(super) reads: SqlitePool,
    pub(super) writer: SqlitePool,
}

impl Opened {
    /// Ends all use of the file, but for what is under way.
    pub(super) fn forsake(&self) {
        drop(self.close());
    }

    /// Waits until nothing has the file open.
    pub(super) fn close(&self) -> impl Future<Output = ()> {
        let (writer, reads) = (self.writer.close(), self.reads.close());
        let lookups = self.lookups.close();
        async {
            writer.await;
            reads.await;
            lookups.await;
        }
    }
}
