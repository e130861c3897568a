//! Who is signed in to the pages for operators.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use sqlx::{Row as _, types::Json};
use tokio::time::timeout;

use super::{super::Store, Lent, TURN, read::Row};
use crate::{
    error::Error,
    key::{Digest, to_millis},
    store::{
        error::{DbResult, boxed},
        operator_session::{NewSession, SESSION_IDLE, SESSION_LASTS, SESSIONS, SessionStore},
    },
};

/// How often a use is written at most.
const NOTED: Duration = Duration::from_secs(60);

fn before(now: SystemTime, period: Duration) -> DbResult<i64> {
    Ok(to_millis(now)? - i64::try_from(period.as_millis()).map_err(Error::store)?)
}

impl Store {
    /// Asks over a connection for look-ups, since a list may take long: one at a time, so that look-ups of keys do
    /// not wait for those who are not signed in.
    async fn ask_in_turn<T, F>(&self, question: impl Fn(Lent) -> F) -> DbResult<T>
    where
        F: Future<Output = (sqlx::Result<T>, Lent)>,
    {
        let turn = timeout(TURN, self.asking.acquire()).await;
        let _turn = turn.map_err(|_| {
            Error::store(format!(
                "other look-ups of sessions have not ended for {TURN:?}"
            ))
        })?;
        self.ask(question).await
    }

    /// A session that has not ended.
    async fn session(&self, token: &Digest, now: SystemTime) -> DbResult<Option<Row>> {
        let (begun, used) = (before(now, SESSION_LASTS)?, before(now, SESSION_IDLE)?);
        self.ask_in_turn(move |mut lent| async move {
            let query = "SELECT digests, used_at FROM api_key_session
                         WHERE token = $1 AND begun_at > $2 AND used_at > $3";
            let query = sqlx::query(query).bind(token.as_bytes().as_slice());
            let query = query.bind(begun).bind(used);
            (query.fetch_optional(&mut *lent).await, lent)
        })
        .await
    }

    async fn operator_groups(&self) -> DbResult<Vec<String>> {
        self.ask_in_turn(|mut lent| async move {
            let codes = sqlx::query_scalar("SELECT code FROM api_key_operator_group ORDER BY code");
            (codes.fetch_all(&mut *lent).await, lent)
        })
        .await
    }
}

impl SessionStore for Store {
    fn begin<'a>(&'a self, session: NewSession<'a>) -> BoxFuture<'a, Result<(), Error>> {
        let NewSession {
            token,
            key_id,
            digests,
            now,
        } = session;
        boxed(self.in_turn(async move {
            // One after the other, so that each sees those that have begun.
            let mut transaction = self.write().await?;
            sqlx::query("DELETE FROM api_key_session WHERE begun_at <= $1 OR used_at <= $2")
                .bind(before(now, SESSION_LASTS)?)
                .bind(before(now, SESSION_IDLE)?)
                .execute(&mut *transaction)
                .await?;
            let oldest = "DELETE FROM api_key_session WHERE token IN
                          (SELECT token FROM api_key_session WHERE key_id = $1
                           ORDER BY begun_at DESC LIMIT 1000 OFFSET $2)";
            sqlx::query(oldest)
                .bind(key_id)
                .bind(SESSIONS as i64 - 1)
                .execute(&mut *transaction)
                .await?;
            let digests: Vec<u8> = digests
                .iter()
                .flat_map(|digest| *digest.as_bytes())
                .collect();
            let now = to_millis(now)?;
            sqlx::query(
                "INSERT INTO api_key_session (token, key_id, digests, begun_at, used_at)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(token.as_bytes().as_slice())
            .bind(key_id)
            .bind(digests)
            .bind(now)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            Ok(transaction.commit().await?)
        }))
    }

    fn resume<'a>(
        &'a self,
        token: &'a Digest,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Option<Vec<Digest>>, Error>> {
        boxed(async move {
            let Some(found) = self.session(token, now).await? else {
                return Ok(None);
            };
            // While somebody else writes, the use is not noted: the next one is.
            if found.try_get::<i64, _>("used_at")? <= before(now, NOTED)?
                && let Ok(_turn) = self.turns.try_acquire()
            {
                let mut transaction = self.begin().await?;
                sqlx::query("UPDATE api_key_session SET used_at = $1 WHERE token = $2")
                    .bind(to_millis(now)?)
                    .bind(token.as_bytes().as_slice())
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
            }
            let digests: Vec<u8> = found.try_get("digests")?;
            let (digests, _) = digests.as_chunks::<32>();
            Ok(Some(digests.iter().copied().map(Digest::from).collect()))
        })
    }

    fn end<'a>(&'a self, token: &'a Digest) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move {
            // Whoever asks may not be signed in, and must not queue among changes.
            if self.session(token, UNIX_EPOCH).await?.is_none() {
                return Ok(());
            }
            self.in_turn(async {
                let mut transaction = self.begin().await?;
                sqlx::query("DELETE FROM api_key_session WHERE token = $1")
                    .bind(token.as_bytes().as_slice())
                    .execute(&mut *transaction)
                    .await?;
                Ok(transaction.commit().await?)
            })
            .await
        })
    }

    fn operator_groups(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        boxed(self.operator_groups())
    }

    fn add_operator_groups<'a>(
        &'a self,
        groups: &'a [&'a str],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move {
            let known = self.operator_groups().await?;
            if groups
                .iter()
                .all(|group| known.iter().any(|known| known == group))
            {
                return Ok(());
            }
            self.in_turn(async {
                let mut transaction = self.begin().await?;
                for code in groups {
                    sqlx::query(
                        "INSERT INTO api_key_operator_group (code) VALUES ($1) ON CONFLICT DO NOTHING",
                    )
                    .bind(code)
                    .execute(&mut *transaction)
                    .await?;
                }
                Ok(transaction.commit().await?)
            })
            .await
        })
    }

    fn record_refused<'a>(
        &'a self,
        changed: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(self.in_turn(async move {
            let mut transaction = self.write().await?;
            sqlx::query("INSERT INTO api_key_refused_sign_in (changed) VALUES ($1)")
                .bind(Json(changed))
                .execute(&mut *transaction)
                .await?;
            Ok(transaction.commit().await?)
        }))
    }
}
