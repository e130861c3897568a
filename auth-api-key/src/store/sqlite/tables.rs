//! The tables of one SQLite file: opens them, and makes them from the SQL in `migrations/sqlite`.

#[allow(
    clippy::duplicate_mod,
    reason = "each store compiles it: see its first lines"
)]
#[path = "../sql/mod.rs"]
mod sql;

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use futures_util::future::ready;
use sqlx::{
    ConnectOptions, Connection as _, SqliteConnection, SqlitePool, SqliteTransaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Semaphore;

use super::{
    file::KeyFile,
    opened::Opened,
    repair_triggers::{self, require_trail},
    watch::FileWatch,
};
use crate::{
    error::Error,
    key::Piece,
    store::{
        connections::Connections,
        copy::{Dialect, OpenTransaction},
        error::{DbResult, StoreError},
        migrations::{migrator, missing, not_run},
    },
};

// What `sql` asks of a store.
use self::Tables as Store;
use sqlx::Sqlite as Database;
const ARRAY_OF_CODES: &str = "json_group_array(g.code)";
/// The function that finds a text in another one.
const POSITION: &str = "instr";
const BY_BYTES: &str = "COLLATE BINARY";
/// The keys with these `{parts}` in their names, and with these in their hints.
const WITH_PARTS: [&str; 2] =
    ["SELECT rowid AS key_id FROM api_key_search WHERE api_key_search MATCH {parts}"; 2];
/// The planner reads a list in the order of an index by itself.
const IN_ORDER: &[&str] = &[];
const IN_ANY_ORDER: &[&str] = &[];
/// Writes only the rows of the index of texts that are not as they must be.
const FIND_AGAIN: [&str; 2] = [
    "DELETE FROM api_key_search WHERE rowid IN (
         SELECT rowid FROM (
             SELECT rowid, name, hint FROM api_key_search
             EXCEPT SELECT key_id, lower(name), hint FROM api_key_listed WHERE list = 'a'))",
    "INSERT INTO api_key_search (rowid, name, hint)
     SELECT key_id, lower(name), hint FROM api_key_listed WHERE list = 'a'
     EXCEPT SELECT rowid, name, hint FROM api_key_search",
];
/// Writers take turns: no key is deleted before the end of a statement that reads it.
const KEEP_KEYS: &str = "";
/// Says for this transaction who acts.
const ACT: &str = "INSERT OR REPLACE INTO api_key_acting (id, actor, after_event)
                   SELECT 1, $1, coalesce(max(id), 0) FROM api_key_event";
const ACTED: &[&str] = &["DELETE FROM api_key_acting"];
/// The events of changes by hand.
const BY_HAND: &str = "session = 'sql'";
/// Begins a transaction, which sees the keys as they are when it first reads any.
const SNAPSHOT: &str = "BEGIN";
const DIALECT: Dialect = Dialect {
    json_as_text: "",
    text_as_json: "",
    numbered: false,
    ids_given: "",
    has_table: "SELECT count(*) FROM sqlite_schema WHERE name = '{table}'",
    copying: "INSERT OR REPLACE INTO api_key_acting (id, after_event, copying) VALUES (1, 0, 1)",
    acting: ACT,
    copied: ACTED,
    state: "SELECT value || ':' || coalesce(hex(token), '')
            FROM api_key_generation LEFT JOIN api_key_token ON generation = value",
    last_id: "SELECT max(coalesce((SELECT max(id) FROM {table}), 0),
                         coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0))",
    set_last_id: &[
        "UPDATE sqlite_sequence SET seq = $1 WHERE name = '{table}' AND seq < $1",
        "INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', $1
         WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table}')",
    ],
};

/// How many lists are read at a time.
const READS: u32 = 2;
/// How long to wait for a connection: as long as SQLite waits for a lock. On a busy machine, it takes seconds
/// to open a file.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a watch asks whether the file has changed, which takes some microseconds.
const POLL: Duration = Duration::from_millis(20);

/// Asks for those parts of a text that few keys have in their names or hints, if there are any. FTS5 finds one
/// key after the other for a part alone, while it may read very many for a text.
async fn rare_parts(
    connection: &mut SqliteConnection,
    piece: &Piece,
    few_with_part: i64,
    _few: i64,
) -> DbResult<Option<String>> {
    let mut rare = Vec::new();
    for part in piece.parts() {
        let part = format!("\"{}\"", part.replace('"', "\"\""));
        let count = "SELECT count(*) FROM (
                         SELECT 1 FROM api_key_search WHERE api_key_search MATCH $1 LIMIT $2)";
        let count = sqlx::query_scalar(count)
            .bind(&part)
            .bind(few_with_part + 1);
        let count: i64 = count.fetch_one(&mut *connection).await?;
        if count <= few_with_part {
            rare.push((count, part));
        }
    }
    rare.sort();
    let rarest: Vec<_> = rare.into_iter().map(|(_, part)| part).take(3).collect();
    Ok((!rarest.is_empty()).then(|| rarest.join(" AND ")))
}

/// The tables of one file. A file that replaces it has its own value of this type.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) opened: Opened,
    lookups: Arc<Connections<Database>>,
    /// Separate, so that long lists do not delay look-ups.
    reads: SqlitePool,
    /// Who may list: as many as there are connections for it.
    reading: Semaphore,
    /// Who may look a session up: one at a time.
    #[cfg(feature = "admin")]
    asking: Semaphore,
    /// Separate, so that changes that wait for another process's lock do not delay look-ups.
    pub(super) writer: SqlitePool,
    /// Who may write: one at a time.
    turns: Semaphore,
    usable: AtomicBool,
}

impl Tables {
    /// Opens the file that is there, and makes missing tables if `migrate`. Nothing is written into a file
    /// that cannot be used.
    pub(super) async fn open(
        options: &SqliteConnectOptions,
        connections: u32,
        migrate: bool,
    ) -> DbResult<Self> {
        let migrator = migrator([
            include_str!("../../../migrations/sqlite/0001_keys.sql"),
            include_str!("../../../migrations/sqlite/0002_lists.sql"),
            include_str!("../../../migrations/sqlite/0003_trail.sql"),
            include_str!("../../../migrations/sqlite/0004_search.sql"),
            include_str!("../../../migrations/sqlite/0005_sessions.sql"),
            include_str!("../../../migrations/sqlite/0006_lists_and_triggers.sql"),
            include_str!("../../../migrations/sqlite/0007_definitions.sql"),
        ]);
        let mut file = KeyFile::at(options.get_filename()).map_err(Error::store)?;
        let mut options = options.clone();
        let mut looked = look_into(&options, &migrator, migrate).await;
        if looked.as_ref().is_err_and(StoreError::is_not_allowed) && file.wal_size().is_none() {
            // In a read-only folder, SQLite reads a file only under the promise that nobody else changes it.
            options = options.immutable(true);
            file.note_immutable()?;
            looked = look_into(&options, &migrator, migrate).await;
        }
        let Looked { complete, writable } = looked?;
        let mut asking = options
            .clone()
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full);
        if writable {
            asking = asking.journal_mode(SqliteJournalMode::Wal);
        }
        let pool = |connections| {
            let file = file.clone();
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                // A connection made later may be to another file.
                .after_connect(move |_, _| {
                    let same = file.written().map(drop);
                    Box::pin(ready(
                        same.map_err(|error| sqlx::Error::Io(std::io::Error::other(error))),
                    ))
                })
        };
        // So all changes are in the file itself, which may be copied or replaced.
        let writing = asking.clone().pragma("wal_autocheckpoint", "1");
        // This connection stays: when the last one closes, SQLite ends the write-ahead log, and the next one
        // begins another.
        let writer = pool(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        let writer = writer.connect_with(writing).await?;
        if !complete {
            make(&writer, &migrator).await?;
        }
        let reads = pool(READS).connect_lazy_with(asking.clone());
        let lookups = pool(connections).connect_with(asking).await?;
        let lookups = Arc::new(Connections::of(lookups));
        file.note_wal();
        file.report_exposed();
        Ok(Self {
            opened: Opened {
                file,
                options,
                lookups: Arc::clone(&lookups),
                reads: reads.clone(),
                writer: writer.clone(),
            },
            reads,
            lookups,
            writer,
            turns: Semaphore::new(1),
            reading: Semaphore::new(READS as usize),
            #[cfg(feature = "admin")]
            asking: Semaphore::new(1),
            usable: AtomicBool::new(true),
        })
    }

    /// Where the file is.
    pub(super) fn address(&self) -> String {
        let path = self.opened.options.get_filename().display().to_string();
        format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F"))
    }

    /// An error if the size is not the one that SQLite knows. If somebody copies over an open file, SQLite
    /// goes on with the old size.
    pub(super) async fn check_size(&self) -> DbResult<()> {
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let known: i64 = sqlx::query_scalar(size).fetch_one(&self.reads).await?;
        let settled = self.opened.file.wal_size() == Some(0);
        match settled && self.opened.file.written()?.size != known.unsigned_abs() {
            true => Err(Error::store(format!(
                "{:?} was written over while another process had it open: end that process",
                self.opened.options.get_filename()
            ))
            .into()),
            false => Ok(()),
        }
    }

    /// A transaction that may write: it waits for other writers at its beginning, where SQLite
    /// can wait, and not in its middle, where it can only fail.
    async fn begin(&self) -> DbResult<SqliteTransaction<'static>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    async fn write(&self) -> DbResult<SqliteTransaction<'static>> {
        self.begin().await
    }

    /// A pool's own error says what is wrong with a file.
    async fn explained<T>(&self, _: &SqlitePool, answer: sqlx::Result<T>) -> DbResult<T> {
        Ok(answer?)
    }

    /// A file has no roles.
    async fn records_uses(&self) -> DbResult<bool> {
        Ok(true)
    }

    async fn records_peppers(&self) -> DbResult<bool> {
        Ok(true)
    }

    /// Does what may have to wait for the lock of the file: its error says who holds it.
    async fn naming_holders<T>(&self, work: impl Future<Output = DbResult<T>>) -> DbResult<T> {
        let began = Instant::now();
        work.await.map_err(|error| match error.is_lock_timeout() {
            true => error.held_up_by(format!(
                "another program, which did not give up the lock of the file within {:.1?} (end its \
                 transaction)",
                began.elapsed()
            )),
            false => error,
        })
    }

    async fn make_triggers(&self) -> DbResult<Vec<String>> {
        let mut connection = self.writer.acquire().await?;
        if repair_triggers::changed(&mut connection, false)
            .await?
            .is_empty()
        {
            return Ok(Vec::new());
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let repaired = repair_triggers::repair(&mut transaction).await?;
        if !repaired.is_empty() {
            sql::relist(&mut transaction).await?;
            for statement in FIND_AGAIN {
                sqlx::query(statement).execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(repaired)
    }

    async fn begin_watch(&self, poll: Duration) -> DbResult<FileWatch> {
        FileWatch::begin(&self.opened, poll).await
    }
}

/// What is found in a file before it is opened for use.
struct Looked {
    complete: bool,
    /// Whether something can be written into it.
    writable: bool,
}

async fn look_into(
    options: &SqliteConnectOptions,
    migrator: &Migrator,
    migrate: bool,
) -> DbResult<Looked> {
    // On some file systems, a file gets a new identity when it is first opened for writing.
    let mut looking = options.connect().await?;
    let complete = is_complete(&mut looking, migrator, migrate).await;
    let mut writable = Ok(true);
    if let Ok(true) = complete {
        let wal = sqlx::query("PRAGMA journal_mode = WAL");
        writable = match wal.execute(&mut looking).await.map_err(StoreError::from) {
            Err(error) if error.is_not_allowed() => Ok(false),
            set => set.map(|_| true),
        };
    }
    // When it closes, SQLite deletes its other files.
    looking.close().await?;
    Ok(Looked {
        complete: complete?,
        writable: writable?,
    })
}

/// A transaction that sees a file as it is.
pub(super) async fn look(options: SqliteConnectOptions) -> DbResult<OpenTransaction> {
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await?;
    Ok(sql::begun(pool.begin_with(SNAPSHOT).await?))
}

/// Whether no table is missing. An error if one is missing and must not be made, or if they cannot be used.
async fn is_complete(
    connection: &mut SqliteConnection,
    migrator: &Migrator,
    migrate: bool,
) -> DbResult<bool> {
    // In one snapshot: others may be making them.
    let mut transaction = connection.begin().await?;
    let found = "SELECT name FROM sqlite_schema WHERE name LIKE '%api_key%'";
    let found: Vec<String> = sqlx::query_scalar(found)
        .fetch_all(&mut *transaction)
        .await?;
    match missing(migrator, &mut *transaction, &found).await? {
        None => sql::require_compatible(&mut transaction).await?,
        Some(first) if !migrate => return Err(not_run(first, None).into()),
        Some(_) => return Ok(false),
    }
    Ok(true)
}

async fn make(pool: &SqlitePool, migrator: &Migrator) -> DbResult<()> {
    // One write transaction around all of it, so that processes starting together take turns.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let run = migrator.run_direct(None, &mut *transaction, false).await;
    run.map_err(Error::store)?;
    sql::require_compatible(&mut transaction).await?;
    Ok(transaction.commit().await?)
}
