//! A SQLite file that is deleted after the test, and statements by hand.

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

/// `keys.db` in a new folder. SQLite makes the file. Both are deleted with the value.
pub struct File(TempDir);

impl File {
    pub fn temporary() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self) -> PathBuf {
        self.folder().join("keys.db")
    }

    pub fn url(&self) -> String {
        url(&self.path())
    }

    pub async fn connection(&self) -> SqliteConnection {
        connection(&self.path()).await
    }

    /// Runs statements by hand, as `sqlite3` would.
    pub async fn execute(&self, sql: &str) {
        execute(&self.path(), sql).await;
    }
}

pub fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// A connection to a file that exists.
pub async fn connection(file: &Path) -> SqliteConnection {
    SqliteConnection::connect(&url(file)).await.unwrap()
}

/// As [`File::execute`]. The connection is closed when this returns.
pub async fn execute(file: &Path, sql: &str) {
    try_execute(file, sql).await.unwrap();
}

/// As [`execute`]. A transaction takes its turn when it begins: SQLite refuses one that has read already when
/// a node writes.
pub async fn try_execute(file: &Path, sql: &str) -> sqlx::Result<()> {
    let mut connection = connection(file).await;
    let sql = sql.replace("BEGIN;", "BEGIN IMMEDIATE;");
    let sql = sqlx::raw_sql(AssertSqlSafe(sql));
    sql.execute(&mut connection).await?;
    connection.close().await
}
