//! The connections for look-ups.
//!
//! sqlx tries each connection when it goes back to its pool. That is a round trip, and meanwhile nobody
//! can use the connection. A connection that answered a moment ago needs no trial: it is lent again, and
//! goes back to its pool only now and then.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection, Database, Executor, Pool, database::HasStatementCache, pool::PoolConnection,
};
use tokio::{sync::Semaphore, time::timeout};

use super::error::is_outdated;

/// A connection that answered within this time is lent without a trial.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long a connection stays out of its pool, which closes it when it is old.
const STAY: Duration = Duration::from_secs(60);
/// How long to wait for a connection.
const TURN: Duration = Duration::from_secs(2);
/// How long to wait for a result. A PostgreSQL server gives up before.
const ANSWER: Duration = Duration::from_millis(2500);

/// How often statements are prepared again: each session of a pooler may need it.
const ATTEMPTS: usize = 5;

struct AtHand<DB: Database> {
    connection: PoolConnection<DB>,
    taken: Instant,
    answered: Instant,
}

pub(super) struct Connections<DB: Database> {
    pool: Pool<DB>,
    /// As many as the pool has connections.
    turns: Semaphore,
    at_hand: Mutex<Vec<AtHand<DB>>>,
}

impl<DB: Database + HasStatementCache> Connections<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    pub(super) fn of(pool: Pool<DB>) -> Self {
        Self {
            turns: Semaphore::new(pool.options().get_max_connections() as usize),
            at_hand: Mutex::default(),
            pool,
        }
    }

    pub(super) fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    pub(super) fn number(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Asks over one of the connections, which `question` gives back with the result. `question` must
    /// change nothing: it is asked again if a connection that was lent without a trial is lost.
    pub(super) async fn ask<T, F>(
        &self,
        question: impl Fn(PoolConnection<DB>) -> F,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = (sqlx::Result<T>, PoolConnection<DB>)>,
    {
        let turn = timeout(TURN, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if let Some(AtHand {
            connection, taken, ..
        }) = self.take()
        {
            match self.ask_over(&question, connection, taken).await {
                Err(error) if is_loss(&error) => {}
                answer => return answer,
            }
        }
        let connection = self.pool.acquire().await?;
        self.ask_over(&question, connection, Instant::now()).await
    }

    async fn ask_over<T, F>(
        &self,
        question: &impl Fn(PoolConnection<DB>) -> F,
        connection: PoolConnection<DB>,
        taken: Instant,
    ) -> sqlx::Result<T>
    where
        F: Future<Output = (sqlx::Result<T>, PoolConnection<DB>)>,
    {
        let answer = up_to_date(question, connection);
        // A connection that does not answer goes back to the pool, which tries it and drops it.
        let answer = timeout(ANSWER, answer).await;
        let (answer, connection) = answer.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let mut at_hand = self.at_hand();
        if answer.is_ok() && !self.pool.is_closed() && taken.elapsed() < STAY {
            at_hand.push(AtHand {
                connection,
                taken,
                answered: Instant::now(),
            });
        }
        answer
    }

    fn at_hand(&self) -> MutexGuard<'_, Vec<AtHand<DB>>> {
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that answered last, if that was a moment ago. Otherwise all go back to the pool.
    fn take(&self) -> Option<AtHand<DB>> {
        let mut at_hand = self.at_hand();
        let last = at_hand.pop_if(|last| last.answered.elapsed() < FRESH_FOR);
        if last.is_none() {
            at_hand.clear();
        }
        last
    }

    /// Closes the pool. Questions under way still end.
    #[cfg(feature = "sqlite")]
    pub(super) fn close(&self) -> impl Future<Output = ()> {
        let closing = self.pool.close();
        self.at_hand().clear();
        closing
    }
}

/// Asks. If a table was altered since the statements were prepared, prepares them again and asks again.
async fn up_to_date<DB, T, F>(
    question: &impl Fn(PoolConnection<DB>) -> F,
    connection: PoolConnection<DB>,
) -> (sqlx::Result<T>, PoolConnection<DB>)
where
    DB: Database + HasStatementCache,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    F: Future<Output = (sqlx::Result<T>, PoolConnection<DB>)>,
{
    let (mut answer, mut connection) = question(connection).await;
    for _ in 0..ATTEMPTS {
        if !answer.as_ref().is_err_and(is_outdated) {
            break;
        }
        if let Err(error) = prepare_anew(&mut *connection).await {
            return (Err(error), connection);
        }
        (answer, connection) = question(connection).await;
    }
    (answer, connection)
}

/// Forgets the prepared statements of a connection, and of the session that a pooler lends it, which
/// other connections share. They are prepared again when they are next used.
pub(super) async fn prepare_anew<C>(connection: &mut C) -> sqlx::Result<()>
where
    C: Connection,
    C::Database: HasStatementCache,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    connection.clear_cached_statements().await?;
    connection.execute("DEALLOCATE ALL").await?;
    Ok(())
}

/// Whether a connection was lost: by the network, or because the server ended it.
fn is_loss(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

impl<DB: Database> fmt::Debug for Connections<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pool.fmt(f)
    }
}
