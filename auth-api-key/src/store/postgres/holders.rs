//! Finds out who holds the locks that a change of keys waits for.

use std::{fmt, pin::pin, time::Duration};

use tokio::time::timeout;

use super::{APPLICATION, PostgresStore, sql::Lent};
use crate::store::error::DbResult;

/// How long to wait before asking who holds the locks, and before asking again.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// A session that our sessions wait for, and that does not wait for another.
struct Holder {
    /// 0 is a prepared transaction.
    pid: i32,
    role: Option<String>,
    application: Option<String>,
    /// Only roles with more rights see this and `seconds`.
    state: Option<String>,
    seconds: Option<i64>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, .. } = self;
        if *pid == 0 {
            return f.write_str("a prepared transaction, which `pg_prepared_xacts` shows");
        }
        write!(f, "pid {pid}")?;
        if let Some(role) = &self.role {
            write!(f, ", role {role:?}")?;
        }
        if let Some(application) = &self.application {
            write!(f, ", application {application:?}")?;
        }
        if let Some(state) = &self.state {
            write!(f, ", {state}")?;
        }
        if let Some(seconds) = self.seconds {
            write!(f, ", in a transaction of {seconds} s")?;
        }
        write!(
            f,
            " (end its transaction, or the session by `SELECT pg_terminate_backend({pid})`)"
        )
    }
}

impl PostgresStore {
    /// Does work that may have to wait for locks. Its error names who holds them.
    pub(super) async fn naming_holders<T>(
        &self,
        work: impl Future<Output = DbResult<T>>,
    ) -> DbResult<T> {
        let mut work = pin!(work);
        let mut holders: Option<String> = None;
        loop {
            if let Ok(done) = timeout(ASK_EVERY, &mut work).await {
                return match holders {
                    Some(holders) => done.map_err(|error| error.held_up_by(holders)),
                    None => done,
                };
            }
            // If this fails, the last result stays.
            if let Ok(now) = self.holders().await {
                if let (None, Some(holders)) = (&holders, &now) {
                    tracing::warn!("a change waits for a lock that is held by {holders}");
                }
                holders = now;
            }
        }
    }

    async fn holders(&self) -> DbResult<Option<String>> {
        let ask = |mut connection: Lent| async move {
            let holders = sqlx::query_as(
                "WITH RECURSIVE waiting (pid, holds) AS (
                     SELECT pid, FALSE FROM pg_stat_activity
                     WHERE datname = current_database() AND usename = current_user
                         AND application_name = $1 AND wait_event_type = 'Lock'
                     UNION
                     SELECT unnest(pg_blocking_pids(pid)), TRUE FROM waiting)
                 SELECT w.pid, usename::text AS role, application_name AS application, state,
                     extract(epoch FROM clock_timestamp() - xact_start)::bigint AS seconds
                 FROM waiting w LEFT JOIN pg_stat_activity a ON a.pid = w.pid
                 WHERE holds AND cardinality(pg_blocking_pids(w.pid)) = 0 ORDER BY xact_start",
            );
            let holders = holders.bind(APPLICATION).fetch_all(&mut *connection);
            (holders.await, connection)
        };
        let holders: Vec<(_, _, _, _, _)> = self.ask(ask).await?;
        let holder = |(pid, role, application, state, seconds)| Holder {
            pid,
            role,
            application,
            state,
            seconds,
        };
        let holders: Vec<String> = (holders.into_iter())
            .map(|row| holder(row).to_string())
            .collect();
        Ok(Some(holders.join("; ")).filter(|holders| !holders.is_empty()))
    }
}
