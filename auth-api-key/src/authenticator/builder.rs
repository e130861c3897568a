//! The settings of an [`Authenticator`].

use std::{
    fmt,
    ops::RangeInclusive,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::{HeaderName, header::AUTHORIZATION};
use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tokio::sync::{Notify, Semaphore};
use zeroize::Zeroizing;

use super::{
    by_hand,
    cache::Cache,
    expiring,
    header::KeyHeader,
    keep_current,
    likely::{self, Likely},
    lookup_queue::LookupQueue,
    metrics::Meter,
    pepper_checks::accept,
    policy::{ArchivedUsers, Policy},
    refresh::refresh,
    uses::Uses,
    verify::{Authenticator, Inner},
};
#[cfg(feature = "postgres")]
use crate::store::PostgresStore;
#[cfg(feature = "sqlite")]
use crate::store::SqliteStore;
#[cfg(feature = "environment")]
use crate::store::{EnvironmentKeys, Overlay};
use crate::{
    error::{Error, InputError, in_days},
    key::{Clock, Lifetimes, Peppers, network},
    rejection::{AnswerStyle, Answers},
    store::{CONNECTIONS, KeyStore, Lookup, address, scheme, unsupported},
};

/// More connections would cost threads (SQLite) or sessions of the server, and make nothing faster.
const CONNECTIONS_ALLOWED: RangeInclusive<u32> = 1..=1000;
/// A watch asks several times within the bound, so it cannot be shorter. With a longer one, revoked keys
/// would work for days.
const CONFIRM_ALLOWED: RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60);
/// An expiry after a longer lifetime would be later than a store can keep.
const LIFETIMES_ALLOWED: RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(36_500 * 24 * 60 * 60);
/// How many tasks that follow keys ask the store at a time.
const FOLLOWING: usize = 2;

/// The settings of an [`Authenticator`]; made by [`Authenticator::builder`].
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_api_key::Authenticator;
///
/// let authenticator = Authenticator::builder()
///     .pepper(1, std::fs::read("pepper")?)
///     .bearer(true)
///     .connect("sqlite:keys.db")
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "a builder does nothing until it is connected to a store"]
pub struct Builder {
    peppers: Vec<(u32, Zeroizing<Vec<u8>>)>,
    peppers_may_be_missing: bool,
    header: String,
    bearer: bool,
    realm: String,
    proxies: Vec<IpNet>,
    archived_users: ArchivedUsers,
    lifetimes: Lifetimes,
    cache_capacity: usize,
    unknown_capacity: usize,
    confirm_within: Duration,
    connections: u32,
    watch_url: Option<String>,
    migrate: bool,
    #[cfg(feature = "environment")]
    environment: EnvironmentKeys,
    answers: AnswerStyle,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            peppers: Vec::new(),
            peppers_may_be_missing: false,
            header: KeyHeader::DEFAULT.as_str().to_owned(),
            bearer: false,
            realm: "api".to_owned(),
            proxies: Vec::new(),
            archived_users: ArchivedUsers::default(),
            lifetimes: Lifetimes::default(),
            cache_capacity: 100_000,
            unknown_capacity: 10_000,
            confirm_within: Duration::from_secs(5),
            connections: CONNECTIONS,
            watch_url: None,
            migrate: true,
            #[cfg(feature = "environment")]
            environment: EnvironmentKeys::default(),
            answers: AnswerStyle::default(),
        }
    }
}

impl Builder {
    /// Adds a pepper: at least 16 random bytes that you keep outside the database. Whoever steals only the
    /// database can then not even check whether a guessed key is right.
    ///
    /// `version` counts from 1. New keys are stored under the highest version. Keys stored under
    /// the others keep working as long as their peppers are given, too. A key's version changes
    /// when it is rotated.
    ///
    /// If you add a version, start all nodes with it before any of them creates, imports or rotates a key.
    /// A node that has no pepper for keys of the store does not start, and neither does a node without any
    /// pepper if the store has seen one. If a key is stored under a missing pepper while the node runs, the
    /// node answers 503 to every text that it does not know, since the text may be that key, and the log
    /// says so.
    ///
    /// If a pepper is a text in UTF-8, a byte-order mark before it is not part of it, and an
    /// [invisible character](crate::key::is_invisible) in it is an error.
    pub fn pepper(mut self, version: u32, pepper: impl Into<Vec<u8>>) -> Self {
        self.peppers.push((version, Zeroizing::new(pepper.into())));
        self
    }

    /// Opens a store although peppers are missing: for a program that lists, archives and deletes keys, and
    /// has no secrets.
    ///
    /// To create, rotate or import a key is then a [`PepperError`](crate::error::PepperError), and a text that
    /// may be a key under a missing pepper is answered with 503.
    pub fn allow_missing_peppers(mut self) -> Self {
        self.peppers_may_be_missing = true;
        self
    }

    /// The header that carries the key, instead of `API-KEY`.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.header = name.into();
        self
    }

    /// Accepts the key as `Authorization: Bearer <key>`, too.
    pub fn bearer(mut self, accept: bool) -> Self {
        self.bearer = accept;
        self
    }

    /// The realm in `WWW-Authenticate`, instead of `api`; it may be empty.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The networks of your own proxies. A request from one of them comes from the last address in
    /// `X-Forwarded-For` that is in none of these networks. From any other peer, and without this call, the
    /// header is ignored. Only keys with networks need this. [`NewKey::networks`](crate::NewKey::networks) says
    /// how networks are read.
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies.extend(networks);
        self
    }

    /// Whether keys of archived users are refused, which they are unless this is called.
    pub fn archived_users(mut self, policy: ArchivedUsers) -> Self {
        self.archived_users = policy;
        self
    }

    /// How long a key lives if it is created, imported or rotated without an expiry. Unless this is called,
    /// it never expires. One second to 36,500 days, and no longer than the [maximum](Self::max_lifetime).
    ///
    /// An update can remove the expiry afterwards, unless there is a maximum.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use std::time::Duration;
    ///
    /// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
    ///
    /// let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    /// let auth = Authenticator::builder()
    ///     .default_lifetime(days(90))
    ///     .max_lifetime(days(365))
    ///     .build(MemoryStore::new())
    ///     .await?;
    /// let created = auth.keys().create(NewKey::new("webshop", "user-7")).await?;
    /// assert_eq!(created.record.lifetime(), Some(days(90)));
    /// let error = auth.keys().update("webshop", auth_api_key::key::KeyUpdate::new().expires_at(None)).await;
    /// assert!(error.unwrap_err().to_string().contains("no key may live for longer than 365 days"));
    /// # Ok(()) }
    /// ```
    pub fn default_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.default = Some(lifetime);
        self
    }

    /// How long a key may live after this authenticator has created, imported or rotated it, or has changed
    /// its expiry: one second to 36,500 days. A later expiry is an error that names the key. A key without an expiry
    /// is also an error, unless there is a [default](Self::default_lifetime). Without this call, there is no
    /// maximum.
    ///
    /// Keys that exist already do not change.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.max = Some(lifetime);
        self
    }

    /// How many keys are cached at most: 100,000 unless this is called. A cached key takes about
    /// 900 bytes (`cargo bench -p tests --bench memory`), and more with long names and many groups. With
    /// 0, the store is asked every time.
    ///
    /// If the store is watched, each cached key is read again within a minute, in the background, 500 at a
    /// time. Otherwise a cached key is used for a minute. Keys that are not in use make room for others
    /// first.
    pub fn cache_capacity(mut self, keys: usize) -> Self {
        self.cache_capacity = keys;
        self
    }

    /// How many texts that are not keys are cached at most: 10,000 unless this is called. One takes
    /// about 180 bytes. With 0, the store is asked every time.
    pub fn unknown_capacity(mut self, texts: usize) -> Self {
        self.unknown_capacity = texts;
        self
    }

    /// How long a node trusts its cache after it last confirmed that it has missed no change: 5 seconds
    /// unless this is called, 100 milliseconds to 24 hours. After that, every request asks the store, until
    /// the store can be watched again.
    ///
    /// So this is how long a revoked key may still work on a node that has lost its database.
    pub fn confirm_within(mut self, bound: Duration) -> Self {
        self.confirm_within = bound;
        self
    }

    /// How many look-ups run at a time, each over a separate connection: 4 unless this is called; 1 to
    /// 1000. Up to 2,048 look-ups wait; further requests that need one are answered with 503 at once.
    /// Changes, lists and the watch take up to five more connections. This is for
    /// [`connect`](Self::connect); a store that you have opened has its connections already.
    pub fn connections(mut self, number: u32) -> Self {
        self.connections = number;
        self
    }

    /// The address of the PostgreSQL server itself, if [`connect`](Self::connect) gets the address of a
    /// pooler. Keys are looked up, listed and changed through the pooler. A session with the server itself
    /// makes the tables, and listens for changes.
    ///
    /// The pooler may use another session for each transaction: PgBouncer from version 1.21 on, with
    /// `pool_mode = transaction` and `max_prepared_statements` of 100 or more.
    /// [`PostgresStore`](crate::store::PostgresStore) lists the other settings.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_api_key::Authenticator;
    ///
    /// let authenticator = Authenticator::builder()
    ///     .watch_url("postgres://server@database:5432/keys")
    ///     .connect("postgres://server@pgbouncer:6432/keys")
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn watch_url(mut self, url: impl Into<String>) -> Self {
        self.watch_url = Some(url.into());
        self
    }

    /// Whether [`connect`](Self::connect) makes missing tables and a missing SQLite file, which it does
    /// unless this is called with `false`. With `false`, a program with a newer version of this crate does
    /// not start until somebody runs `auth-api-key migrate`, or
    /// [`PostgresStore::open`](crate::store::PostgresStore) with a role that may make tables.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// use auth_api_key::{Authenticator, Error, error::OpenError};
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let file = folder.path().join("keys.db");
    /// # std::fs::write(&file, "").unwrap();
    /// # let url = format!("sqlite:{}", file.display());
    /// let opened = Authenticator::builder().migrate(false).connect(&url).await;
    /// assert!(matches!(
    ///     opened,
    ///     Err(Error::Open(OpenError::MissingMigration { version: 1, .. }))
    /// ));
    /// # }
    /// ```
    pub fn migrate(mut self, make: bool) -> Self {
        self.migrate = make;
        self
    }

    /// Texts of keys from a configuration file or from variables, which replace those in the store.
    #[cfg(feature = "environment")]
    pub fn environment(mut self, keys: EnvironmentKeys) -> Self {
        self.environment = keys;
        self
    }

    /// Answers as Odoo does, for callers that were written for it.
    ///
    /// ```
    /// use auth_api_key::{Authenticator, rejection::AnswerStyle};
    ///
    /// let builder = Authenticator::builder().answers(AnswerStyle::Odoo);
    /// # let _ = builder;
    /// ```
    pub fn answers(mut self, style: AnswerStyle) -> Self {
        self.answers = style;
        self
    }

    /// Opens the store at `url`: `sqlite:keys.db` is a file, which is made if it is missing, and
    /// `postgres://user:password@host/database` is a database, in which missing tables are made. In the
    /// user's name and the password, percent-encode `@`, `#`, `?` and `/`. Blanks and ends of lines around
    /// the address are trimmed.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the address is of no known kind, if the database cannot be opened, or if it has
    /// not all tables and [`migrate(false)`](Self::migrate) was called; otherwise as
    /// [`build`](Self::build).
    ///
    /// # Panics
    ///
    /// As [`build`](Self::build).
    pub async fn connect(self, url: &str) -> Result<Authenticator, Error> {
        // Before anything is made.
        self.settings()?;
        let url = &address(url)?;
        let watch_url = self.watch_url.as_deref().map(address).transpose()?;
        if let Some(watch_url) = &watch_url {
            let mut schemes = [scheme(url), scheme(watch_url)].into_iter();
            if let Some(other) = schemes.find(|scheme| !scheme.starts_with("postgres")) {
                return Err(InputError::UnusableSetting {
                    setting: "watch_url",
                    given: format!("used with an address that starts with \"{other}\""),
                    remedy: "give two addresses of one PostgreSQL database, or leave it out",
                }
                .into());
            }
        }
        match scheme(url) {
            #[cfg(feature = "sqlite")]
            "sqlite" => {
                let store = SqliteStore::open_with(url, self.connections, self.migrate).await?;
                self.build(store).await
            }
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                let store = PostgresStore::open_with(
                    url,
                    watch_url.as_deref(),
                    self.connections,
                    self.migrate,
                )
                .await?;
                self.build(store).await
            }
            scheme => Err(unsupported(scheme).into()),
        }
    }

    /// Verifies and changes the keys of a store that you have opened, or have written yourself.
    ///
    /// # Errors
    ///
    /// [`PepperError`](crate::error::PepperError) if the store's keys were made with other peppers, or the
    /// peppers cannot be used; [`InputError`] for another setting that cannot be used; [`Error::Store`] if the
    /// store fails.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime: its tasks watch the store for changes, and write last uses.
    pub fn build(self, store: impl KeyStore) -> BoxFuture<'static, Result<Authenticator, Error>> {
        // Not `async`: the future would depend on the type of the store, and rustc would report a wrong store three times.
        Box::pin(self.build_any(Arc::new(store)))
    }

    async fn build_any(self, store: Arc<dyn KeyStore>) -> Result<Authenticator, Error> {
        let mut settings = self.settings()?;
        let peppers = &mut settings.peppers;
        // Peppers that do not fit are an error before the store keeps anything of them. The second
        // comparison finds a node that starts at the same time with another pepper.
        let may_be_missing = self.peppers_may_be_missing;
        let seen = store.pepper_checks().await?;
        let mut unseen = peppers.check_values();
        unseen.retain(|(version, _)| seen.iter().all(|check| check.version != *version));
        accept(peppers, seen, may_be_missing)?;
        if !unseen.is_empty() {
            store.add_pepper_checks(&unseen).await?;
            accept(peppers, store.pepper_checks().await?, may_be_missing)?;
        }
        let lookup: Arc<dyn Lookup> = Arc::<dyn KeyStore>::clone(&store);
        self.finish(settings, lookup, Some(store)).await
    }

    /// Verifies keys that others administer: this authenticator can neither list nor change them. Otherwise
    /// as [`build`](Self::build).
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    ///
    /// # Panics
    ///
    /// As [`build`](Self::build).
    pub fn build_lookup(
        self,
        lookup: impl Lookup,
    ) -> BoxFuture<'static, Result<Authenticator, Error>> {
        Box::pin(self.build_any_lookup(Arc::new(lookup)))
    }

    async fn build_any_lookup(self, lookup: Arc<dyn Lookup>) -> Result<Authenticator, Error> {
        let mut settings = self.settings()?;
        let checks = lookup.pepper_checks().await?;
        accept(&mut settings.peppers, checks, self.peppers_may_be_missing)?;
        self.finish(settings, lookup, None).await
    }

    /// Checks the settings, and makes what the authenticator needs of them, before a store is asked.
    fn settings(&self) -> Result<Settings, Error> {
        self.check()?;
        let name = match KeyHeader::DEFAULT == *self.header {
            true => Ok(KeyHeader::DEFAULT),
            false => HeaderName::try_from(&self.header),
        };
        let header = KeyHeader {
            name: name.map_err(|_| InputError::InvalidHeaderName {
                name: self.header.clone(),
            })?,
            bearer: self.bearer,
        };
        if header.name == AUTHORIZATION {
            return Err(InputError::AuthorizationHeader.into());
        }
        Ok(Settings {
            peppers: Peppers::new(&self.peppers)?,
            answers: Answers::new(self.answers, &header.name, header.bearer, &self.realm)?,
            header,
        })
    }

    async fn finish(
        self,
        settings: Settings,
        lookup: Arc<dyn Lookup>,
        store: Option<Arc<dyn KeyStore>>,
    ) -> Result<Authenticator, Error> {
        let Settings {
            peppers,
            header,
            answers,
        } = settings;
        if let Some(copy) = lookup.unfinished_copy().await? {
            tracing::warn!("{copy}");
        }
        let meter: Arc<Meter> = Arc::default();
        let (known, unknown) = (self.cache_capacity, self.unknown_capacity);
        let clock = Clock::default();
        let versions = peppers.versions();
        let meter_of_cache = Arc::clone(&meter);
        let cache = Cache::new(known, unknown, versions, meter_of_cache, clock.clone())?;
        let cache = Arc::new(cache);
        #[cfg(feature = "environment")]
        let lookup: Arc<dyn Lookup> =
            Arc::new(Overlay::new(lookup, self.environment, &peppers).await?);
        let bound = self.confirm_within;
        let likely = Arc::<Likely>::default();
        let mut tasks = Vec::new();
        if let Some(begun) = keep_current::begin(&lookup, &cache, bound).await? {
            cache.set_watched();
            let changed = Arc::<Notify>::default();
            if let Some(store) = &store {
                let logging = by_hand::log(Arc::clone(store), Arc::clone(&changed)).await;
                tasks.push(tokio::spawn(logging).abort_handle());
            }
            let watching = keep_current::keep_current(
                begun,
                Arc::clone(&lookup),
                Arc::clone(&cache),
                bound,
                changed,
            );
            tasks.push(tokio::spawn(watching).abort_handle());
            let refreshing = refresh(Arc::clone(&cache), Arc::clone(&lookup));
            tasks.push(tokio::spawn(refreshing).abort_handle());
            let reading =
                likely::read_digests(Arc::clone(&likely), Arc::clone(&cache), Arc::clone(&lookup));
            tasks.push(tokio::spawn(reading).abort_handle());
        }
        let noticing = expiring::notice(Arc::clone(&cache), Arc::clone(&meter));
        tasks.push(tokio::spawn(noticing).abort_handle());
        Ok(Authenticator(Arc::new(Inner {
            uses: Uses::new(Arc::clone(&lookup), clock.clone()),
            lookup_queue: Arc::new(LookupQueue::new(
                Arc::clone(&cache),
                Arc::clone(&lookup),
                likely,
            )),
            lookup,
            store,
            peppers,
            cache,
            meter,
            pending: Arc::default(),
            tasks,
            bound,
            following: Semaphore::new(FOLLOWING),
            header,
            proxies: self.proxies,
            policy: Policy {
                archived_users: self.archived_users,
                lifetimes: self.lifetimes,
                clock,
            },
            answers: Arc::new(answers),
            damaged: Mutex::default(),
        })))
    }

    /// Checks the settings that are numbers, and the proxies' networks.
    fn check(&self) -> Result<(), Error> {
        for proxies in &self.proxies {
            network::given(*proxies, "`Builder::proxies`")?;
        }
        if !CONNECTIONS_ALLOWED.contains(&self.connections) {
            return Err(InputError::UnusableSetting {
                setting: "connections",
                given: self.connections.to_string(),
                remedy: "give 1 to 1000",
            }
            .into());
        }
        let Lifetimes { default, max } = self.lifetimes;
        for (setting, lifetime, longest) in [
            ("max_lifetime", max, *LIFETIMES_ALLOWED.end()),
            (
                "default_lifetime",
                default,
                max.unwrap_or(*LIFETIMES_ALLOWED.end()),
            ),
        ] {
            if let Some(lifetime) = lifetime
                && !(*LIFETIMES_ALLOWED.start()..=longest).contains(&lifetime)
            {
                return Err(InputError::UnusableSetting {
                    setting,
                    given: in_days(lifetime),
                    remedy: "give 1 second to 36,500 days, and no default above the maximum",
                }
                .into());
            }
        }
        if !CONFIRM_ALLOWED.contains(&self.confirm_within) {
            return Err(InputError::UnusableSetting {
                setting: "confirm_within",
                given: format!("{:?}", self.confirm_within),
                remedy: "give 100 ms to 24 hours, such as `Duration::from_secs(5)`",
            }
            .into());
        }
        Ok(())
    }
}

/// What [`Builder::settings`] makes.
struct Settings {
    peppers: Peppers,
    header: KeyHeader,
    answers: Answers,
}

impl Authenticator {
    /// Opens the store at `url`, with the default settings, when you `.await` it: see [`Builder::connect`].
    ///
    /// # Errors
    ///
    /// As [`Builder::connect`].
    pub fn connect(url: &str) -> Connect {
        Connect {
            url: Zeroizing::new(url.to_owned()),
        }
    }

    /// Settings other than the default ones, or a store of your own.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// What [`Authenticator::connect`] gives: write `.await?` after it.
///
/// It is not a future but can become one. If you forget `.await` and make it the state of a router, rustc reports
/// only that this state has no authenticator. If it were a future, rustc would also report each type inside that
/// threads cannot share.
#[derive(Clone)]
#[must_use = "it does nothing unless you `.await` it"]
pub struct Connect {
    url: Zeroizing<String>,
}

impl IntoFuture for Connect {
    type Output = Result<Authenticator, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Authenticator::builder().connect(&self.url).await })
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<u32> = self.peppers.iter().map(|(version, _)| *version).collect();
        f.debug_struct("Builder")
            .field("pepper_versions", &versions)
            .field("header", &self.header)
            .field("bearer", &self.bearer)
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}
