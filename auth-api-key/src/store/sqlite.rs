//! Keys in a SQLite file.

use std::{
    str::FromStr,
    time::{Duration, SystemTime},
};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use sqlx::{
    FromRow, QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool, SqliteTransaction,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
    types::Json,
};

use super::{KeyStore, PepperCheck, from_millis, to_millis};
use crate::{
    Error,
    key::{Digest, KeyRecord, StoredSecret},
};

/// Keys in a SQLite file, usually opened with
/// [`Authenticator::connect("sqlite:keys.db")`](crate::Authenticator::connect).
///
/// The tables are described in the crate's `migrations/sqlite`; their names begin with `api_key`
/// (and there is `_auth_api_key_migrations`), so that they may share a file with an application's
/// own.
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// Of its own, so that changes that wait for another process's lock delay no look-up.
    writer: SqlitePool,
}

/// A key with the hint and the end of one of its texts `s`, which must be joined.
const SELECT_KEY: &str = "
    SELECT k.id, k.name, k.user_id, k.networks, k.expires_at, k.active, u.active AS user_active,
           coalesce(s.hint, '') AS hint, s.valid_until,
           (SELECT json_group_array(g.code ORDER BY g.code)
            FROM api_key_group_member m JOIN api_key_group g ON g.id = m.group_id
            WHERE m.key_id = k.id) AS groups
    FROM api_key k
    JOIN api_key_user u ON u.id = k.user_id ";

const JOIN_TEXT: &str = "JOIN api_key_secret s ON s.key_id = k.id ";

const JOIN_NEWEST_TEXT: &str = "
    LEFT JOIN api_key_secret s
    ON s.id = (SELECT max(id) FROM api_key_secret WHERE key_id = k.id) ";

impl SqliteStore {
    /// Opens a file, creating it and its tables where they are missing.
    ///
    /// `url` is `sqlite:` and a path, with the parameters that sqlx knows, such as `?mode=rw`, which
    /// creates no file. The file is put into WAL mode, with foreign keys on; a commit is on disk
    /// before it returns. A look-up that waits for a connection for two seconds fails.
    ///
    /// # Errors
    ///
    /// [`Error::NewerDatabase`] if a newer version of this crate made the tables;
    /// [`Error::UnsupportedDatabase`] for a database in memory or without a name, which several
    /// connections cannot share; [`Error::Unopened`] if the file cannot be opened;
    /// [`Error::Store`] if it cannot be read.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let (path, parameters) = url.split_once('?').unwrap_or((url, ""));
        let mode = parameters
            .split('&')
            .find_map(|parameter| parameter.strip_prefix("mode="));
        let path = path.trim_start_matches("sqlite:").trim_start_matches("//");
        if matches!(path, "" | ":memory:") || mode == Some("memory") {
            return Err(Error::UnsupportedDatabase {
                scheme: "sqlite".to_owned(),
                remedy: "name a file, as in \"sqlite:keys.db\", or use `MemoryStore` for tests",
            });
        }
        let mut options = SqliteConnectOptions::from_str(url)?
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        if mode.is_none() {
            options = options.create_if_missing(true);
        }
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(2))
        };
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| Error::Unopened {
                path: path.to_owned(),
                error: error.into(),
            })?;
        migrate(&writer).await?;
        let readers = pool(4).connect_with(options).await?;
        Ok(Self { readers, writer })
    }

    /// A transaction that may write: it waits for other writers at its beginning, where SQLite
    /// can wait, and not in its middle, where it can only fail.
    async fn write(&self) -> Result<SqliteTransaction<'static>, Error> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

async fn migrate(pool: &SqlitePool) -> Result<(), Error> {
    let mut migrator = Migrator::with_migrations(vec![Migration::new(
        1,
        "keys".into(),
        MigrationType::Simple,
        sqlx::SqlSafeStr::into_sql_str(include_str!("../../migrations/sqlite/0001_keys.sql")),
        false,
    )]);
    migrator.dangerous_set_table_name("_auth_api_key_migrations");
    let known = migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    // One write transaction around all of it, so that processes starting together take turns.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    match migrator.run_direct(None, &mut *transaction, false).await {
        Err(MigrateError::VersionMissing(found)) => Err(Error::NewerDatabase { found, known }),
        Err(error) => Err(Error::store(error)),
        Ok(()) => Ok(transaction.commit().await?),
    }
}

struct Found(KeyRecord, Option<SystemTime>);

impl FromRow<'_, SqliteRow> for Found {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let time = |column| {
            row.try_get::<Option<i64>, _>(column)
                .map(|ms| ms.map(from_millis))
        };
        let networks: Json<Vec<String>> = row.try_get("networks")?;
        let networks: Result<Vec<IpNet>, _> = networks.iter().map(|net| net.parse()).collect();
        let Json(groups) = row.try_get("groups")?;
        let mut record = KeyRecord::new(
            row.try_get("id")?,
            row.try_get::<String, _>("name")?,
            row.try_get::<String, _>("user_id")?,
        );
        record.groups = groups;
        record.networks =
            networks.map_err(|error: ipnet::AddrParseError| sqlx::Error::ColumnDecode {
                index: "networks".to_owned(),
                source: error.into(),
            })?;
        record.expires_at = time("expires_at")?;
        record.active = row.try_get("active")?;
        record.user_active = row.try_get("user_active")?;
        record.hint = row.try_get("hint")?;
        Ok(Self(record, time("valid_until")?))
    }
}

async fn key_named(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<KeyRecord>, Error> {
    let found: Option<Found> = QueryBuilder::<Sqlite>::new(SELECT_KEY)
        .push(JOIN_NEWEST_TEXT)
        .push("WHERE k.name = ")
        .push_bind(name)
        .build_query_as()
        .fetch_optional(connection)
        .await?;
    Ok(found.map(|Found(record, _)| record))
}

async fn existing_key(connection: &mut SqliteConnection, name: &str) -> Result<KeyRecord, Error> {
    key_named(connection, name)
        .await?
        .ok_or_else(|| Error::NoSuchKey {
            name: name.to_owned(),
        })
}

/// `(?, ?, …)`
fn push_list<'a>(query: &mut QueryBuilder<Sqlite>, digests: impl IntoIterator<Item = &'a Digest>) {
    query.push("(");
    let mut list = query.separated(", ");
    for digest in digests {
        list.push_bind(digest.as_bytes().to_vec());
    }
    query.push(")");
}

/// Adds a key, with its user and groups, and gives its number.
async fn insert(connection: &mut SqliteConnection, key: &KeyRecord) -> Result<i64, Error> {
    sqlx::query("INSERT OR IGNORE INTO api_key_user (id) VALUES (?)")
        .bind(&key.user)
        .execute(&mut *connection)
        .await?;
    let id = sqlx::query_scalar(
        "INSERT INTO api_key (name, user_id, networks, expires_at) VALUES (?, ?, ?, ?)
         RETURNING id",
    )
    .bind(&key.name)
    .bind(&key.user)
    .bind(Json(
        key.networks
            .iter()
            .map(IpNet::to_string)
            .collect::<Vec<_>>(),
    ))
    .bind(key.expires_at.map(to_millis).transpose()?)
    .fetch_one(&mut *connection)
    .await?;
    for code in &key.groups {
        sqlx::query("INSERT OR IGNORE INTO api_key_group (code) VALUES (?)")
            .bind(code)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO api_key_group_member (group_id, key_id)
             SELECT id, ? FROM api_key_group WHERE code = ?",
        )
        .bind(id)
        .bind(code)
        .execute(&mut *connection)
        .await?;
    }
    Ok(id)
}

async fn add_text(
    connection: &mut SqliteConnection,
    key_id: i64,
    name: &str,
    secret: &StoredSecret,
) -> Result<(), Error> {
    let mut held = QueryBuilder::<Sqlite>::new(
        "SELECT k.name FROM api_key_secret s JOIN api_key k ON k.id = s.key_id WHERE s.digest IN ",
    );
    push_list(
        &mut held,
        std::iter::once(&secret.digest).chain(&secret.others),
    );
    let holder: Option<String> = held
        .build_query_scalar()
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(holder) = holder {
        return Err(Error::TextTaken {
            name: name.to_owned(),
            holder,
        });
    }
    sqlx::query(
        "INSERT INTO api_key_secret (key_id, digest, pepper_version, hint) VALUES (?, ?, ?, ?)",
    )
    .bind(key_id)
    .bind(secret.digest.as_bytes().as_slice())
    .bind(secret.pepper_version)
    .bind(&secret.hint)
    .execute(connection)
    .await?;
    Ok(())
}

impl KeyStore for SqliteStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            let mut query = QueryBuilder::<Sqlite>::new(SELECT_KEY);
            query.push(JOIN_TEXT).push("WHERE s.digest IN ");
            push_list(&mut query, digests);
            let found: Option<Found> = query.build_query_as().fetch_optional(&self.readers).await?;
            Ok(found.map(|Found(mut record, valid_until)| {
                record.expires_at = [record.expires_at, valid_until].into_iter().flatten().min();
                record
            }))
        })
    }

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        Box::pin(async move {
            let rows: Vec<(u32, Vec<u8>, bool)> = sqlx::query_as(
                "SELECT version, check_value, version IN (
                     SELECT pepper_version FROM api_key_secret
                     WHERE valid_until IS NULL OR valid_until > ?)
                 FROM api_key_pepper",
            )
            .bind(to_millis(SystemTime::now())?)
            .fetch_all(&self.readers)
            .await?;
            let check = |(version, check, in_use): (u32, Vec<u8>, bool)| {
                let check = check.try_into();
                let check = check.map_err(|_| {
                    Error::store("the check value of a pepper is not 32 bytes long")
                })?;
                Ok(PepperCheck {
                    version,
                    check,
                    in_use,
                })
            };
            rows.into_iter().map(check).collect()
        })
    }

    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            for (version, check) in checks {
                sqlx::query("INSERT OR IGNORE INTO api_key_pepper VALUES (?, ?)")
                    .bind(version)
                    .bind(check.as_bytes().as_slice())
                    .execute(&self.writer)
                    .await?;
            }
            Ok(())
        })
    }

    fn create<'a>(
        &'a self,
        key: &'a KeyRecord,
        secret: &'a StoredSecret,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        Box::pin(async move {
            let mut transaction = self.write().await?;
            if key_named(&mut transaction, &key.name).await?.is_some() {
                return Err(Error::NameTaken {
                    name: key.name.clone(),
                });
            }
            let id = insert(&mut transaction, key).await?;
            add_text(&mut transaction, id, &key.name, secret).await?;
            let record = existing_key(&mut transaction, &key.name).await?;
            transaction.commit().await?;
            Ok(record)
        })
    }

    fn rotate<'a>(
        &'a self,
        name: &'a str,
        secret: &'a StoredSecret,
        until: SystemTime,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        Box::pin(async move {
            let until = to_millis(until)?;
            let mut transaction = self.write().await?;
            let key_id = existing_key(&mut transaction, name).await?.id;
            sqlx::query(
                "UPDATE api_key_secret SET valid_until = min(coalesce(valid_until, ?1), ?1)
                 WHERE key_id = ?2",
            )
            .bind(until)
            .bind(key_id)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM api_key_secret WHERE key_id = ? AND valid_until <= ?")
                .bind(key_id)
                .bind(to_millis(SystemTime::now())?)
                .execute(&mut *transaction)
                .await?;
            add_text(&mut transaction, key_id, name, secret).await?;
            let record = existing_key(&mut transaction, name).await?;
            transaction.commit().await?;
            Ok(record)
        })
    }

    fn set_active<'a>(
        &'a self,
        name: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        Box::pin(async move {
            let mut transaction = self.write().await?;
            sqlx::query("UPDATE api_key SET active = ? WHERE name = ?")
                .bind(active)
                .bind(name)
                .execute(&mut *transaction)
                .await?;
            let record = existing_key(&mut transaction, name).await?;
            transaction.commit().await?;
            Ok(record)
        })
    }

    fn set_user_active<'a>(
        &'a self,
        user: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let changed = sqlx::query("UPDATE api_key_user SET active = ? WHERE id = ?")
                .bind(active)
                .bind(user)
                .execute(&self.writer)
                .await?;
            match changed.rows_affected() {
                0 => Err(Error::NoSuchUser {
                    user: user.to_owned(),
                }),
                _ => Ok(()),
            }
        })
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            key_named(&mut connection, name).await
        })
    }

    fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
        Box::pin(async move {
            let found: Vec<Found> = QueryBuilder::<Sqlite>::new(SELECT_KEY)
                .push(JOIN_NEWEST_TEXT)
                .push("ORDER BY k.name")
                .build_query_as()
                .fetch_all(&self.readers)
                .await?;
            Ok(found.into_iter().map(|Found(record, _)| record).collect())
        })
    }
}
