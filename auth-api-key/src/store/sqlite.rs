//! Keys in a SQLite file.

mod file;
mod opened;
mod repair_triggers;
mod tables;
mod watch;

use std::{
    path::{self, Path},
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use futures_util::future::{BoxFuture, FutureExt as _};
#[cfg(feature = "admin")]
use serde_json::{Map, Value};
use sqlx::{ConnectOptions, Connection as _, sqlite::SqliteConnectOptions};

use self::tables::Tables;
use super::{
    CONNECTIONS,
    address::address,
    copy::{CopyEnd, OpenTransaction},
    error::{DbResult, StoreError, boxed},
    key_store::{Change, ChangesByHand, KeyStore},
    lookup::{Lookup, PepperCheck, StoredDigest, UnfinishedCopy, Watch},
};
#[cfg(feature = "admin")]
use crate::store::operator_session::{NewSession, SessionStore};
use crate::{
    error::{Error, OpenError},
    key::{Digest, Group, KeyFilter, KeyRecord, Page, Paging, TrailEvent, TrailFilter, User},
};

/// Keys in a SQLite file, usually opened with
/// [`Authenticator::connect("sqlite:keys.db")`](crate::Authenticator::connect).
///
/// The tables are described in the crate's `migrations/sqlite`; their names begin with `api_key`
/// (and there is `_auth_api_key_migrations`), so that they may share a file with an application's
/// own.
///
/// If the file is replaced by a rename, or copied over, every node notices it within a moment, forgets its
/// cache and opens the new file, which must already have the tables. While there is no usable file, all
/// requests are answered with 503, and no empty one is made. To restore a file, rename it to the path, and
/// start no other program on it before every node has logged the replacement. A file that is copied over the
/// open one can be damaged by a node that still writes, and is not noticed while somebody reads the old one.
#[derive(Debug)]
pub struct SqliteStore {
    options: SqliteConnectOptions,
    connections: u32,
    /// Whether tables that are missing are made.
    migrate: bool,
    /// The tables of the file that was opened last.
    tables: RwLock<Arc<Tables>>,
}

impl SqliteStore {
    /// Opens a file, and creates it and its tables if they are missing. If nothing is missing, nothing is
    /// written.
    ///
    /// `url` is `sqlite:` and a path, percent-encoded if it holds a `?` or a `%`, with the
    /// parameters that sqlx knows, such as `?mode=rw`, which creates no file. The file is put into
    /// WAL mode, with foreign keys on; a commit is on disk before it returns. A look-up that waits
    /// for a connection for two seconds fails.
    ///
    /// On Unix, only the owner can read a new file (mode 0600) and those that SQLite makes beside it. An
    /// existing file is not changed: if others can read it, the log says so, with the command that helps.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] for a database in memory or without a name, which several connections cannot
    /// share, if the file cannot be opened and read, if tables of somebody else's are in the way, and
    /// if a newer version of this crate made the tables and does not say that this one can use them.
    pub async fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(&address(url)?, CONNECTIONS, true).await
    }

    /// As [`open`](Self::open), but makes no file, and makes and changes no tables: a file of somebody
    /// else's stays as it is.
    ///
    /// # Errors
    ///
    /// [`OpenError::MissingMigration`] if tables are missing, or not up to date; otherwise as
    /// [`open`](Self::open).
    pub async fn open_existing(url: &str) -> Result<Self, Error> {
        Self::open_with(&address(url)?, CONNECTIONS, false).await
    }

    pub(crate) async fn open_with(
        url: &str,
        connections: u32,
        migrate: bool,
    ) -> Result<Self, Error> {
        Ok(Self::connect(url, connections, migrate).await?)
    }

    async fn connect(url: &str, connections: u32, migrate: bool) -> DbResult<Self> {
        let Address { options, create } = url.parse()?;
        let path = options.get_filename().to_owned();
        let failed = |error| unopened(&path, Error::store(error).into());
        let absolute = path::absolute(&path).map_err(failed)?;
        if create && migrate {
            file::create(&absolute).map_err(failed)?;
        }
        let options = options.filename(&absolute);
        let tables = Tables::open(&options, connections, migrate);
        let tables = tables.await.map_err(|error| unopened(&path, error))?;
        Ok(Self {
            options,
            connections,
            migrate,
            tables: RwLock::new(Arc::new(tables)),
        })
    }

    /// A transaction that sees a file as it is, with our tables or without; `None` if there is no file.
    pub(super) async fn look(url: &str) -> DbResult<Option<OpenTransaction>> {
        let Address { options, .. } = url.parse()?;
        let path = options.get_filename().to_owned();
        if !path.try_exists().unwrap_or(true) {
            return Ok(None);
        }
        let begun = tables::look(options).await;
        Ok(Some(begun.map_err(|error| unopened(&path, error))?))
    }

    fn latest(&self) -> Arc<Tables> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tables)
    }

    /// The tables, if their file is still in place. A connection to another file would read this one's
    /// write-ahead log into it.
    fn tables(&self) -> DbResult<Arc<Tables>> {
        let tables = self.latest();
        tables.opened.file.written()?;
        match tables.writer.is_closed() {
            false => Ok(tables),
            true => Err(Error::store(format!(
                "{:?} was replaced or removed, and no other file is open yet",
                self.options.get_filename()
            ))
            .into()),
        }
    }

    /// The tables of the file that is there now.
    async fn present(&self) -> DbResult<Arc<Tables>> {
        let tables = self.latest();
        let same = tables.opened.file.written();
        if same.is_ok() && !tables.writer.is_closed() {
            return Ok(tables);
        }
        let closing = tables.opened.close();
        if !self.options.get_filename().try_exists().unwrap_or(false) {
            same?;
        }
        closing.await;
        tables.opened.file.remove_wal().map_err(Error::store)?;
        let shared = tables.opened.file.wal_size().is_some();
        require_tables(&self.options).await?;
        let tables = Tables::open(&self.options, self.connections, self.migrate);
        let tables = Arc::new(tables.await?);
        if shared {
            tables.check_size().await?;
        }
        let mut latest = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        latest.clone_from(&tables);
        Ok(tables)
    }
}

/// Says which file could not be opened.
fn unopened(path: &Path, error: StoreError) -> StoreError {
    match error.into() {
        Error::Store(error) => OpenError::Unopened {
            path: path.display().to_string(),
            error,
        }
        .into(),
        error => error.into(),
    }
}

/// An error if the file has none of our tables: it is somebody else's, or is still being copied. Writes
/// nothing.
async fn require_tables(options: &SqliteConnectOptions) -> DbResult<()> {
    let mut reader = options.clone().read_only(true).connect().await?;
    let found = "SELECT count(*) FROM sqlite_schema WHERE name = '_auth_api_key_migrations'";
    let found: i64 = sqlx::query_scalar(found).fetch_one(&mut reader).await?;
    reader.close().await?;
    match found {
        0 => Err(Error::store(format!(
            "{:?} has none of the tables of auth-api-key: put a file there that has",
            options.get_filename()
        ))
        .into()),
        _ => Ok(()),
    }
}

/// What an address says: `sqlite:` and a path, or `sqlite:file:` and a path, with parameters.
struct Address {
    options: SqliteConnectOptions,
    /// Whether the file is made if it is missing. SQLite itself would make one that others can
    /// read.
    create: bool,
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(url: &str) -> DbResult<Self> {
        let url = url.strip_prefix("sqlite:").unwrap_or(url);
        let url = url.strip_prefix("//").unwrap_or(url);
        // SQLite takes this for the prefix of its own URLs, not for a part of a path.
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

impl Lookup for SqliteStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move { Ok(self.tables()?.find(digests).await?) })
    }

    fn find_all<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Vec<(Digest, KeyRecord)>, Error>> {
        boxed(async move { Ok(self.tables()?.find_all(digests).await?) })
    }

    fn digests(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<Vec<StoredDigest>>, Error>> {
        boxed(async move { Ok(self.tables()?.digests(after).await?) })
    }

    fn find_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move { Ok(self.tables()?.find_technical_name(name).await?) })
    }

    fn look_ups_at_a_time(&self) -> usize {
        self.connections as usize
    }

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        boxed(async move { Ok(self.tables()?.pepper_checks().await?) })
    }

    fn unfinished_copy(&self) -> BoxFuture<'_, Result<Option<UnfinishedCopy>, Error>> {
        boxed(async move { Ok(self.tables()?.unfinished_copy().await?) })
    }

    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        boxed(async move { Ok(self.present().await?.watch(bound).await?) })
    }

    fn record_uses<'a>(
        &'a self,
        uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.record_uses(uses).await?) })
    }
}

#[cfg(feature = "admin")]
impl SessionStore for SqliteStore {
    fn begin<'a>(&'a self, session: NewSession<'a>) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(SessionStore::begin(&*self.tables()?, session).await?) })
    }

    fn resume<'a>(
        &'a self,
        token: &'a Digest,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Option<Vec<Digest>>, Error>> {
        boxed(async move { Ok(self.tables()?.resume(token, now).await?) })
    }

    fn end<'a>(&'a self, token: &'a Digest) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.end(token).await?) })
    }

    fn operator_groups(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        boxed(async move { Ok(self.tables()?.operator_groups().await?) })
    }

    fn add_operator_groups<'a>(
        &'a self,
        groups: &'a [&'a str],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.add_operator_groups(groups).await?) })
    }

    fn record_refused<'a>(
        &'a self,
        changed: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.record_refused(changed).await?) })
    }
}

impl KeyStore for SqliteStore {
    #[cfg(feature = "admin")]
    fn sessions(&self) -> Option<&dyn SessionStore> {
        Some(self)
    }

    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.add_pepper_checks(checks).await?) })
    }

    fn change<'a>(
        &'a self,
        change: &'a Change,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>> {
        boxed(async move {
            let tables = self.tables()?;
            let changed = tables.change(change, actor).await?;
            // A commit into a file that was replaced is lost.
            tables.opened.file.written()?;
            Ok(changed)
        })
    }

    fn trail<'a>(
        &'a self,
        filter: &'a TrailFilter,
    ) -> BoxFuture<'a, Result<Page<TrailEvent>, Error>> {
        boxed(async move { Ok(self.tables()?.trail(filter).await?) })
    }

    fn changes_by_hand(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<ChangesByHand>, Error>> {
        boxed(async move { Ok(self.tables()?.changes_by_hand(after).await?) })
    }

    fn prune<'a>(
        &'a self,
        before: SystemTime,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        boxed(async move { Ok(self.tables()?.prune(before, actor).await?) })
    }

    fn uses_recorded_since(&self) -> BoxFuture<'_, Result<Option<SystemTime>, Error>> {
        boxed(async move { Ok(self.tables()?.uses_recorded_since().await?) })
    }

    fn until_changeable(&self) -> BoxFuture<'_, Result<(), Error>> {
        boxed(async move { Ok(self.tables()?.until_changeable().await?) })
    }

    fn repair(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        boxed(async move { Ok(self.tables()?.repair().await?) })
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move { Ok(self.tables()?.key(name).await?) })
    }

    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>> {
        boxed(async move { Ok(self.tables()?.list(filter).await?) })
    }

    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>> {
        boxed(async move { Ok(self.tables()?.count(filter).await?) })
    }

    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>> {
        boxed(async move { Ok(self.tables()?.groups(paging).await?) })
    }

    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>> {
        boxed(async move { Ok(self.tables()?.users(paging).await?) })
    }
}

impl CopyEnd for SqliteStore {
    fn address(&self) -> String {
        self.latest().address()
    }

    fn reading(&self) -> BoxFuture<'_, DbResult<OpenTransaction>> {
        async move { self.tables()?.reading().await }.boxed()
    }

    fn writing(&self) -> BoxFuture<'_, DbResult<OpenTransaction>> {
        async move { self.tables()?.writing().await }.boxed()
    }
}
