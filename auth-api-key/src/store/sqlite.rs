//! Keys in a SQLite file.

mod file;
#[allow(
    clippy::duplicate_mod,
    reason = "both stores are made of it: see the file's own words"
)]
#[path = "sql/mod.rs"]
mod sql;

use std::{
    path,
    str::FromStr,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use sqlx::{
    ConnectOptions, Connection as _, SqliteConnection, SqlitePool, SqliteTransaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    CONNECTIONS,
    fault::{DbError, DbResult, Fault},
    lookup::{Changed, News, Watch},
    migrations::{explained, migrator},
};
use crate::error::{Error, OpenError};

// What `sql` asks of a store.
use self::SqliteStore as Store;
use sqlx::Sqlite as Database;
const ARRAY_OF_CODES: &str = "json_group_array(g.code)";
/// Where a text is in another one.
const POSITION: &str = "instr";
const BY_BYTES: &str = "COLLATE BINARY";
/// Writers take turns: no key is deleted before the end of a statement that reads it.
const KEEP_KEYS: &str = "";

/// How often a watch asks whether the file has changed.
const POLL: Duration = Duration::from_millis(100);
/// How many generations the table of changes holds, and how many keys are told of one by one.
const FEW: i64 = 1000;

/// Keys in a SQLite file, usually opened with
/// [`Authenticator::connect("sqlite:keys.db")`](crate::Authenticator::connect).
///
/// The tables are described in the crate's `migrations/sqlite`; their names begin with `api_key`
/// (and there is `_auth_api_key_migrations`), so that they may share a file with an application's
/// own.
#[derive(Debug)]
pub struct SqliteStore {
    lookups: SqlitePool,
    reads: SqlitePool,
    /// Of its own, so that changes that wait for another process's lock delay no look-up.
    writer: SqlitePool,
    options: SqliteConnectOptions,
}

impl SqliteStore {
    /// Opens a file, creating it and its tables where they are missing.
    ///
    /// `url` is `sqlite:` and a path, percent-encoded where it holds a `?` or a `%`, with the
    /// parameters that sqlx knows, such as `?mode=rw`, which creates no file. The file is put into
    /// WAL mode, with foreign keys on; a commit is on disk before it returns. A look-up that waits
    /// for a connection for two seconds fails.
    ///
    /// On Unix, a file that is created can be read by its owner alone (mode 0600), and so can
    /// those that SQLite makes beside it. One that is there is not changed: where others can read
    /// it, the log says so, with the command that helps.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] for a database in memory or without a name, which several connections cannot
    /// share, if the file cannot be opened, and if a newer version of this crate made the tables;
    /// [`Error::Store`] if it cannot be read.
    pub async fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, CONNECTIONS).await
    }

    pub(crate) async fn open_with(url: &str, connections: u32) -> Result<Self, Error> {
        Ok(Self::connect(url, connections).await?)
    }

    async fn connect(url: &str, connections: u32) -> DbResult<Self> {
        let Address { options, create } = url.parse()?;
        let path = options.get_filename().to_owned();
        let unopened = |error| OpenError::Unopened {
            path: path.display().to_string(),
            error,
        };
        let absolute = path::absolute(&path).map_err(|error| unopened(error.into()))?;
        if create {
            file::create(&absolute).map_err(|error| unopened(error.into()))?;
        }
        let options = options
            .filename(&absolute)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(2))
        };
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| unopened(DbError(error).into()))?;
        migrate(&writer).await?;
        file::report_exposed(&absolute).map_err(|error| unopened(error.into()))?;
        let lookups = pool(connections).connect_with(options.clone()).await?;
        Ok(Self {
            reads: lookups.clone(),
            lookups,
            writer,
            options,
        })
    }

    /// A transaction that may write: it waits for other writers at its beginning, where SQLite
    /// can wait, and not in its middle, where it can only fail.
    async fn write(&self) -> DbResult<SqliteTransaction<'static>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    async fn begin_watch(&self, poll: Duration) -> DbResult<FileWatch> {
        let mut connection = self.options.connect().await?;
        Ok(FileWatch {
            // In this order: a change between the two is seen as one.
            data_version: data_version(&mut connection).await?,
            generation: generation(&mut connection).await?,
            connection,
            poll,
            poll_at: Instant::now() + poll,
        })
    }
}

/// What an address says: `sqlite:` and a path, or `sqlite:file:` and a path, with parameters.
struct Address {
    options: SqliteConnectOptions,
    /// Whether the file is made where it is missing. SQLite itself would make one that others can
    /// read.
    create: bool,
}

impl FromStr for Address {
    type Err = Fault;

    fn from_str(url: &str) -> DbResult<Self> {
        let url = url.strip_prefix("sqlite:").unwrap_or(url);
        let url = url.strip_prefix("//").unwrap_or(url);
        // To SQLite this is a prefix of a URL of its own, and part of no path.
        let url = url
            .strip_prefix("file:")
            .map_or(url, |path| path.strip_prefix("//").unwrap_or(path));
        let (path, parameters) = url.split_once('?').unwrap_or((url, ""));
        let parameters = form_urlencoded::parse(parameters.as_bytes());
        let modes = parameters.filter(|(name, _)| name == "mode");
        let modes: Vec<_> = modes.map(|(_, mode)| mode).collect();
        let is = |wanted: &str| modes.iter().any(|mode| mode == wanted);
        if matches!(path, "" | ":memory:") || is("memory") {
            return Err(OpenError::UnsupportedDatabase {
                scheme: "sqlite".to_owned(),
                remedy: "name a file, as in \"sqlite:keys.db\", or use `MemoryStore` for tests",
            }
            .into());
        }
        Ok(Self {
            options: SqliteConnectOptions::from_str(url)?.create_if_missing(false),
            create: modes.is_empty() || is("rwc"),
        })
    }
}

async fn migrate(pool: &SqlitePool) -> DbResult<()> {
    let migrator = migrator(
        include_str!("../../migrations/sqlite/0001_keys.sql"),
        include_str!("../../migrations/sqlite/0002_lists.sql"),
    );
    // One write transaction around all of it, so that processes starting together take turns.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    migrator
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| explained(error, &migrator))?;
    Ok(transaction.commit().await?)
}

/// Asks SQLite again and again whether another connection has changed the file.
///
/// The connection never writes, since [`PRAGMA data_version`] is blind for its own changes.
///
/// [`PRAGMA data_version`]: https://www.sqlite.org/pragma.html#pragma_data_version
struct FileWatch {
    connection: SqliteConnection,
    data_version: i64,
    generation: i64,
    poll: Duration,
    poll_at: Instant,
}

async fn data_version(connection: &mut SqliteConnection) -> DbResult<i64> {
    let query = sqlx::query_scalar("PRAGMA data_version");
    Ok(query.fetch_one(connection).await?)
}

async fn generation(connection: &mut SqliteConnection) -> DbResult<i64> {
    let query = sqlx::query_scalar("SELECT value FROM api_key_generation");
    Ok(query.fetch_one(connection).await?)
}

impl FileWatch {
    /// What was changed since the generation known.
    async fn changed(&mut self) -> DbResult<Option<News>> {
        // One transaction, so that the list is of the generation that is read.
        let mut transaction = self.connection.begin().await?;
        let known = self.generation;
        let now = generation(&mut transaction).await?;
        let keys: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT key_id FROM api_key_change WHERE generation > $1 LIMIT $2",
        )
        .bind(known)
        .bind(FEW + 1)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.generation = now;
        Ok(match now - known {
            0 => None,
            1..FEW if keys.len() as i64 <= FEW => Some(News::Changed(Changed::Keys(keys))),
            _ => Some(News::Changed(Changed::All)),
        })
    }
}

impl Watch for FileWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        Box::pin(async move {
            tokio::time::sleep_until(self.poll_at.into()).await;
            let asked = Instant::now();
            let data_version = data_version(&mut self.connection).await?;
            if data_version != self.data_version {
                self.data_version = data_version;
                if let Some(news) = self.changed().await? {
                    return Ok(news);
                }
            }
            self.poll_at = asked + self.poll;
            Ok(News::Confirmed(asked))
        })
    }
}
