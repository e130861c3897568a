//! A connection to the database of an Odoo, and the rows that were read over it.

use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::tables::{Row, Server, Version, rows};
use crate::store::error::{DbResult, no_answer};

/// How long it may take to connect, and how long a statement may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    in_time(options.connect()).await
}

async fn in_time<T>(answer: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    let answer = timeout(PATIENCE, answer).await;
    answer.map_err(|_| no_answer(PATIENCE))?
}

/// Whether the server has no free connections now.
pub(super) fn is_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.as_deref() == Some("53300")
}

/// Begins a transaction in which all reads see one state of the database.
pub(super) async fn one_snapshot(
    connection: &mut PgConnection,
) -> sqlx::Result<sqlx::PgTransaction<'_>> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    connection.begin_with(begin).await
}

/// What a server reports before it is asked for rows.
#[derive(PartialEq, Eq)]
struct Seen {
    server: Server,
    /// The snapshot of transactions: if it is the same as before, no row has changed. A standby does
    /// not know the transactions under way: there it is the position that was replayed.
    transactions: String,
}

impl Seen {
    async fn ask(connection: &mut PgConnection, control: bool) -> sqlx::Result<Self> {
        let (columns, from) = match control {
            true => (
                ", system_identifier, timeline_id",
                " FROM pg_control_system(), pg_control_checkpoint()",
            ),
            false => ("", ""),
        };
        let query = format!(
            "SELECT concat_ws(' ', pg_postmaster_start_time(), pg_is_in_recovery(),
                    (SELECT oid FROM pg_database WHERE datname = current_database()){columns}),
                    pg_backend_pid(),
                    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
                         ELSE txid_current_snapshot()::text END{from}"
        );
        let query = sqlx::query_as(AssertSqlSafe(query));
        let (place, process, transactions) = query.fetch_one(connection).await?;
        Ok(Self {
            server: Server { place, process },
            transactions,
        })
    }
}

/// A connection, and the version of the rows that were read over it. Over another connection the same
/// version may stand for other rows, so this knowledge ends with the connection.
pub(super) struct Session {
    connection: PgConnection,
    /// Whether the database user may ask for the cluster's identifier and timeline.
    control: bool,
    /// The server that answered first.
    server: Server,
    known: Option<Known>,
}

struct Known {
    version: Version,
    /// What was seen before the rows of this version were read.
    seen: Seen,
}

impl Session {
    pub(super) async fn begin(options: &PgConnectOptions) -> sqlx::Result<Self> {
        let mut connection = connect(options).await?;
        let (control, seen) = match in_time(Seen::ask(&mut connection, true)).await {
            Err(sqlx::Error::Database(_)) => {
                (false, in_time(Seen::ask(&mut connection, false)).await?)
            }
            seen => (true, seen?),
        };
        Ok(Self {
            connection,
            control,
            server: seen.server,
            known: None,
        })
    }

    pub(super) fn same_place(&self, other: &Self) -> bool {
        self.server.place == other.server.place
    }

    /// The rows that decisions depend on. `None` if they have not changed since they were last read over
    /// this connection.
    pub(super) async fn ask(&mut self) -> DbResult<Option<Vec<Row>>> {
        // Before the rows are read: a later change shows in the result of the next call.
        let seen = Seen::ask(&mut self.connection, self.control).await?;
        // Behind a pooler, the rows may have come from another server than `seen`.
        if let Some(known) = &self.known
            && known.seen == seen
            && known.version.server == seen.server
        {
            return Ok(None);
        }
        let mut moment = one_snapshot(&mut self.connection).await?;
        let Seen { server, .. } = Seen::ask(&mut moment, self.control).await?;
        let version = Version::ask(&mut moment, server).await?;
        let read = match &self.known {
            Some(known) if known.version == version => None,
            _ => Some(rows(&mut moment, version.tables).await?),
        };
        moment.commit().await?;
        self.known = Some(Known { version, seen });
        Ok(read)
    }
}
