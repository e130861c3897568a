//! Notices that others have changed the SQLite file, and that another file has taken its place.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{file::Written, opened::Opened, repair_triggers};
use crate::{
    error::Error,
    store::{
        error::{DbResult, boxed},
        lookup::{Changed, News, Watch},
    },
};

/// Up to how many changed keys are reported one by one.
const FEW: i64 = 1000;

/// How long to wait before SQLite is asked again to move all changes into the file.
const SETTLE: Duration = Duration::from_millis(100);

/// Asks the file system again and again whether the file is still the one that was opened. Asks SQLite
/// whether another connection has changed it.
pub(super) struct FileWatch {
    opened: Opened,
    /// `None` after the file was lost.
    asking: Option<Asking>,
    /// Why the file was lost.
    lost: Option<Error>,
    /// After a change was reported: when SQLite was asked for it. Reported next, as a confirmation.
    confirmed: Option<Instant>,
    poll: Duration,
    poll_at: Instant,
}

/// A connection, and what was last read over it. It never changes the file, since
/// [`PRAGMA data_version`] does not show the connection's own changes.
///
/// [`PRAGMA data_version`]: https://www.sqlite.org/pragma.html#pragma_data_version
struct Asking {
    connection: SqliteConnection,
    data_version: i64,
    version: Version,
    /// When the file was last written, if it is settled.
    written: Written,
    /// Whether the file itself has all changes, and its content is what SQLite reports. Then SQLite
    /// writes nothing into it before the next change.
    settled: bool,
    settle_at: Instant,
    /// The newest migration in the file.
    migrated: i64,
    /// Whether the migration and the triggers were checked since the schema last changed.
    checked: bool,
}

#[derive(PartialEq, Eq)]
struct Version {
    generation: i64,
    /// The token of this generation: a restored file counts the same numbers again.
    token: Option<Vec<u8>>,
    /// It changes when SQLite restores a file page by page, even if the generation stays the same.
    schema: i64,
    /// A copy of the file may differ only in this mode.
    journal_mode: String,
}

async fn data_version(connection: &mut SqliteConnection) -> DbResult<i64> {
    let query = sqlx::query_scalar("PRAGMA data_version");
    Ok(query.fetch_one(connection).await?)
}

async fn migrated(connection: &mut SqliteConnection) -> DbResult<i64> {
    let query = sqlx::query_scalar("SELECT max(version) FROM _auth_api_key_migrations");
    Ok(query.fetch_one(connection).await?)
}

async fn version(connection: &mut SqliteConnection) -> DbResult<Version> {
    let query = "SELECT value, token, schema_version FROM pragma_schema_version, api_key_generation
                 LEFT JOIN api_key_token ON generation = value";
    let (generation, token, schema) = sqlx::query_as(query).fetch_one(&mut *connection).await?;
    let journal_mode = sqlx::query_scalar("PRAGMA journal_mode");
    Ok(Version {
        generation,
        token,
        schema,
        journal_mode: journal_mode.fetch_one(connection).await?,
    })
}

/// A connection that does not wait for locks, since nothing is confirmed while it waits.
async fn connect(opened: &Opened) -> DbResult<SqliteConnection> {
    let impatient = opened.options.clone().busy_timeout(Duration::ZERO);
    Ok(impatient.connect().await?)
}

impl FileWatch {
    pub(super) async fn begin(opened: &Opened, poll: Duration) -> DbResult<Self> {
        let written = opened.file.written()?;
        let mut connection = connect(opened).await?;
        // In this order: if a change comes between the two, the next poll sees it.
        let data_version = data_version(&mut connection).await?;
        let version = version(&mut connection).await?;
        repair_triggers::require(&mut connection).await?;
        let asking = Asking {
            migrated: migrated(&mut connection).await?,
            data_version,
            version,
            connection,
            written,
            settled: false,
            settle_at: Instant::now(),
            checked: true,
        };
        opened.file.written()?;
        Ok(Self {
            opened: opened.clone(),
            asking: Some(asking),
            lost: None,
            confirmed: None,
            poll,
            poll_at: Instant::now() + poll,
        })
    }
}

impl Watch for FileWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        boxed(async move {
            if let Some(asked) = self.confirmed.take() {
                return Ok(News::Confirmed(asked));
            }
            tokio::time::sleep_until(self.poll_at.into()).await;
            let asked = Instant::now();
            let Some(mut asking) = self.asking.take() else {
                let lost = self.lost.take();
                return Err(lost
                    .unwrap_or_else(|| Error::store("the file is lost"))
                    .into());
            };
            // The file is the same, so look-ups go on if these checks fail; only the watch ends.
            if !asking.checked {
                repair_triggers::require(&mut asking.connection).await?;
                if migrated(&mut asking.connection).await? != asking.migrated {
                    return Err(Error::store("the tables were changed by another version").into());
                }
                asking.checked = true;
            }
            match asking.poll(&self.opened).await {
                Ok(news) => {
                    self.asking = Some(asking);
                    // Also after a change, wait before the next poll: if keys change all the time, one
                    // poll finds many changes.
                    self.poll_at = asked + self.poll;
                    self.confirmed = news.is_some().then_some(asked);
                    Ok(news.unwrap_or(News::Confirmed(asked)))
                }
                // Reports `All`, so that nothing that was read from this file stays cached.
                Err(error) => {
                    self.opened.close_later();
                    self.lost = Some(error.into());
                    let _ = asking.connection.close().await;
                    Ok(News::Changed(Changed::All))
                }
            }
        })
    }
}

impl Asking {
    /// What was changed; an error if the file is not the one that it was.
    async fn poll(&mut self, opened: &Opened) -> DbResult<Option<News>> {
        let written = opened.file.written()?;
        let data_version = data_version(&mut self.connection).await?;
        if data_version != self.data_version {
            self.data_version = data_version;
            self.settled = false;
            return self.changed().await;
        }
        if !self.settled {
            if self.settle_at <= Instant::now() {
                self.settle_at = Instant::now() + SETTLE;
                self.settle(opened).await?;
            }
        } else if written != self.written {
            return Err(written_over().into());
        }
        Ok(None)
    }

    /// What has changed since the known version.
    async fn changed(&mut self) -> DbResult<Option<News>> {
        // In one transaction, so that the list belongs to the generation.
        let mut transaction = self.connection.begin().await?;
        let now = version(&mut transaction).await?;
        let known = &self.version;
        let token = sqlx::query_scalar("SELECT token FROM api_key_token WHERE generation = $1")
            .bind(known.generation)
            .fetch_optional(&mut *transaction)
            .await?;
        let keys: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT key_id FROM api_key_change WHERE generation > $1 LIMIT $2",
        )
        .bind(known.generation)
        .bind(FEW + 1)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        // Whether the known version led to this one. It did not if an older state was restored.
        let led_here = known.schema == now.schema
            && known.generation <= now.generation
            && known.token.is_some()
            && known.token == token;
        let same = led_here && known.generation == now.generation;
        self.checked &= known.schema == now.schema;
        self.version = now;
        Ok(if same {
            None
        } else if led_here && keys.len() as i64 <= FEW {
            Some(News::Changed(Changed::Keys(keys)))
        } else {
            Some(News::Changed(Changed::All))
        })
    }

    /// Lets SQLite move all changes into the file itself, if no other connection blocks that. The
    /// write-ahead log is then empty, and does no harm to a file that replaces this one. An error if the
    /// file differs from what SQLite reports: SQLite does not notice a copy over the file.
    async fn settle(&mut self, opened: &Opened) -> DbResult<()> {
        let wal_size = || opened.file.wal_size().unwrap_or(0);
        if wal_size() > 0 {
            let moving = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
            if let Err(error) = moving.execute(&mut self.connection).await {
                tracing::debug!(%error, "changes are not moved into the SQLite file yet");
            }
            if wal_size() > 0 {
                return Ok(());
            }
        }
        self.written = opened.file.written()?;
        // A new connection has nothing in memory and reads the file. If none can be made now, the next
        // poll tries again.
        let Ok(mut fresh) = connect(opened).await else {
            opened.file.written()?;
            return Ok(());
        };
        let found = version(&mut fresh).await;
        fresh.close().await?;
        let told = data_version(&mut self.connection).await? != self.data_version;
        if !told && found? != self.version {
            return Err(written_over().into());
        }
        self.settled = true;
        Ok(())
    }
}

fn written_over() -> Error {
    Error::store("another program overwrote the SQLite file")
}
