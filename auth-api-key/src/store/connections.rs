//! The connections for look-ups.
//!
//! sqlx tries each connection when it is given back, which is a round trip, and lets nobody have it
//! meanwhile. A connection that answered a moment ago needs no trial: it is lent again, and goes back
//! to its pool only now and then.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Database, Pool, database::HasStatementCache, pool::PoolConnection};
use tokio::{sync::Semaphore, time::timeout};

use super::fault::is_outdated;

/// How long ago a connection has answered that is lent untried.
const MOMENT: Duration = Duration::from_secs(1);
/// How long a connection stays out of its pool, which closes it when it is old.
const STAY: Duration = Duration::from_secs(60);
/// How long to wait for a connection.
const TURN: Duration = Duration::from_secs(2);
/// How long to wait for an answer. The server of PostgreSQL gives up before.
const ANSWER: Duration = Duration::from_millis(2500);

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

impl<DB: Database + HasStatementCache> Connections<DB> {
    pub(super) fn of(pool: Pool<DB>) -> Self {
        Self {
            turns: Semaphore::new(pool.options().get_max_connections() as usize),
            at_hand: Mutex::default(),
            pool,
        }
    }

    pub(super) fn number(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Asks over one of the connections, which `question` gives back with the answer. It must change
    /// nothing: it is asked again where a connection turns out to be lost that was not tried before.
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
        let answer = up_to_date(question, connection, is_outdated);
        // One that gives no answer goes back to the pool, which tries it and gives it up.
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

    /// The connection that answered last, if that was a moment ago. The others go back to the pool
    /// otherwise.
    fn take(&self) -> Option<AtHand<DB>> {
        let mut at_hand = self.at_hand();
        let last = at_hand.pop_if(|last| last.answered.elapsed() < MOMENT);
        if last.is_none() {
            at_hand.clear();
        }
        last
    }

    /// Ends all use, but for what is under way.
    #[cfg(feature = "sqlite")]
    pub(super) fn close(&self) -> impl Future<Output = ()> {
        let closing = self.pool.close();
        self.at_hand().clear();
        closing
    }
}

/// Asks, and asks again with statements that are prepared anew where `is_outdated` says that a table
/// was altered since they were prepared.
pub(super) async fn up_to_date<DB, T, E, F>(
    question: &impl Fn(PoolConnection<DB>) -> F,
    connection: PoolConnection<DB>,
    is_outdated: impl FnOnce(&E) -> bool,
) -> (Result<T, E>, PoolConnection<DB>)
where
    DB: Database + HasStatementCache,
    E: From<sqlx::Error>,
    F: Future<Output = (Result<T, E>, PoolConnection<DB>)>,
{
    let (answer, mut connection) = question(connection).await;
    match answer {
        Err(error) if is_outdated(&error) => match connection.clear_cached_statements().await {
            Ok(()) => question(connection).await,
            Err(error) => (Err(error.into()), connection),
        },
        answer => (answer, connection),
    }
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
