//! Keys in SQL tables: what SQLite and PostgreSQL have in common, which is all but opening, watching
//! and the statements that begin a change.
//!
//! These files are modules of both stores. sqlx's types are generic over the database, but its
//! bounds cannot be named once; so each store names its `Database`, and the rest is compiled for
//! both.

mod copy;
mod list;
#[cfg(feature = "admin")]
mod operator_session;
mod read;
mod relist;
mod rotation;
mod schema;
mod trail;
mod uses;
mod write;

use std::{
    sync::atomic::Ordering,
    time::{Duration, SystemTime},
};

use futures_util::future::BoxFuture;
use sqlx::{FromRow as _, Row as _};
use tokio::time::timeout;

pub(in crate::store) use self::relist::relist;
pub(super) use self::{copy::begun, schema::require_compatible};
use self::{
    list::{count, groups, page, users},
    read::{BATCH, Found, Query, digest, key_named, select, select_found},
    trail::{changes_by_hand, prune, recorded_since, trail},
    write::make_as,
};
use super::{Database, POLL, SNAPSHOT, Store};
#[cfg(feature = "admin")]
use crate::store::operator_session::SessionStore;
use crate::{
    error::Error,
    key::{
        Digest, Group, KeyFilter, KeyRecord, Page, Paging, TrailEvent, TrailFilter, User, to_millis,
    },
    store::{
        connections::prepare_anew,
        copy::UNFINISHED,
        error::{DbResult, StoreError, boxed},
        key_store::{Change, ChangesByHand, KeyStore},
        lookup::{Lookup, PepperCheck, StoredDigest, UnfinishedCopy, Watch},
    },
};

/// How many digests are listed at a time.
const PAGE: i64 = 5_000;
/// How many changes by hand are read at a time.
const LOGGED: usize = 100;
/// How long to wait for earlier writers.
const TURN: Duration = Duration::from_secs(30);

pub(super) type Lent = sqlx::pool::PoolConnection<Database>;
pub(in crate::store) type Snapshot = sqlx::Transaction<'static, Database>;

impl Store {
    /// Makes look-ups fail if a newer version has made the tables unusable.
    async fn check_schema(&self) -> DbResult<()> {
        // Over an existing connection: a list would open another one.
        let compatible = self.ask(|mut connection: Lent| async move {
            (Ok(require_compatible(&mut connection).await), connection)
        });
        let compatible = compatible.await?.map_err(Error::from);
        if matches!(compatible, Ok(()) | Err(Error::Open(_))) {
            self.usable.store(compatible.is_ok(), Ordering::Relaxed);
        }
        Ok(compatible?)
    }

    /// Writes when it is its turn. Writers that wait for a lock do not take connections from others.
    async fn in_turn<T>(&self, writing: impl Future<Output = DbResult<T>>) -> DbResult<T> {
        self.naming_holders(async {
            let turn = timeout(TURN, self.turns.acquire()).await;
            let _turn = turn.map_err(|_| {
                Error::store(format!(
                    "other changes of this process have not ended for {TURN:?}"
                ))
            })?;
            writing.await
        })
        .await
    }

    /// Asks over a connection for look-ups, which `question` gives back with the result.
    pub(in crate::store) async fn ask<T, F>(&self, question: impl Fn(Lent) -> F) -> DbResult<T>
    where
        F: Future<Output = (sqlx::Result<T>, Lent)>,
    {
        let answer = self.lookups.ask(question).await;
        self.explained(self.lookups.pool(), answer).await
    }

    pub(in crate::store) async fn snapshot(&self) -> DbResult<Snapshot> {
        let begun = self.reads.begin_with(SNAPSHOT).await;
        self.explained(&self.reads, begun).await
    }

    /// Reads in a transaction, which `question` gives back with the result. Behind a pooler, statements that
    /// are prepared for one use find their session again only in a transaction.
    async fn read<T, F>(&self, question: impl Fn(Snapshot) -> F) -> DbResult<T>
    where
        F: Future<Output = (DbResult<T>, Snapshot)>,
    {
        let turn = timeout(TURN, self.reading.acquire()).await;
        let _turn = turn.map_err(|_| {
            Error::store(format!(
                "other lists of this process have not ended for {TURN:?}"
            ))
        })?;
        let (mut answer, _) = question(self.snapshot().await?).await;
        if answer.as_ref().is_err_and(StoreError::is_outdated) {
            let mut snapshot = self.snapshot().await?;
            prepare_anew(&mut *snapshot).await?;
            (answer, _) = question(snapshot).await;
        }
        answer
    }

    fn usable(&self) -> DbResult<()> {
        match self.usable.load(Ordering::Relaxed) {
            true => Ok(()),
            false => {
                Err(Error::store("the tables are of a newer version: upgrade this program").into())
            }
        }
    }
}

impl Lookup for Store {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move {
            self.usable()?;
            let find = |mut connection: Lent| async move {
                let mut query = select_found(digests);
                let found = query.build_query_as().fetch_optional(&mut *connection);
                (found.await, connection)
            };
            let found: Option<Found> = self.ask(find).await?;
            Ok(found.map(Found::by_its_text))
        })
    }

    fn find_all<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Vec<(Digest, KeyRecord)>, Error>> {
        boxed(async move {
            let mut found = Vec::with_capacity(digests.len());
            for digests in digests.chunks(BATCH) {
                let find = |mut connection: Lent| async move {
                    // Prepared for good, each number of digests would be its own statement.
                    let mut query = select_found(digests);
                    let query = query.build().persistent(false);
                    (query.fetch_all(&mut *connection).await, connection)
                };
                for row in self.ask(find).await? {
                    found.push((digest(&row)?, Found::from_row(&row)?.by_its_text()));
                }
            }
            Ok(found)
        })
    }

    fn digests(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<Vec<StoredDigest>>, Error>> {
        boxed(async move {
            let ask = |mut connection: Lent| async move {
                let page =
                    "SELECT id, digest FROM api_key_secret WHERE id > $1 ORDER BY id LIMIT $2";
                let page = sqlx::query(page).bind(after.unwrap_or(i64::MIN)).bind(PAGE);
                (page.fetch_all(&mut *connection).await, connection)
            };
            let page = self.ask(ask).await?;
            let listed = page.iter().map(|row| {
                let (number, digest) = (row.try_get("id")?, digest(row)?);
                Ok(StoredDigest { number, digest })
            });
            Ok(Some(listed.collect::<DbResult<_>>()?))
        })
    }

    fn find_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move {
            self.usable()?;
            let find = |mut connection: Lent| async move {
                let named = select(&mut connection, |query| {
                    query.push("k.technical_name = ").push_bind(name);
                });
                (named.await, connection)
            };
            Ok(self.ask(find).await?.pop())
        })
    }

    fn look_ups_at_a_time(&self) -> usize {
        self.lookups.number() as usize
    }

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        boxed(async move {
            let now = to_millis(SystemTime::now())?;
            let ask = |mut connection: Lent| async move {
                let rows = sqlx::query_as(
                    "SELECT version, check_value, EXISTS (
                     SELECT 1 FROM api_key_secret WHERE pepper_version = version
                     AND (valid_until IS NULL OR valid_until > $1))
                 FROM api_key_pepper",
                )
                .bind(now)
                .fetch_all(&mut *connection);
                (rows.await, connection)
            };
            let rows: Vec<(i64, Vec<u8>, bool)> = self.ask(ask).await?;
            let check = |(version, check, in_use): (i64, Vec<u8>, bool)| {
                Ok(PepperCheck {
                    version: version.try_into().map_err(Error::store)?,
                    check: check.try_into().map_err(|_| {
                        Error::store("the check value of a pepper is not 32 bytes long")
                    })?,
                    in_use,
                })
            };
            rows.into_iter().map(check).collect()
        })
    }

    fn unfinished_copy(&self) -> BoxFuture<'_, Result<Option<UnfinishedCopy>, Error>> {
        boxed(async move {
            let ask = |mut connection: Lent| async move {
                let from = sqlx::query_scalar(UNFINISHED).fetch_optional(&mut *connection);
                (from.await, connection)
            };
            let from: Option<String> = self.ask(ask).await?;
            Ok(from.map(|from| UnfinishedCopy::new(from, self.address())))
        })
    }

    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        boxed(async move {
            let poll = POLL.min(bound / 4);
            // First, since it says why a server takes no connection.
            let watch: Box<dyn Watch> = Box::new(self.begin_watch(poll).await?);
            self.check_schema().await?;
            Ok(Some(watch))
        })
    }

    fn record_uses<'a>(
        &'a self,
        uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move {
            if !self.in_turn(self.records_uses()).await? {
                return Ok(());
            }
            // A change waits for one batch at most.
            for uses in uses.chunks(BATCH) {
                self.in_turn(self.write_uses(uses)).await?;
            }
            Ok(())
        })
    }
}

impl KeyStore for Store {
    #[cfg(feature = "admin")]
    fn sessions(&self) -> Option<&dyn SessionStore> {
        Some(self)
    }

    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(self.in_turn(async move {
            if !self.records_peppers().await? {
                return Ok(());
            }
            let mut transaction = self.begin().await?;
            Query::new("INSERT INTO api_key_pepper (version, check_value) ")
                .push_values(checks, |mut row, (version, check)| {
                    row.push_bind(i64::from(*version))
                        .push_bind(check.as_bytes().as_slice());
                })
                .push(" ON CONFLICT DO NOTHING")
                .build()
                .execute(&mut *transaction)
                .await?;
            Ok(transaction.commit().await?)
        }))
    }

    fn change<'a>(
        &'a self,
        change: &'a Change,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>> {
        boxed(self.in_turn(async move {
            let mut transaction = self.write().await?;
            let mut made = make_as(&mut transaction, change, actor).await;
            if made.as_ref().is_err_and(StoreError::is_outdated) {
                transaction.rollback().await?;
                transaction = self.write().await?;
                prepare_anew(&mut *transaction).await?;
                made = make_as(&mut transaction, change, actor).await;
            }
            let keys = made?;
            transaction.commit().await?;
            Ok(keys)
        }))
    }

    fn trail<'a>(
        &'a self,
        filter: &'a TrailFilter,
    ) -> BoxFuture<'a, Result<Page<TrailEvent>, Error>> {
        boxed(self.read(move |mut lent| async move { (trail(&mut lent, filter).await, lent) }))
    }

    fn changes_by_hand(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<ChangesByHand>, Error>> {
        boxed(async move {
            // Over a connection for look-ups, so that a node needs none for lists.
            let ask = |mut lent: Lent| async move {
                let found = changes_by_hand(&mut lent, after, LOGGED).await;
                (Ok(found), lent)
            };
            match self.ask(ask).await? {
                Err(error) if error.is_not_allowed() => Ok(None),
                found => found.map(Some),
            }
        })
    }

    fn prune<'a>(
        &'a self,
        before: SystemTime,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        boxed(async move {
            let before = to_millis(before)?;
            let mut pruned = 0;
            loop {
                // One part after the other, and others write in between.
                let more = self.in_turn(async {
                    let mut transaction = self.write().await?;
                    let more = prune(&mut transaction, before, &mut pruned, actor).await?;
                    transaction.commit().await?;
                    Ok(more)
                });
                if !more.await? {
                    return Ok(pruned);
                }
            }
        })
    }

    fn uses_recorded_since(&self) -> BoxFuture<'_, Result<Option<SystemTime>, Error>> {
        boxed(self.read(|mut lent| async move { (recorded_since(&mut lent).await, lent) }))
    }

    fn until_changeable(&self) -> BoxFuture<'_, Result<(), Error>> {
        boxed(self.in_turn(async move {
            match self.write().await {
                Ok(transaction) => Ok(transaction.rollback().await?),
                // A role that may never change keys need not wait.
                Err(error) if error.is_not_allowed() => Ok(()),
                Err(error) => Err(error),
            }
        }))
    }

    fn repair(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        boxed(self.in_turn(self.make_triggers()))
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(self.read(move |mut lent| async move { (key_named(&mut lent, name).await, lent) }))
    }

    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>> {
        boxed(self.read(move |mut lent| async move { (page(&mut lent, filter).await, lent) }))
    }

    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>> {
        boxed(self.read(move |mut lent| async move { (count(&mut lent, filter).await, lent) }))
    }

    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>> {
        boxed(self.read(move |mut lent| async move { (groups(&mut lent, paging).await, lent) }))
    }

    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>> {
        boxed(self.read(move |mut lent| async move { (users(&mut lent, paging).await, lent) }))
    }
}
