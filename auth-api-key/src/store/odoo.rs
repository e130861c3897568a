//! Keys in the database of an Odoo, where the OCA module `auth_api_key` keeps them.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use sqlx::{
    AssertSqlSafe, ConnectOptions, FromRow, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgRow},
};
use zeroize::Zeroizing;

use super::{Group, KeyStore, NewKey, News, PepperCheck, Watch, from_millis, scheme, unopened};
use crate::{
    Error, Secret,
    key::{Digest, KeyRecord, Peppers},
};

/// How often a watch asks whether anything has changed.
const POLL: Duration = Duration::from_millis(250);
/// How old what a look-up is answered from may be.
const FRESH: Duration = Duration::from_secs(1);
/// How long a connection may take to be made, and a statement to be answered.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keys in the database of an Odoo, version 14 to 18, with the OCA module `auth_api_key`: what is
/// changed in Odoo's own screens holds here within a second.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, OdooStore};
///
/// let odoo = OdooStore::open("postgres://reader@localhost/odoo").await?;
/// let authenticator = Authenticator::builder().store(odoo).await?;
/// # Ok(()) }
/// ```
///
/// Nothing is written: keys are administered in Odoo. The database user needs to read this, and
/// no more:
///
/// ```sql
/// GRANT SELECT ON auth_api_key, auth_api_key_group, auth_api_key_group_rel TO reader;
/// GRANT SELECT (id, active, company_id) ON res_users TO reader;
/// GRANT SELECT (id, archived_user_disable_auth_api_key) ON res_company TO reader;
/// ```
///
/// The tables of groups are there with the module `auth_api_key_group`, the column of `res_company`
/// with newer versions of `auth_api_key`; where they are not, leave them out.
///
/// # What a key is
///
/// - [`KeyRecord::id`] and [`name`](KeyRecord::name) are those of Odoo's record, and
///   [`user`](KeyRecord::user) is the id of its user, such as `"6"`: what a handler needs to act as
///   that user. [`groups`](KeyRecord::groups) are the codes of its groups.
/// - A record that is archived in Odoo is refused at once; Odoo itself goes on admitting it until
///   another key is written.
/// - The keys of an archived user are refused, unless the authenticator was built with
///   [`ArchivedUsers::Ignore`](crate::ArchivedUsers::Ignore), which is what Odoo does. Where a
///   company says in Odoo that an archived user's keys are disabled, they are refused all the same.
///   Odoo's own `__system__` and `public` are always archived.
/// - Of two records with the same key the one with the lower id counts, as in Odoo. A key that is
///   empty, not in ASCII, or that no HTTP header can carry, never matches. Opening the store logs a
///   warning for each, with the record's id and name.
///
/// # What it costs
///
/// The store holds the records and a digest of each key in memory, so that a look-up, of a right
/// key or a wrong one, is no query. Four times a second, each node asks PostgreSQL which
/// transactions it can see; if there were any since, for a hash over the rows that decisions depend
/// on (their `xmin`, which each change of a row renews, however it was made); and if that has
/// changed, for the rows. With 10,000 keys of as many users, in two groups each, PostgreSQL takes
/// 0.3 milliseconds for the first question, 13 for the second and about 100 for the third. A
/// look-up that comes when no question was answered for a second asks itself, and fails where it
/// cannot.
///
/// Each node keeps one connection, with `default_transaction_read_only` on, to PostgreSQL 11 or
/// later. Behind PgBouncer, connect to the server itself. A pepper has no effect on keys that Odoo keeps in clear.
pub struct OdooStore(Arc<Source>);

impl OdooStore {
    /// Connects to a database when awaited. `url` is as for
    /// [`PostgresStore::open`](https://docs.rs/auth-api-key/latest/auth_api_key/struct.PostgresStore.html#method.open).
    ///
    /// # Errors
    ///
    /// [`Error::NotOdoo`] if a table or a column is missing; [`Error::UnsupportedDatabase`] if the
    /// address is not one of PostgreSQL, and [`Error::Unopened`] if there is no such database;
    /// [`Error::Store`] if it cannot be read.
    pub fn open(url: impl Into<String>) -> OpenOdooStore {
        OpenOdooStore {
            url: url.into(),
            configured: HashMap::new(),
        }
    }
}

/// An [`OdooStore`] that is opened when awaited; made by [`OdooStore::open`].
#[must_use = "the store is opened when this is awaited"]
pub struct OpenOdooStore {
    url: String,
    configured: Configured,
}

/// Texts by technical names.
type Configured = HashMap<String, Zeroizing<String>>;

impl OpenOdooStore {
    /// Gives the texts of keys by their technical names, for an Odoo with the module
    /// `auth_api_key_server_env`: what its configuration has as `key` in the section
    /// `[api_key_<technical name>]`.
    ///
    /// Such a text takes the place of the one in the database, even if it is empty, as in Odoo.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_api_key::OdooStore;
    ///
    /// let store = OdooStore::open("postgres://reader@localhost/odoo")
    ///     .keys([("webshop", std::env::var("API_KEY_WEBSHOP")?)])
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn keys(
        mut self,
        texts: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let texts = texts.into_iter();
        self.configured
            .extend(texts.map(|(name, text)| (name.into(), Zeroizing::new(text.into()))));
        self
    }

    async fn connect(&self) -> Result<(PgConnectOptions, PgConnection), Error> {
        let scheme = scheme(&self.url);
        if !["postgres", "postgresql"].contains(&scheme) {
            return Err(Error::UnsupportedDatabase {
                scheme: scheme.to_owned(),
                remedy: "write \"postgres://user@host/database\", the database of an Odoo",
            });
        }
        let seconds = format!("{}s", PATIENCE.as_secs());
        let options = PgConnectOptions::from_str(&self.url)?
            .application_name("auth-api-key")
            .options([
                ("default_transaction_read_only", "on"),
                ("statement_timeout", &seconds),
            ]);
        let connection = connect(&options).await;
        let connection = connection.map_err(|error| unopened(&options, error))?;
        Ok((options, connection))
    }

    async fn open(self) -> Result<OdooStore, Error> {
        let (options, mut connection) = self.connect().await?;
        let unpeppered = Peppers::new(Vec::new())?;
        let asked = Instant::now();
        let transactions = transactions(&mut connection).await?;
        let version = Version::ask(&mut connection).await?;
        let rows = rows(&mut connection, &version.tables, &self.configured).await?;
        report(&rows, &self.configured);
        let keys = Arc::new(Snapshot::new(version, rows, &unpeppered));
        Ok(OdooStore(Arc::new(Source {
            options,
            configured: self.configured,
            unpeppered,
            latest: Mutex::new(Latest {
                keys,
                asked,
                transactions,
            }),
            turn: tokio::sync::Mutex::default(),
        })))
    }

    /// All that there is.
    pub(crate) async fn read(self) -> Result<Read, Error> {
        let (_, mut connection) = self.connect().await?;
        let tables = Tables::find(&mut connection).await?;
        let rows = rows(&mut connection, &tables, &self.configured).await?;
        let read = |row: Row| {
            let key = row.secret().map(|text| {
                let record = &row.record;
                let mut key = NewKey::new(&record.name, &record.user).text(text.expose());
                key.record.active = record.active && record.user_active;
                key.record.groups.clone_from(&record.groups);
                key.record.technical_name.clone_from(&record.technical_name);
                key.record.created_at = record.created_at;
                key
            });
            (row.record, key)
        };
        Ok(Read {
            keys: rows.into_iter().map(read).collect(),
            groups: groups(&mut connection, tables).await?,
        })
    }
}

/// What another store can take over.
pub(crate) struct Read {
    /// All records, and what to create for them: archived where the user is, and without a number.
    /// Or why the text never matches.
    pub(crate) keys: Vec<(KeyRecord, Result<NewKey, &'static str>)>,
    /// The names of groups, by their codes.
    pub(crate) groups: BTreeMap<String, String>,
}

impl IntoFuture for OpenOdooStore {
    type Output = Result<OdooStore, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.open().await.map_err(with_rights) })
    }
}

/// Says where the rights are named that a database user lacks.
fn with_rights(error: Error) -> Error {
    let Error::Store(source) = &error else {
        return error;
    };
    let source = source.downcast_ref::<sqlx::Error>();
    match source.and_then(sqlx::Error::as_database_error) {
        Some(source) if source.code().as_deref() == Some("42501") => Error::store(format!(
            "{}; the page \"Coming from Odoo\" has what to GRANT",
            source.message()
        )),
        _ => error,
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    tokio::time::timeout(PATIENCE, options.connect())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)?
}

const KEY: &str = "auth_api_key";
const GROUP: &str = "auth_api_key_group";
const ENVIRONMENT: &str = "auth_api_key_server_env";

fn missing(what: &str, module: &'static str) -> Error {
    Error::NotOdoo {
        missing: what.to_owned(),
        module,
    }
}

/// Which of the tables and columns are there that not every Odoo has.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tables {
    groups: bool,
    /// `auth_api_key.active`
    active: bool,
    /// `auth_api_key.server_env_defaults` and `tech_name`; Odoo then ignores the column `key`.
    environment: bool,
    /// `res_company.archived_user_disable_auth_api_key`
    option: bool,
}

impl Tables {
    async fn find(connection: &mut PgConnection) -> Result<Self, Error> {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT relname || '.' || attname
             FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
             WHERE attrelid IN (to_regclass('auth_api_key'), to_regclass('auth_api_key_group'),
                 to_regclass('auth_api_key_group_rel'), to_regclass('res_users'),
                 to_regclass('res_company'))
             AND attnum > 0 AND NOT attisdropped",
        )
        .fetch_all(connection)
        .await?;
        let has = |column: &str| columns.iter().any(|known| known == column);
        let tables = Self {
            groups: has("auth_api_key_group.code"),
            active: has("auth_api_key.active"),
            environment: has("auth_api_key.server_env_defaults"),
            option: has("res_company.archived_user_disable_auth_api_key"),
        };
        let required = [
            (true, "auth_api_key.id", KEY),
            (true, "auth_api_key.name", KEY),
            (true, "auth_api_key.user_id", KEY),
            (true, "auth_api_key.create_date", KEY),
            (!tables.environment, "auth_api_key.key", KEY),
            (tables.environment, "auth_api_key.tech_name", ENVIRONMENT),
            (tables.groups, "auth_api_key_group.name", GROUP),
            (tables.groups, "auth_api_key_group_rel.key_id", GROUP),
            (tables.groups, "auth_api_key_group_rel.group_id", GROUP),
            (true, "res_users.id", "base"),
            (true, "res_users.active", "base"),
            (true, "res_users.company_id", "base"),
        ];
        for (needed, column, module) in required {
            let (table, _) = column.split_once('.').unwrap_or_default();
            if needed && !has(column) {
                let known = columns
                    .iter()
                    .any(|column| column.split('.').next() == Some(table));
                return Err(missing(if known { column } else { table }, module));
            }
        }
        Ok(tables)
    }

    /// Keys `k` with their users `u`, and the companies `c` of these.
    fn keys(self) -> &'static str {
        match self.option {
            true => {
                "auth_api_key k LEFT JOIN res_users u ON u.id = k.user_id
                 LEFT JOIN res_company c ON c.id = u.company_id"
            }
            false => "auth_api_key k LEFT JOIN res_users u ON u.id = k.user_id",
        }
    }

    /// Whether the company of a key's user disables the keys of archived users.
    fn disables(self) -> &'static str {
        match self.option {
            true => "coalesce(c.archived_user_disable_auth_api_key, false)",
            false => "false",
        }
    }
}

/// What tells one state of the rows that decisions depend on from another.
#[derive(PartialEq, Eq)]
struct Version {
    tables: Tables,
    hash: String,
}

impl Version {
    async fn ask(connection: &mut PgConnection) -> Result<Self, Error> {
        let tables = Tables::find(connection).await?;
        let hash = |id: &str, state: &str, from: &str| {
            format!(
                "(SELECT count(*) || ' ' || coalesce(sum(hashint8extended({id}, {state})), 0) FROM {from})"
            )
        };
        // Every change of a row gives it another `xmin`. Users and companies change for many
        // reasons, and what is read of them are two bits.
        let keys = format!(
            "k.xmin::text::bigint * 4 + CASE WHEN u.active THEN 2 ELSE 0 END
             + CASE WHEN {} THEN 1 ELSE 0 END",
            tables.disables()
        );
        let mut hashes = vec![hash("k.id", &keys, tables.keys())];
        if tables.groups {
            hashes.push(hash("id", "xmin::text::bigint", "auth_api_key_group"));
            hashes.push(hash("key_id", "group_id", "auth_api_key_group_rel"));
        }
        let hash = format!("SELECT concat_ws(' ', {})", hashes.join(", "));
        let hash = sqlx::query_scalar(AssertSqlSafe(hash));
        Ok(Self {
            tables,
            hash: hash.fetch_one(connection).await?,
        })
    }
}

/// A record of Odoo's, and the text of its key.
struct Row {
    record: KeyRecord,
    text: Zeroizing<String>,
}

impl Row {
    /// The text, if a request can carry it and Odoo would find it.
    fn secret(&self) -> Result<Secret, &'static str> {
        match Secret::given(&self.record.name, self.text.as_str()) {
            Ok(secret) if secret.expose().is_ascii() => Ok(secret),
            Ok(_) => Err("is not in ASCII"),
            Err(Error::UnusableText { problem, .. }) => Err(problem),
            Err(_) => Err("is empty"),
        }
    }
}

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let mut record = KeyRecord::new(
            row.try_get("id")?,
            row.try_get::<String, _>("name")?,
            row.try_get::<i64, _>("user_id")?.to_string(),
        );
        record.active = row.try_get("active")?;
        record.user_active = row.try_get("user_active")?;
        record.groups = row.try_get("group_codes")?;
        record.groups.sort();
        record.technical_name = row.try_get("technical_name")?;
        record.created_at = from_millis(row.try_get("created_at")?);
        let text: Option<String> = row.try_get("key")?;
        Ok(Self {
            record,
            text: Zeroizing::new(text.unwrap_or_default()),
        })
    }
}

/// All keys, in the order of their ids.
async fn rows(
    connection: &mut PgConnection,
    tables: &Tables,
    configured: &Configured,
) -> Result<Vec<Row>, Error> {
    if !tables.environment && !configured.is_empty() {
        return Err(missing("auth_api_key.server_env_defaults", ENVIRONMENT));
    }
    let active = match tables.active {
        true => "coalesce(k.active, false)",
        false => "true",
    };
    let (key, technical_name) = match tables.environment {
        true => ("k.server_env_defaults::text", "k.tech_name::text"),
        false => ("k.key::text", "NULL::text"),
    };
    let (groups, join_groups) = match tables.groups {
        true => (
            "coalesce(m.codes, '{}')",
            "LEFT JOIN (SELECT r.key_id, array_agg(DISTINCT g.code::text) AS codes
                        FROM auth_api_key_group_rel r
                        JOIN auth_api_key_group g ON g.id = r.group_id
                        GROUP BY r.key_id) m ON m.key_id = k.id",
        ),
        false => ("'{}'::text[]", ""),
    };
    let (disables, keys) = (tables.disables(), tables.keys());
    let select = format!(
        "SELECT k.id::bigint AS id, k.name::text AS name, k.user_id::bigint AS user_id,
                coalesce(u.active, false) AS user_active,
                {active} AND (coalesce(u.active, false) OR NOT {disables}) AS active,
                coalesce(extract(epoch FROM k.create_date) * 1000, 0)::bigint AS created_at,
                {key} AS key, {technical_name} AS technical_name, {groups} AS group_codes
         FROM {keys} {join_groups} ORDER BY k.id"
    );
    let mut rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(select))
        .fetch_all(connection)
        .await?;
    if tables.environment {
        for Row { record, text } in &mut rows {
            let technical_name = record.technical_name.as_deref();
            *text = match technical_name.and_then(|name| configured.get(name)) {
                Some(given) => given.clone(),
                None => default_of_environment(text),
            };
        }
    }
    Ok(rows)
}

/// The names of groups, by their codes; of two with one code, that of the first.
async fn groups(
    connection: &mut PgConnection,
    tables: Tables,
) -> Result<BTreeMap<String, String>, Error> {
    if !tables.groups {
        return Ok(BTreeMap::new());
    }
    let groups: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT ON (code) code::text, name::text FROM auth_api_key_group
         ORDER BY code, id",
    )
    .fetch_all(connection)
    .await?;
    Ok(groups.into_iter().collect())
}

/// What `server_env_defaults` has for a key that the configuration does not name.
fn default_of_environment(defaults: &str) -> Zeroizing<String> {
    let defaults: Value = serde_json::from_str(defaults).unwrap_or_default();
    let text = defaults["key_env_default"].as_str().unwrap_or_default();
    Zeroizing::new(text.to_owned())
}

/// Logs which keys never match, and which given texts nobody has.
fn report(rows: &[Row], configured: &Configured) {
    let mut seen: HashMap<&str, i64> = HashMap::new();
    for row in rows {
        let KeyRecord { id, name, .. } = &row.record;
        match row.secret() {
            Err(problem) => tracing::warn!(
                key.id = id,
                key.name = name,
                "the text of this key of Odoo {problem}: it never matches"
            ),
            Ok(_) => match seen.get(row.text.as_str()) {
                Some(first) => tracing::warn!(
                    key.id = id,
                    key.name = name,
                    "the text of this key of Odoo is that of key {first}, too, which is found instead"
                ),
                None => {
                    seen.insert(&row.text, *id);
                }
            },
        }
    }
    for name in configured.keys() {
        if !rows
            .iter()
            .any(|row| row.record.technical_name.as_ref() == Some(name))
        {
            tracing::warn!(
                technical_name = name,
                "a key is given by this technical name, which no key of Odoo has"
            );
        }
    }
}

/// The keys as they were when the database was last asked.
struct Snapshot {
    version: Version,
    /// In the order of their ids.
    keys: Vec<KeyRecord>,
    by_digest: HashMap<Digest, usize>,
}

impl Snapshot {
    fn new(version: Version, rows: Vec<Row>, unpeppered: &Peppers) -> Self {
        let mut by_digest = HashMap::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if let Ok(secret) = row.secret() {
                by_digest
                    .entry(unpeppered.seal(&secret).digest)
                    .or_insert(at);
            }
        }
        let keys = rows.into_iter().map(|row| row.record).collect();
        Self {
            version,
            keys,
            by_digest,
        }
    }

    fn find(&self, digest: &Digest) -> Option<&KeyRecord> {
        Some(&self.keys[*self.by_digest.get(digest)?])
    }

    /// The keys that are not as they were, or not found as they were. One without a text of its own
    /// may have one from elsewhere.
    fn changed(&self, now: &Self) -> Vec<i64> {
        let other = |key: &&KeyRecord| {
            let at = now.keys.binary_search_by_key(&key.id, |key| key.id);
            at.map(|at| &now.keys[at]) != Ok(*key)
        };
        let found = self
            .by_digest
            .iter()
            .map(|(digest, at)| (digest, &self.keys[*at]))
            .filter(|(digest, key)| now.find(digest) != Some(*key))
            .map(|(_, key)| key);
        let changed = self.keys.iter().filter(other).chain(found);
        changed.map(|key| key.id).collect()
    }
}

/// What is known of the database.
#[derive(Clone)]
struct Latest {
    keys: Arc<Snapshot>,
    /// When they were asked for.
    asked: Instant,
    /// The transactions that could be seen then.
    transactions: String,
}

/// What look-ups and watches share.
struct Source {
    options: PgConnectOptions,
    configured: Configured,
    unpeppered: Peppers,
    latest: Mutex<Latest>,
    /// Held by who asks.
    turn: tokio::sync::Mutex<()>,
}

impl Source {
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self) -> Option<Arc<Snapshot>> {
        let latest = self.latest();
        (latest.asked.elapsed() < FRESH).then(|| Arc::clone(&latest.keys))
    }

    /// The keys as they are, or as they were a second ago at most.
    async fn current(&self) -> Result<Arc<Snapshot>, Error> {
        if let Some(keys) = self.fresh() {
            return Ok(keys);
        }
        let _turn = self.turn.lock().await;
        // Asked meanwhile by another one.
        if let Some(keys) = self.fresh() {
            return Ok(keys);
        }
        let latest = self.ask(&mut connect(&self.options).await?).await?;
        Ok(latest.keys)
    }

    /// Asks for the keys, in one's turn.
    async fn ask(&self, connection: &mut PgConnection) -> Result<Latest, Error> {
        let mut latest = self.latest().clone();
        latest.asked = Instant::now();
        // In this order: what is changed after one question shows in the answer to the same
        // question next time.
        let transactions = transactions(connection).await?;
        if transactions != latest.transactions {
            latest.transactions = transactions;
            let version = Version::ask(connection).await?;
            if version != latest.keys.version {
                let rows = rows(connection, &version.tables, &self.configured).await?;
                latest.keys = Arc::new(Snapshot::new(version, rows, &self.unpeppered));
            }
        }
        *self.latest() = latest.clone();
        Ok(latest)
    }
}

/// Which transactions can be seen: where they are the same as before, no row has changed.
async fn transactions(connection: &mut PgConnection) -> Result<String, Error> {
    let query = sqlx::query_scalar("SELECT txid_current_snapshot()::text");
    Ok(query.fetch_one(connection).await?)
}

/// Asks again and again whether anything has changed.
struct Polling {
    source: Arc<Source>,
    connection: PgConnection,
    /// The keys that are known of.
    told: Arc<Snapshot>,
    poll: Duration,
    poll_at: Instant,
}

impl Watch for Polling {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        Box::pin(async move {
            tokio::time::sleep_until(self.poll_at.into()).await;
            let turn = self.source.turn.lock().await;
            let latest = self.source.ask(&mut self.connection).await?;
            drop(turn);
            self.poll_at = latest.asked + self.poll;
            if Arc::ptr_eq(&latest.keys, &self.told) {
                return Ok(News::Confirmed(latest.asked));
            }
            let told = std::mem::replace(&mut self.told, latest.keys);
            Ok(News::Changed(told.changed(&self.told)))
        })
    }
}

impl KeyStore for OdooStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            let keys = self.0.current().await?;
            let found = digests.iter().find_map(|digest| keys.find(digest));
            Ok(found.cloned())
        })
    }

    /// Says that the keys are under no pepper, so that they are looked for so.
    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        let checks = self.0.unpeppered.check_values();
        let checks = checks.into_iter().map(|(version, check)| PepperCheck {
            version,
            check: *check.as_bytes(),
            in_use: true,
        });
        ready(Ok(checks.collect())).boxed()
    }

    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        Box::pin(async move {
            let mut connection = connect(&self.0.options).await?;
            let turn = self.0.turn.lock().await;
            let latest = self.0.ask(&mut connection).await?;
            drop(turn);
            let poll = POLL.min(bound / 4);
            let watch: Box<dyn Watch> = Box::new(Polling {
                source: Arc::clone(&self.0),
                connection,
                told: latest.keys,
                poll,
                poll_at: latest.asked + poll,
            });
            Ok(Some(watch))
        })
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            let keys = self.0.current().await?;
            Ok(keys.keys.iter().find(|key| key.name == name).cloned())
        })
    }

    fn key_by_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            let keys = self.0.current().await?;
            let mut keys = keys.keys.iter();
            Ok(keys
                .find(|key| key.technical_name.as_deref() == Some(name))
                .cloned())
        })
    }

    fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
        Box::pin(async move {
            let mut keys = self.0.current().await?.keys.clone();
            keys.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(keys)
        })
    }

    /// Groups of one code are one group here.
    fn groups(&self) -> BoxFuture<'_, Result<Vec<Group>, Error>> {
        Box::pin(async move {
            let keys = KeyStore::keys(self).await?;
            let tables = self.0.latest().keys.version.tables;
            let groups = groups(&mut connect(&self.0.options).await?, tables).await?;
            let group = |(code, name): (String, String)| {
                let members = keys.iter().filter(|key| key.in_group(&code));
                let members = members.map(|key| key.name.clone()).collect();
                Group::new(code, name, members)
            };
            Ok(groups.into_iter().map(group).collect())
        })
    }
}

/// Without the password of the database, and without the texts of keys.
impl fmt::Debug for OdooStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OdooStore")
            .field("database", &self.0.options.get_database())
            .field("keys", &self.0.latest().keys.keys.len())
            .finish_non_exhaustive()
    }
}

/// Without the password of the database, and without the texts of keys.
impl fmt::Debug for OpenOdooStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOdooStore")
            .field("technical_names", &self.configured.keys())
            .finish_non_exhaustive()
    }
}
