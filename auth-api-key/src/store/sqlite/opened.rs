//! A file that was opened, and the connections to it.

use std::sync::Arc;

use sqlx::{Sqlite, SqlitePool, sqlite::SqliteConnectOptions};

use super::file::KeyFile;
use crate::store::connections::Connections;

#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) file: KeyFile,
    /// How to open the file again, without creating it.
    pub(super) options: SqliteConnectOptions,
    pub(super) lookups: Arc<Connections<Sqlite>>,
    pub(super) reads: SqlitePool,
    pub(super) writer: SqlitePool,
}

impl Opened {
    /// Closes all connections, without waiting. Work under way still ends.
    pub(super) fn close_later(&self) {
        drop(self.close());
    }

    /// Closes all connections, and waits for it.
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
