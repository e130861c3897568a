//! Keys in the database of an Odoo, where the OCA module `auth_api_key` keeps them.

mod session;
mod tables;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::{BoxFuture, FutureExt, ready};
use sqlx::{PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;
use zeroize::Zeroizing;

use self::{
    session::{PATIENCE, Session, connect, is_full, one_snapshot},
    tables::{Row, Tables, groups, logins, rows},
};
use super::{
    address::{address, options, report_plain_text, scheme, unopened},
    environment::EnvironmentKeys,
    error::{DbError, DbResult, StoreError, boxed},
    key_store::{Change, KeyStore},
    lookup::{Changed, Lookup, News, PepperCheck, Watch},
};
use crate::{
    error::{Error, OpenError, StateError},
    key::{Digest, Group, KeyFilter, KeyRecord, NewKey, Page, Paging, Peppers, User},
};

/// How often a watch asks whether anything has changed.
const POLL: Duration = Duration::from_millis(250);
/// The greatest age of keys for a look-up.
const FRESH: Duration = Duration::from_secs(1);

/// Keys in the database of an Odoo, version 14 to 19, with the OCA module `auth_api_key`: what is
/// changed in Odoo's own screens holds here within a second, as long as the database answers.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, odoo::OdooStore};
///
/// let odoo = OdooStore::open("postgres://reader@localhost/odoo").await?;
/// let authenticator = Authenticator::builder().build(odoo).await?;
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
/// with newer versions of `auth_api_key`; leave out what is missing.
///
/// # What a key is
///
/// - [`KeyRecord::id`] and [`name`](KeyRecord::name) are those of Odoo's record, and
///   [`user`](KeyRecord::user) is the id of its user, such as `"6"`: what a handler needs to act as
///   that user. [`groups`](KeyRecord::groups) are the codes of its groups.
/// - A record that is archived in Odoo is refused at once; Odoo itself goes on admitting it until
///   another key is written.
/// - The keys of an archived user are refused, unless the authenticator was built with
///   [`ArchivedUsers::Ignore`](crate::authenticator::ArchivedUsers::Ignore), which is what Odoo does. Where a
///   company says in Odoo that an archived user's keys are disabled, they are refused all the same.
///   Odoo's own `__system__` and `public` are always archived.
/// - Of two records with the same key the one with the lower id counts, as in Odoo, and one that is
///   archived only if both are. A key that is empty or NULL, not in ASCII, or that no HTTP header can
///   carry, never matches. Opening the store logs a warning for each, with the record's id and name.
/// - In a copy of a database that Odoo neutralized, all keys have the text `neutralized`, or none: they
///   never match, and one warning says so.
/// - If Odoo has the module `auth_api_key_server_env`, give what it configures to
///   [`Builder::environment`](crate::Builder::environment), as
///   [`EnvironmentKeys::server_environment`] reads it.
///
/// # How changes are seen, and what it costs
///
/// The store holds the records and a digest of each key in memory, so a look-up is not a query. Four times a
/// second, each node asks PostgreSQL which server it is and which transactions it sees. Only if there were
/// any since, it asks for a hash over what decisions depend on (the `xmin` of keys and groups, which each
/// change renews, and some bits of users, companies and memberships). Only if that has changed, it reads the
/// rows, as of the same moment. `cargo bench -p tests --bench odoo` measures the cost.
///
/// If no question was answered for a second, a look-up connects and asks itself, or fails. Cached keys keep
/// working for [`Builder::confirm_within`](crate::Builder::confirm_within) while the database does not answer
/// or lacks the tables. You may use a standby; it is as late as its replication.
///
/// Each node keeps one connection, with `default_transaction_read_only` on, to PostgreSQL 11 or
/// later. Behind PgBouncer, connect to the server itself. A pepper has no effect on keys that Odoo
/// keeps in clear.
///
/// # When the database is restored, or another takes its place
///
/// Rows of a restored database may have the `id` and `xmin` that other rows had. So nothing that was read
/// over a connection is used after it is lost: a look-up waits until all rows are read over a new one, or
/// fails, and a cached key works for at most `confirm_within`. What a new server says takes effect within a
/// second: a restored cluster or database, a promoted standby, or a restarted server.
///
/// All rows are also read again over the same connection if the answer comes from another server process,
/// database or timeline, as behind a pooler, or from a standby that has become a primary; and if a table or
/// a column was replaced by one of the same name.
///
/// An address may lead to another server while the one from before still answers. So each time that
/// `confirm_within` has passed (5 seconds unless set), a second connection asks which server is
/// there, and replaces the first connection if it is another server. If no second connection can be made,
/// the first one is given up, too, unless the server says that it has too many.
///
/// The identifier of the cluster and its timeline are what `pg_control_system()` and
/// `pg_control_checkpoint()` say. PostgreSQL lets every user run them. If that was revoked, or a provider
/// has neither, they are left out, and all of the above still holds.
pub struct OdooStore(Arc<Source>);

impl OdooStore {
    /// Connects to a database; `url` is as for
    /// [`PostgresStore::open`](https://docs.rs/auth-api-key/latest/auth_api_key/struct.PostgresStore.html#method.open).
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the address is not one of PostgreSQL, if there is no such database, and if a
    /// table or a column is missing; [`Error::Store`] if it cannot be read.
    pub async fn open(url: &str) -> Result<Self, Error> {
        Self::open_within(url, PATIENCE).await
    }

    /// As [`open`](Self::open), but the server may take this long to answer, instead of two seconds:
    /// for an Odoo with hundreds of thousands of keys, or for a program that reads them once. A server
    /// that verifies also needs a [`Builder::confirm_within`](crate::Builder::confirm_within) that is
    /// longer, since all keys are read again after a change.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_within(url: &str, patience: Duration) -> Result<Self, Error> {
        let url = &address(url)?;
        let scheme = scheme(url);
        if !["postgres", "postgresql"].contains(&scheme) {
            return Err(OpenError::UnsupportedDatabase {
                scheme: scheme.to_owned(),
                remedy: "write \"postgres://user@host/database\", the database of an Odoo",
            }
            .into());
        }
        let patient = options(url)?
            .application_name("auth-api-key")
            .options([("default_transaction_read_only", "on")]);
        let limit = format!("{}ms", patience.as_millis());
        let options = patient.clone().options([("statement_timeout", limit)]);
        report_plain_text(&options);
        let connection = connect(&patient).await;
        let mut connection = connection.map_err(|error| unopened(&options, error))?;
        let asked = Instant::now();
        let all = All::read(&mut connection)
            .await
            .map_err(|error| with_rights(error.into()))?;
        report(&all.rows, all.tables);
        let unpeppered = Peppers::new(&[])?;
        let keys = Arc::new(Snapshot::new(0, all.rows, &unpeppered));
        let asked = Some(asked);
        Ok(Self(Arc::new(Source {
            options,
            patient,
            patience,
            unpeppered,
            latest: Mutex::new(Latest { keys, asked }),
            session: tokio::sync::Mutex::default(),
        })))
    }

    /// The logins of the users who have keys, by their ids as in
    /// [`KeyRecord::user`]: for people who read a list of keys. There are none if the database user may
    /// not read `res_users.login`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the database cannot be asked.
    pub async fn logins(&self) -> Result<BTreeMap<String, String>, Error> {
        boxed(async move { logins(&mut connect(&self.0.patient).await?).await }).await
    }

    /// What another store can take over. `environment` is the configuration of
    /// `auth_api_key_server_env`.
    pub(crate) async fn read(&self, environment: Option<&EnvironmentKeys>) -> Result<Read, Error> {
        Ok(self.read_all(environment).await?)
    }

    async fn read_all(&self, environment: Option<&EnvironmentKeys>) -> DbResult<Read> {
        let all = self.0.all().await?;
        if all.tables.environment && environment.is_none() {
            return Err(OpenError::MissingEnvironment.into());
        }
        let names = all.rows.iter();
        let names = names.filter_map(|row| row.record.technical_name.clone());
        let remarks = environment.map(|keys| keys.remarks(&names.collect()));
        let read = |mut row: Row| {
            let name = row.record.technical_name.as_deref();
            if let Some(text) = name.and_then(|name| environment?.text(name)) {
                row.text = Zeroizing::new(text.to_owned());
            }
            let key = row.secret().map(|text| {
                let record = &row.record;
                NewKey::new(&record.name, &record.user)
                    .text(text.expose())
                    .taken_over(record)
            });
            (row.record, key)
        };
        Ok(Read {
            keys: all.rows.into_iter().map(read).collect(),
            groups: all.groups,
            remarks: remarks.unwrap_or_default(),
        })
    }
}

/// What another store can take over.
pub(crate) struct Read {
    /// All records, in the order in which Odoo finds them, and what to create for them: archived
    /// if the user is, and without a number. Or why the text never matches.
    pub(crate) keys: Vec<(KeyRecord, Result<NewKey, &'static str>)>,
    /// The names of groups, by their codes.
    pub(crate) groups: BTreeMap<String, String>,
    /// About the configuration.
    pub(crate) remarks: Vec<String>,
}

/// Adds where to read which rights a database user needs.
fn with_rights(error: Error) -> Error {
    let Error::Store(source) = &error else {
        return error;
    };
    let source = source.downcast_ref::<DbError>();
    match source.and_then(|DbError(error)| error.as_database_error()) {
        Some(source) if source.code().as_deref() == Some("42501") => Error::store(format!(
            "{}; the page \"Coming from Odoo\" has what to GRANT",
            source.message()
        )),
        _ => error,
    }
}

/// All that is read of an Odoo, as of one moment.
struct All {
    tables: Tables,
    rows: Vec<Row>,
    /// The names of groups, by their codes.
    groups: BTreeMap<String, String>,
}

impl All {
    async fn read(connection: &mut PgConnection) -> DbResult<Self> {
        let mut moment = one_snapshot(connection).await?;
        let (tables, _) = Tables::find(&mut moment).await?;
        Ok(Self {
            tables,
            rows: rows(&mut moment, tables).await?,
            groups: groups(&mut moment, tables).await?,
        })
    }
}

/// Logs which keys never match. One without a text may have one in the configuration of
/// `auth_api_key_server_env`.
fn report(rows: &[Row], tables: Tables) {
    let neutralized = rows.iter().filter(|row| row.is_neutralized()).count();
    if neutralized > 0 {
        tracing::warn!(
            keys = neutralized,
            "this database of Odoo was neutralized: the keys whose texts were taken away never match"
        );
    }
    let mut seen: HashMap<&str, i64> = HashMap::new();
    for row in rows.iter().filter(|row| !row.is_neutralized()) {
        let KeyRecord { id, name, .. } = &row.record;
        match row.secret() {
            Err(_) if tables.environment && row.text.is_empty() => {}
            Err(problem) => tracing::warn!(
                key.id = id,
                key.name = name,
                "the text of this key of Odoo {problem}: it never matches"
            ),
            Ok(_) => match seen.get(row.text.as_str()) {
                Some(first) => tracing::warn!(
                    key.id = id,
                    key.name = name,
                    "this key of Odoo has the same text as key {first}, which is found instead"
                ),
                None => {
                    seen.insert(&row.text, *id);
                }
            },
        }
    }
}

/// The keys as they were when the database was last asked.
struct Snapshot {
    /// One more than that of the snapshot before.
    number: u64,
    /// In the order in which Odoo finds them.
    keys: Vec<KeyRecord>,
    by_digest: HashMap<Digest, usize>,
}

impl Snapshot {
    fn new(number: u64, rows: Vec<Row>, unpeppered: &Peppers) -> Self {
        let mut by_digest = HashMap::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if let Ok(secret) = row.secret() {
                by_digest
                    .entry(unpeppered.seal_anyway(&secret).digest)
                    .or_insert(at);
            }
        }
        let keys = rows.into_iter().map(|row| row.record).collect();
        Self {
            number,
            keys,
            by_digest,
        }
    }

    fn find(&self, digest: &Digest) -> Option<&KeyRecord> {
        Some(&self.keys[*self.by_digest.get(digest)?])
    }

    /// The keys that differ, or are found differently. A key without a text may have one from elsewhere.
    fn changed(&self, now: &Self) -> Vec<i64> {
        let by_id: HashMap<i64, &KeyRecord> = now.keys.iter().map(|key| (key.id, key)).collect();
        let other = |key: &&KeyRecord| by_id.get(&key.id) != Some(key);
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
struct Latest {
    keys: Arc<Snapshot>,
    /// When they were asked for; `None` once that connection is lost.
    asked: Option<Instant>,
}

/// What look-ups and watches share.
struct Source {
    options: PgConnectOptions,
    /// Without a limit to how long a statement may take: to read all keys, once.
    patient: PgConnectOptions,
    /// How long an answer may take.
    patience: Duration,
    unpeppered: Peppers,
    latest: Mutex<Latest>,
    /// The latest keys came over it; `None` if it is lost. Whoever asks holds it.
    session: tokio::sync::Mutex<Option<Session>>,
}

impl Source {
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The keys, if they were asked for since that moment.
    fn asked_since(&self, moment: Option<Instant>) -> Option<Arc<Snapshot>> {
        let latest = self.latest();
        let fresh = latest.asked.is_some() && latest.asked >= moment;
        fresh.then(|| Arc::clone(&latest.keys))
    }

    /// The keys as they are, or as they were a second before the call at most.
    async fn current(&self) -> DbResult<Arc<Snapshot>> {
        let since = Instant::now().checked_sub(FRESH);
        if let Some(keys) = self.asked_since(since) {
            return Ok(keys);
        }
        let mut turn = self.session.lock().await;
        // Others may have asked meanwhile. How long the answer took does not count: all who wait for a
        // slow database share it.
        if let Some(keys) = self.asked_since(since) {
            return Ok(keys);
        }
        let (keys, _) = self.ask_anew(&mut turn).await?;
        Ok(keys)
    }

    /// Asks for the keys over a new session: they are all read.
    async fn ask_anew(&self, turn: &mut Option<Session>) -> DbResult<(Arc<Snapshot>, Instant)> {
        *turn = None;
        let session = Session::begin(&self.options).await?;
        self.ask(session, turn).await
    }

    /// Asks for the keys, and keeps the session if it answers.
    async fn ask(
        &self,
        mut session: Session,
        turn: &mut Option<Session>,
    ) -> DbResult<(Arc<Snapshot>, Instant)> {
        let asked = Instant::now();
        let patience = self.patience;
        let late = |_| Err(Error::store(format!("no answer for {patience:?}")).into());
        let read = timeout(patience, session.ask()).await.unwrap_or_else(late);
        if let Some(rows) = read.map_err(|error| self.lost(error))? {
            let latest = Arc::clone(&self.latest().keys);
            let keys = Snapshot::new(latest.number + 1, rows, &self.unpeppered);
            // Keys that are the same over another session are not a change.
            if keys.keys != latest.keys || keys.by_digest != latest.by_digest {
                self.latest().keys = Arc::new(keys);
            }
        }
        *turn = Some(session);
        let mut latest = self.latest();
        latest.asked = Some(asked);
        Ok((Arc::clone(&latest.keys), asked))
    }

    /// The keys of a lost session are not used any more.
    fn lost(&self, error: impl Into<StoreError>) -> StoreError {
        self.latest().asked = None;
        error.into()
    }

    async fn all(&self) -> DbResult<All> {
        All::read(&mut connect(&self.patient).await?).await
    }
}

/// Asks again and again whether anything has changed.
struct Polling {
    source: Arc<Source>,
    /// The keys that were reported last.
    reported: Arc<Snapshot>,
    poll: Duration,
    poll_at: Instant,
    /// How often to ask where the address leads: it may lead to another server, while the one from before
    /// still answers.
    bound: Duration,
    led_at: Instant,
}

impl Polling {
    async fn ask(&mut self) -> DbResult<(Arc<Snapshot>, Instant)> {
        let mut turn = self.source.session.lock().await;
        let session = match turn.take() {
            Some(session) if self.led_at.elapsed() < self.bound => session,
            kept => {
                self.led_at = Instant::now();
                match (Session::begin(&self.source.options).await, kept) {
                    (Ok(begun), Some(kept)) if begun.same_place(&kept) => kept,
                    (Err(error), Some(kept)) if is_full(&error) => kept,
                    (begun, _) => begun.map_err(|error| self.source.lost(error))?,
                }
            }
        };
        self.source.ask(session, &mut turn).await
    }
}

impl Watch for Polling {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        Box::pin(async move {
            tokio::time::sleep_until(self.poll_at.into()).await;
            let (keys, asked) = self.ask().await?;
            self.poll_at = asked + self.poll;
            let reported = std::mem::replace(&mut self.reported, keys);
            Ok(match self.reported.number - reported.number {
                0 => News::Confirmed(asked),
                1 => News::Changed(Changed::Keys(reported.changed(&self.reported))),
                // Look-ups have seen others in between.
                _ => News::Changed(Changed::All),
            })
        })
    }
}

impl Lookup for OdooStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move {
            let keys = self.0.current().await?;
            let found = digests.iter().find_map(|digest| keys.find(digest));
            Ok(found.cloned())
        })
    }

    fn find_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move {
            let keys = self.0.current().await?;
            let mut keys = keys.keys.iter();
            Ok(keys
                .find(|key| key.technical_name.as_deref() == Some(name))
                .cloned())
        })
    }

    /// Reports that no key has a pepper, so that look-ups use none.
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
        boxed(async move {
            let mut turn = self.0.session.lock().await;
            let (reported, asked) = self.0.ask_anew(&mut turn).await?;
            let poll = POLL.min(bound / 4);
            let watch: Box<dyn Watch> = Box::new(Polling {
                source: Arc::clone(&self.0),
                reported,
                poll,
                poll_at: asked + poll,
                bound,
                led_at: asked,
            });
            Ok(Some(watch))
        })
    }
}

impl KeyStore for OdooStore {
    fn is_read_only(&self) -> bool {
        true
    }

    fn add_pepper_checks<'a>(
        &'a self,
        _checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        ready(Ok(())).boxed()
    }

    fn change<'a>(
        &'a self,
        _change: &'a Change,
        _actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>> {
        ready(Err(StateError::ReadOnly.into())).boxed()
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        boxed(async move {
            let keys = self.0.current().await?;
            Ok(keys.keys.iter().find(|key| key.name == name).cloned())
        })
    }

    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>> {
        boxed(async move {
            let keys = self.0.current().await?;
            Ok(filter.page(keys.keys.iter().cloned())?)
        })
    }

    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>> {
        boxed(async move {
            let (keys, now) = (self.0.current().await?, SystemTime::now());
            let keys = keys.keys.iter();
            Ok(keys.filter(|key| filter.matches(key, now)).count() as u64)
        })
    }

    /// Groups of one code are one group here.
    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>> {
        boxed(async move {
            let All { rows, groups, .. } = self.0.all().await?;
            let group = |(code, name): (String, String)| {
                let members = rows.iter().filter(|row| row.record.in_group(&code));
                let members = members.count() as u64;
                Group::new(code, name, members)
            };
            Ok(paging.page(groups.into_iter().map(group), |group| group.code.as_str())?)
        })
    }

    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>> {
        boxed(async move {
            let keys = self.0.current().await?;
            let mut users: BTreeMap<&str, User> = BTreeMap::new();
            for key in &keys.keys {
                let user = users.entry(&key.user);
                user.or_insert_with(|| User::new(&key.user, key.user_active, 0))
                    .keys += 1;
            }
            Ok(paging.page(users.into_values(), |user| user.id.as_str())?)
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
