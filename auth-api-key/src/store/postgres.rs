//! Keys in a PostgreSQL database.

mod holders;
mod repair_triggers;
#[allow(
    clippy::duplicate_mod,
    reason = "each store compiles it: see its first lines"
)]
#[path = "sql/mod.rs"]
mod sql;
mod tables;
mod watch;

use std::{
    fmt,
    sync::{Once, atomic::AtomicBool},
    time::{Duration, Instant},
};

use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool, PgTransaction, QueryBuilder,
    Row as _,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{
    sync::{Mutex, Semaphore},
    time::timeout,
};

use self::{
    repair_triggers::{ChangedDefinitions, require_trail},
    watch::Listening,
};
use super::{
    CONNECTIONS,
    address::{address, options, report_plain_text, shown, unopened},
    connections::Connections,
    copy::{CopyEnd, Dialect, OpenTransaction},
    error::{DbError, DbResult, POOLER, no_answer, of_pooler},
    grants::{self, Role},
};
use crate::{
    error::{Error, OpenError},
    key::Piece,
};

// What `sql` asks of a store.
use self::PostgresStore as Store;
use sqlx::Postgres as Database;
const ARRAY_OF_CODES: &str = "coalesce(jsonb_agg(g.code), '[]')";
/// The function that finds a text in another one.
const POSITION: &str = "strpos";
const BY_BYTES: &str = "COLLATE \"C\"";
/// The keys with a text in their names, and with it in the hints of any of their texts.
const WITH_PARTS: [&str; 2] = [
    "SELECT id AS key_id FROM api_key
     WHERE api_key_parts(name) @> api_key_parts({parts}) AND strpos(lower(name), {parts}) > 0",
    "SELECT key_id FROM api_key_secret
     WHERE api_key_parts(coalesce(prefix || '_', '') || hint) @> api_key_parts({parts})
     AND strpos(lower((coalesce(prefix || '_', '') || hint) COLLATE \"C\"), {parts}) > 0",
];
/// Makes the planner read a list in the order of an index, even before it knows the tables.
const IN_ORDER: &[&str] = &["SET LOCAL enable_sort = off"];
/// Undoes that.
const IN_ANY_ORDER: &[&str] = &["SET LOCAL enable_sort TO DEFAULT"];
/// Keeps the keys `k` of a query from being deleted before the end of its statement.
const KEEP_KEYS: &str = "FOR KEY SHARE OF k";
/// Says for this transaction who acts, and that it is not by hand.
const ACT: &str = "SELECT set_config('auth_api_key.actor', coalesce($1, ''), true),
                          set_config('auth_api_key.by_program', 'on', true)";
/// The events of changes by hand.
const BY_HAND: &str = "by_hand AND action NOT IN ('pruned', 'sign-in refused')";
const ACTED: &[&str] = &[];
/// Begins a transaction that sees the keys as they are now, however long it takes. To compile a list of
/// keys takes longer than to make it.
const SNAPSHOT: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '30s';
                        SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off";
/// Begins a transaction that changes something. It fails after 30 seconds of waiting for a lock, so that nobody
/// waits for ever. If the connection falls silent, the server ends it and its locks.
const WRITING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '30s';
                       SET LOCAL idle_in_transaction_session_timeout = '10s'";
const DIALECT: Dialect = Dialect {
    json_as_text: "::text",
    text_as_json: "::jsonb",
    numbered: true,
    ids_given: " OVERRIDING SYSTEM VALUE",
    has_table: "SELECT CAST(CAST(to_regclass('{table}') IS NOT NULL AS int) AS bigint)",
    copying: "SELECT set_config('auth_api_key.trail', 'copied', true),
                     set_config('auth_api_key.by_program', 'on', true)",
    acting: ACT,
    copied: ACTED,
    state: "SELECT value || ':' || token FROM api_key_generation",
    // A role that only reads need not be granted the counter.
    last_id: "SELECT greatest((SELECT max(id) FROM {table}),
                  CASE WHEN has_sequence_privilege(counter, 'SELECT') THEN pg_sequence_last_value(counter) END)
              FROM CAST(pg_get_serial_sequence('{table}', 'id') AS regclass) AS counter",
    set_last_id: &["SELECT setval(counter, $1)
                    FROM CAST(pg_get_serial_sequence('{table}', 'id') AS regclass) AS counter
                    WHERE $1 > coalesce(pg_sequence_last_value(counter), 0)"],
};

const PEPPERS: &str = "api_key_pepper";

/// The name of our sessions on the server.
const APPLICATION: &str = "auth-api-key";
/// How many changes and batches of last uses are written at a time. One keeps the others waiting anyway.
const WRITERS: u32 = 1;
/// How many lists are read at a time.
const READS: u32 = 1;
/// How often a watch asks for the generation, which confirms that it has missed nothing.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait for a connection, and for an answer that should come at once.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it takes at most to find out why the server gives no connection.
const EXPLAIN_WITHIN: Duration = Duration::from_millis(500);

/// Keys in a PostgreSQL database, usually opened with
/// [`Authenticator::connect("postgres://…")`](crate::Authenticator::connect).
///
/// The tables are described in the crate's `migrations/postgres`; their names begin with `api_key`
/// (and there is `_auth_api_key_migrations`), so that they may share a schema with an
/// application's own.
///
/// # Connections
///
/// | for | at the start | at most |
/// | --- | --- | --- |
/// | look-ups, [`Builder::connections`](crate::Builder::connections) of them | 1 | 4 |
/// | changes and last uses | 1 | 1 |
/// | lists | 0 | 1 |
/// | hearing of changes | 1 | 1 |
/// | a node | 3 | 7 |
///
/// Set the role's `CONNECTION LIMIT` to that number for each node, twice if new nodes start before old ones
/// end, and that number once more for the command line. If the server gives no connection, the error has the
/// server's message.
///
/// # Behind a pooler
///
/// The connection that listens for changes needs its own session. Behind PgBouncer, also give the address of
/// the server itself, by [`Builder::watch_url`](crate::Builder::watch_url): tables are made and changes are
/// heard there, and all else goes through PgBouncer: one connection less for each node. With `pool_mode =
/// transaction`, PgBouncer must be 1.21 or newer and have `max_prepared_statements` of 100 or more; otherwise
/// opening the store is an error.
///
/// PgBouncer refuses settings at the start of a connection, so each change and list sets its time limit
/// itself. Look-ups have the role's limit; a node gives them up after 2.5 seconds:
///
/// ```sql
/// ALTER ROLE server SET statement_timeout = '60s';
/// ```
///
#[doc = include_str!("grants.md")]
pub struct PostgresStore {
    lookups: Connections<Database>,
    /// Separate, so that changes that wait for a lock do not delay look-ups and lists.
    writer: PgPool,
    /// Who may write: as many as the writer has connections.
    turns: Semaphore,
    /// Separate, so that long lists do not delay look-ups.
    reads: PgPool,
    /// Who may list: as many as there are connections for it.
    reading: Semaphore,
    /// Who may look a session up: one at a time.
    #[cfg(feature = "admin")]
    asking: Semaphore,
    options: PgConnectOptions,
    usable: AtomicBool,
    /// Says in the log that last uses are not recorded.
    unrecorded: Once,
    /// Why the server last gave no connection.
    refusal: Mutex<Option<(Instant, String)>>,
}

/// Without the password of the database, which sqlx's options would show.
impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("database", &self.options.get_database())
            .field("lookups", &self.lookups)
            .field("writer", &self.writer)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to a database, and makes missing tables in the first schema of the search path. If none is
    /// missing, nothing is written.
    ///
    /// `url` is `postgres://user:password@host:port/database`, with the parameters that sqlx knows,
    /// such as `?sslmode=verify-full`. A look-up that takes more than two seconds fails; one that
    /// waits as long for a connection fails, too.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if there is no such database, if the tables are missing and the role may not
    /// make them, if somebody else's are in their way, and if a newer version of this crate made the
    /// tables and does not say that this one can use them; [`Error::Store`] if it cannot be read.
    pub async fn open(url: &str) -> Result<Self, Error> {
        Self::open_through(url, None, true).await
    }

    /// As [`open`](Self::open), but makes and changes no tables.
    ///
    /// # Errors
    ///
    /// [`OpenError::MissingMigration`](crate::error::OpenError::MissingMigration) if tables are
    /// missing, or not up to date; otherwise as [`open`](Self::open).
    pub async fn open_existing(url: &str) -> Result<Self, Error> {
        Self::open_through(url, None, false).await
    }

    /// Opens a database through a pooler at `url`; the server itself is at `watch_url`.
    #[doc(hidden)] // for the command line
    pub async fn open_through(
        url: &str,
        watch_url: Option<&str>,
        migrate: bool,
    ) -> Result<Self, Error> {
        let watch_url = watch_url.map(address).transpose()?;
        Self::open_with(&address(url)?, watch_url.as_deref(), CONNECTIONS, migrate).await
    }

    /// With `watch_url`, `url` may be that of a pooler.
    pub(crate) async fn open_with(
        url: &str,
        watch_url: Option<&str>,
        connections: u32,
        migrate: bool,
    ) -> Result<Self, Error> {
        Ok(Self::connect(url, watch_url, connections, migrate).await?)
    }

    async fn connect(
        url: &str,
        watch_url: Option<&str>,
        connections: u32,
        migrate: bool,
    ) -> DbResult<Self> {
        // The statements are made for this level, whatever the database or the role has as the default.
        let server = named(watch_url.unwrap_or(url))?.options([
            ("jit", "off"),
            ("default_transaction_isolation", "read committed"),
        ]);
        report_plain_text(&server);
        let (through, impatient, mut making) = match watch_url {
            None => (server.clone(), giving_up_after(&server, PATIENCE), None),
            // Without settings at the start of a connection, which a pooler would refuse.
            Some(_) => {
                let through = named(url)?;
                report_plain_text(&through);
                let made = server.connect().await;
                let making = made.map_err(|error| unopened(&server, error))?;
                (through.clone(), through, Some(making))
            }
        };
        let writer = connected(pool(WRITERS), through.clone()).await?;
        match &mut making {
            None => tables::prepare(&mut *writer.acquire().await?, migrate).await?,
            Some(making) => {
                let reached = schema_of(&mut *writer.acquire().await?).await?;
                if reached != schema_of(making).await? {
                    let elsewhere = format!(
                        "the watch address, {}, leads to another server, database or schema: give that of \
                         the server behind the pooler, with the same database",
                        shown(&server)
                    );
                    let elsewhere = sqlx::Error::Configuration(elsewhere.into());
                    return Err(unopened(&through, elsewhere).into());
                }
                tables::prepare(making, migrate).await?;
            }
        }
        if let Some(making) = making {
            making.close().await?;
        }
        let lookups = connected(pool(connections), impatient).await?;
        if watch_url.is_some() && !keeps_statements(&writer, &lookups).await? {
            return Err(unopened(&through, sqlx::Error::Configuration(POOLER.into())).into());
        }
        Ok(Self {
            lookups: Connections::of(lookups),
            reads: pool(READS).connect_lazy_with(through),
            turns: Semaphore::new(WRITERS as usize),
            reading: Semaphore::new(READS as usize),
            #[cfg(feature = "admin")]
            asking: Semaphore::new(1),
            writer,
            options: server,
            usable: AtomicBool::new(true),
            unrecorded: Once::new(),
            refusal: Mutex::default(),
        })
    }

    /// A transaction that sees a database as it is, with our tables or without.
    pub(super) async fn look(url: &str) -> DbResult<OpenTransaction> {
        let options = named(url)?;
        let pool = connected(pool(1), options).await?;
        Ok(sql::begun(pool.begin_with(SNAPSHOT).await?))
    }

    /// Where the database is, without a password.
    fn address(&self) -> String {
        shown(&self.options)
    }

    async fn to_write(&self) -> DbResult<PoolConnection<Database>> {
        self.explained(&self.writer, self.writer.acquire().await)
            .await
    }

    async fn begin(&self) -> DbResult<PgTransaction<'static>> {
        self.explained(&self.writer, self.writer.begin_with(WRITING).await)
            .await
    }

    /// A transaction that waits for other changes at its beginning, so that no two of them can wait
    /// for each other.
    async fn write(&self) -> DbResult<PgTransaction<'static>> {
        let mut transaction = self.begin().await?;
        sqlx::query("SELECT FROM api_key_generation FOR UPDATE")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    /// Replaces a pool's time-out by the reason why the server gives no connection.
    async fn explained<T>(&self, pool: &PgPool, answer: sqlx::Result<T>) -> DbResult<T> {
        let may_have_more = || pool.size() < pool.options().get_max_connections();
        match answer {
            Err(sqlx::Error::PoolTimedOut) if may_have_more() => {}
            answer => return Ok(answer?),
        }
        // One finds out for all that ask within a moment.
        let mut refusal = self.refusal.lock().await;
        if refusal
            .as_ref()
            .is_none_or(|(at, _)| at.elapsed() > EXPLAIN_WITHIN)
        {
            let options = pool.connect_options();
            let why = reason(&options, sqlx::Error::PoolTimedOut, EXPLAIN_WITHIN).await;
            *refusal = Some((Instant::now(), DbError(why).to_string()));
        }
        let why = refusal.as_ref().map_or("", |(_, why)| why);
        Err(Error::store(why).into())
    }

    /// Whether last uses can be recorded. It is asked every time, so that a grant is seen.
    async fn records_uses(&self) -> DbResult<bool> {
        let lacking = self.lacking_to_write(|table| table != PEPPERS).await?;
        if let Some(lacking) = &lacking {
            self.unrecorded.call_once(|| {
                tracing::warn!("last uses are not recorded: {lacking}");
            });
        }
        Ok(lacking.is_none())
    }

    /// Whether to record pepper checks: not if the role may neither record them nor make keys.
    async fn records_peppers(&self) -> DbResult<bool> {
        let makes_keys = "SELECT has_any_column_privilege('api_key_secret', 'INSERT')";
        let makes_keys = sqlx::query_scalar(makes_keys);
        if makes_keys.fetch_one(&mut *self.to_write().await?).await? {
            return Ok(true);
        }
        let lacking = self.lacking_to_write(|table| table == PEPPERS).await?;
        if let Some(lacking) = &lacking {
            tracing::warn!(
                "a pepper is not recorded, so others may use a different one as its version: {lacking}"
            );
        }
        Ok(lacking.is_none())
    }

    /// Why a server could not write into these tables.
    async fn lacking_to_write(&self, wanted: impl Fn(&str) -> bool) -> DbResult<Option<String>> {
        let mut connection = self.to_write().await?;
        let read_only = sqlx::query_scalar("SHOW transaction_read_only");
        let read_only: String = read_only.fetch_one(&mut *connection).await?;
        if read_only == "on" {
            return Ok(Some("`default_transaction_read_only` is on".to_owned()));
        }
        let lacking = grants::lacking(&mut *connection, Role::Server, wanted).await?;
        Ok(lacking.map(|grants| format!("the role needs {grants}")))
    }

    async fn make_triggers(&self) -> DbResult<Vec<String>> {
        if ChangedDefinitions::find(&mut *self.snapshot().await?)
            .await?
            .is_empty()
        {
            return Ok(Vec::new());
        }
        let mut transaction = self.write().await?;
        let changed = ChangedDefinitions::find(&mut *transaction).await?;
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let repaired = changed.repair(&mut transaction).await?;
        sql::relist(&mut transaction).await?;
        transaction.commit().await?;
        Ok(repaired)
    }

    async fn begin_watch(&self, poll: Duration) -> DbResult<Listening> {
        // Each watch has a pool of its own, so that a listener that hangs cannot block the next watch. The server
        // ends what hangs there, or each of them would leave a connection behind.
        let pool = pool(1).max_lifetime(None).idle_timeout(None);
        let options = giving_up_after(&self.options, PATIENCE.min(2 * poll));
        let pool = connected(pool, options).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        Listening::begin(listener, poll).await
    }
}

/// The text, if an index finds its keys cheaply: few keys have it, few have its rarest part in their names, and few
/// its rarest part in their hints. A GIN index finds all keys before it gives the first one, and reads as many as have
/// the rarest part. How many they are is estimated from 25 pages of the lists, so that the limits are twice as high.
async fn rare_parts(
    connection: &mut PgConnection,
    piece: &Piece,
    few_with_part: i64,
    few: i64,
) -> DbResult<Option<String>> {
    const SCALE: &str = "greatest(1, pg_relation_size('api_key_listed') / 204800.0)";
    let mut query = QueryBuilder::new("SELECT greatest(");
    for (index, field) in ["name", "hint"].into_iter().enumerate() {
        query.push(if index > 0 { ", least(" } else { "least(" });
        for (index, part) in piece.parts().into_iter().enumerate() {
            query
                .push(if index > 0 { ", " } else { "" })
                .push(format!("count(*) FILTER (WHERE strpos({field}, "))
                .push_bind(part)
                .push(") > 0)");
        }
        query.push(")");
    }
    query
        .push(format!(") * {SCALE} <= "))
        .push_bind(2 * few_with_part)
        .push(" AND count(*) FILTER (WHERE strpos(name, ")
        .push_bind(piece.0.clone())
        .push(") > 0 OR strpos(hint, ")
        .push_bind(piece.0.clone())
        .push(format!(") > 0) * {SCALE} <= "))
        .push_bind(2 * few)
        .push(
            " FROM (SELECT lower(name) AS name, hint FROM api_key_listed TABLESAMPLE SYSTEM
                  (100 * least(1, 204800.0 / greatest(1, pg_relation_size('api_key_listed'))))
                  WHERE list = 'a' OFFSET 0) AS sample",
        );
    let rare = query.build_query_scalar().persistent(false);
    let rare: bool = rare.fetch_one(connection).await?;
    Ok(rare.then(|| piece.0.clone()))
}

impl CopyEnd for PostgresStore {
    fn address(&self) -> String {
        Self::address(self)
    }

    fn reading(&self) -> BoxFuture<'_, DbResult<OpenTransaction>> {
        Self::reading(self).boxed()
    }

    fn writing(&self) -> BoxFuture<'_, DbResult<OpenTransaction>> {
        Self::writing(self).boxed()
    }
}

/// How to connect to the database at an address, without a setting of sqlx that poolers refuse and nothing
/// here needs.
fn named(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = options(url)?.extra_float_digits(None);
    Ok(options.application_name(APPLICATION))
}

/// A pool that tries its connections before it lends them and when it has them back, and gives up
/// those that fall silent. sqlx itself would wait for their answer as long as the network does, and
/// nobody could use them.
fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(answers(connection, PATIENCE / 4)))
        .after_release(|connection, _| Box::pin(answers(connection, PATIENCE)))
}

/// A pool with one connection already.
async fn connected(pool: PgPoolOptions, options: PgConnectOptions) -> DbResult<PgPool> {
    match pool.connect_with(options.clone()).await {
        Ok(pool) => Ok(pool),
        Err(error) => {
            let reason = reason(&options, error, PATIENCE).await;
            Err(unopened(&options, reason).into())
        }
    }
}

/// Why there is no connection. If a server refuses connections or has too many, a pool tries again, and
/// then reports only that its time is over.
async fn reason(options: &PgConnectOptions, error: sqlx::Error, patience: Duration) -> sqlx::Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error;
    }
    match timeout(patience, options.connect()).await {
        Ok(Err(reason)) => reason,
        // Now there is one.
        Ok(Ok(_)) => error,
        Err(_) => no_answer(patience),
    }
}

/// Which schema of which database of which server a connection leads to.
async fn schema_of(connection: &mut PgConnection) -> DbResult<String> {
    let schema = sqlx::raw_sql(
        "SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), current_database(), current_schema())",
    );
    Ok(schema.fetch_one(connection).await?.try_get(0)?)
}

/// Whether prepared statements stay with their connection. Behind a pooler that ignores them, the next
/// connection on the same session sees them, under the names that sqlx gives.
async fn keeps_statements(one: &PgPool, other: &PgPool) -> DbResult<bool> {
    match sqlx::query("SELECT 1").execute(one).await {
        Err(error) if of_pooler(&error) == Some(POOLER) => return Ok(false),
        prepared => prepared?,
    };
    // `raw_sql` prepares nothing.
    let found =
        sqlx::raw_sql("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'sqlx%'");
    let found: i64 = found.fetch_one(other).await?.try_get(0)?;
    Ok(found == 0)
}

async fn answers(connection: &mut PgConnection, patience: Duration) -> sqlx::Result<bool> {
    let answer = timeout(patience, connection.ping()).await;
    answer.map_err(|_| no_answer(patience))??;
    Ok(true)
}

/// Tells the server to end statements that take longer.
fn giving_up_after(options: &PgConnectOptions, time: Duration) -> PgConnectOptions {
    let time = format!("{}ms", time.as_millis());
    options.clone().options([("statement_timeout", time)])
}
