//! The settings of an [`Authenticator`].

use std::{
    fmt,
    ops::RangeInclusive,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::{HeaderName, header::AUTHORIZATION};
use ipnet::IpNet;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::{
    cache::Cache,
    expiring,
    header::KeyHeader,
    likely::{self, Likely},
    lookups::Lookups,
    meter::Meter,
    policy::{ArchivedUsers, Policy},
    renew::renew,
    uses::Uses,
    verify::{Authenticator, Inner},
    watch,
};
#[cfg(feature = "postgres")]
use crate::store::PostgresStore;
#[cfg(feature = "sqlite")]
use crate::store::SqliteStore;
#[cfg(feature = "environment")]
use crate::store::{EnvironmentKeys, Overlay};
use crate::{
    error::{Error, InputError, PepperError, in_days},
    key::{Clock, Lifetimes, Peppers, network},
    rejection::{AnswerStyle, Answers},
    store::{CONNECTIONS, KeyStore, Lookup, PepperCheck, address, scheme, unsupported},
};

/// More would be threads of this process (SQLite), or sessions of the server, without a use.
const CONNECTIONS_ALLOWED: RangeInclusive<u32> = 1..=1000;
/// A watch asks several times within the bound; and a longer one would keep revoked keys working for
/// days.
const CONFIRM_ALLOWED: RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60);
/// Longer ones end after what a store can keep.
const LIFETIMES_ALLOWED: RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(36_500 * 24 * 60 * 60);
/// How many of those who follow keys ask the store at a time.
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
            header: "api-key".to_owned(),
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
    /// Adds a pepper: at least 16 random bytes that are kept outside the database, without which a
    /// stolen database does not even tell whether a guessed key is right.
    ///
    /// `version` counts from 1. New keys are stored under the highest version; keys stored under
    /// the others keep working as long as their peppers are given, too. A key's version changes
    /// when it is rotated.
    ///
    /// Give a new version to all nodes before it is the highest one of any. A node that does not have
    /// a pepper that keys are stored under does not start. Where one comes into use while it runs, it
    /// answers with 503 to every text that it does not know, and says so in the log, since the text may
    /// be a key under that pepper. Nor does a node start without any pepper where the store has seen
    /// one.
    ///
    /// A byte-order mark before a pepper that is a text in UTF-8 is not part of it. An
    /// [invisible character](crate::key::is_invisible) in such a text is an error.
    pub fn pepper(mut self, version: u32, pepper: impl Into<Vec<u8>>) -> Self {
        self.peppers.push((version, Zeroizing::new(pepper.into())));
        self
    }

    /// Opens a store without peppers that it has seen, for a program that lists, archives and deletes
    /// keys, but has no secrets.
    ///
    /// To create, rotate and import keys is then a [`PepperError`]; and texts that may be keys under a
    /// pepper that is missing are answered with 503.
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

    /// The realm named in `WWW-Authenticate`, instead of `api`; it may be empty.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The networks of your own proxies. A request from one of them comes from the last address in
    /// `X-Forwarded-For` that is in none of these networks; without this call, and from any other
    /// peer, the header is not believed. It matters for keys that are admitted from
    /// [networks](crate::NewKey::networks) alone, where it is also said how networks are read.
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies.extend(networks);
        self
    }

    /// What becomes of the keys of archived users; they are rejected unless this is called.
    pub fn archived_users(mut self, policy: ArchivedUsers) -> Self {
        self.archived_users = policy;
        self
    }

    /// How long a key lives that is created, imported or rotated without an expiry; for ever unless this
    /// is called. One second to 36,500 days, and no longer than the [maximum](Self::max_lifetime).
    ///
    /// An expiry can be taken from a key afterwards, unless there is a maximum.
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

    /// How long any key may live from when it is created, imported or rotated, or given an expiry through
    /// this authenticator: what would be longer is an error that names it. Without a
    /// [default](Self::default_lifetime), so is a key without an expiry. One second to 36,500 days; there
    /// is no maximum unless this is called.
    ///
    /// Keys that are there already stay as they are.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.max = Some(lifetime);
        self
    }

    /// How many keys are cached at most: 100,000 unless this is called. A cached key takes about
    /// 400 bytes, and more with long names and many groups. With 0, the store is asked every time.
    ///
    /// Where the store is watched, each cached key is asked for again within a minute, in the
    /// background, 500 at a time; elsewhere a cached key is believed for a minute. One that is not in
    /// use makes room for others first.
    pub fn cache_capacity(mut self, keys: usize) -> Self {
        self.cache_capacity = keys;
        self
    }

    /// How many texts that are no keys are cached at most: 10,000 unless this is called. One takes
    /// about 100 bytes. With 0, the store is asked every time.
    pub fn unknown_capacity(mut self, texts: usize) -> Self {
        self.unknown_capacity = texts;
        self
    }

    /// How long a node may go on with what it has cached when it cannot confirm that it has missed
    /// no change: 5 seconds unless this is called. When they are over, every request asks the
    /// store until it can be watched again. 100 milliseconds to 24 hours.
    ///
    /// It is how long a revoked key may still work on a node that has lost its database.
    pub fn confirm_within(mut self, bound: Duration) -> Self {
        self.confirm_within = bound;
        self
    }

    /// How many keys are looked up at a time at most, each over a connection of its own: 4 unless
    /// this is called; 1 to 1000. Changes, lists and watching for the changes of others take up to
    /// five connections more. Further look-ups wait, up to 2,048 of them, and what comes then is answered
    /// with 503 at once. It is for [`connect`](Self::connect); a store that is open already has its
    /// connections.
    pub fn connections(mut self, number: u32) -> Self {
        self.connections = number;
        self
    }

    /// The address of the PostgreSQL server itself, where [`connect`](Self::connect) is given that of a
    /// pooler: keys are looked up, listed and changed through the pooler, and over a session with the server
    /// the tables are made, and changes are listened for.
    ///
    /// The pooler may lend its sessions for each transaction: PgBouncer from version 1.21 on, with
    /// `pool_mode = transaction` and `max_prepared_statements` of 100 or more.
    /// [`PostgresStore`](crate::store::PostgresStore) says what else there is to set.
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

    /// Whether [`connect`](Self::connect) makes the tables that are missing, and a SQLite file that is:
    /// it does unless this is called with `false`. Then a program of a newer version does not start
    /// before `auth-api-key migrate` was run, or [`PostgresStore::open`](crate::store::PostgresStore)
    /// with a role that may make tables.
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

    /// Texts of keys that a configuration file or variables give instead of the store.
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

    /// Opens the store at `url`: `sqlite:keys.db` is a file, made where it is missing, and
    /// `postgres://user:password@host/database` a database, in which the tables are made. In the user's
    /// name and the password, `@`, `#`, `?` and `/` are percent-encoded. Blanks and ends of lines around
    /// the address are trimmed. It must be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the address is of no known kind, or the database cannot be opened, or
    /// lacks tables that are not to be made; otherwise as [`build`](Self::build).
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

    /// Verifies against a store that is open already, or one of your own, and changes it. It must be
    /// called in a Tokio runtime, which then watches the store for changes, and writes last uses.
    ///
    /// # Errors
    ///
    /// [`PepperError`] if the store's keys were made with other peppers, or the peppers cannot be
    /// used; [`InputError`] for another setting that cannot be used; [`Error::Store`] if the store
    /// fails.
    pub async fn build(self, store: impl KeyStore) -> Result<Authenticator, Error> {
        let store: Arc<dyn KeyStore> = Arc::new(store);
        let mut settings = self.settings()?;
        let peppers = &mut settings.peppers;
        // Nothing is kept of peppers that do not fit; and a node that starts at the same time with
        // another pepper shows in the second comparison.
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

    /// Verifies against what somebody else administers: nothing is listed or changed through this
    /// authenticator. Otherwise as [`build`](Self::build).
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub async fn build_lookup(self, lookup: impl Lookup) -> Result<Authenticator, Error> {
        let mut settings = self.settings()?;
        let checks = lookup.pepper_checks().await?;
        accept(&mut settings.peppers, checks, self.peppers_may_be_missing)?;
        self.finish(settings, Arc::new(lookup), None).await
    }

    /// What is made of the settings, before a store is asked.
    fn settings(&self) -> Result<Settings, Error> {
        self.check()?;
        let name = HeaderName::try_from(&self.header);
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
        let mut watching = Vec::new();
        if let Some(begun) = watch::begin(&lookup, &cache, bound).await? {
            cache.set_watched();
            let following = watch::follow(begun, Arc::clone(&lookup), Arc::clone(&cache), bound);
            watching.push(tokio::spawn(following).abort_handle());
            let renewing = renew(Arc::clone(&cache), Arc::clone(&lookup));
            watching.push(tokio::spawn(renewing).abort_handle());
            let listing =
                likely::follow(Arc::clone(&likely), Arc::clone(&cache), Arc::clone(&lookup));
            watching.push(tokio::spawn(listing).abort_handle());
        }
        let noticing = expiring::notice(Arc::clone(&cache), Arc::clone(&meter));
        watching.push(tokio::spawn(noticing).abort_handle());
        Ok(Authenticator(Arc::new(Inner {
            uses: Uses::new(Arc::clone(&lookup), clock.clone()),
            lookups: Arc::new(Lookups::new(
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
            watching,
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
    /// Opens the store at `url`, with the default settings: see [`Builder::connect`].
    ///
    /// # Errors
    ///
    /// As [`Builder::connect`].
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::builder().connect(url).await
    }

    /// Settings other than the default ones, or a store of your own.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// Has a node look for keys under the peppers that a store's keys were made with, or says why it
/// cannot.
fn accept(
    peppers: &mut Peppers,
    checks: Vec<PepperCheck>,
    may_be_missing: bool,
) -> Result<(), PepperError> {
    let ours = peppers.check_values();
    for PepperCheck {
        version,
        check,
        in_use,
    } in checks
    {
        match ours.iter().find(|(ours, _)| *ours == version) {
            Some((_, digest)) if *digest.as_bytes() == check => {}
            Some(_) => return Err(PepperError::WrongPepper { version }),
            None if version == 0 => {
                if in_use {
                    peppers.accept_unpeppered();
                }
            }
            // Where none is given at all, it was forgotten.
            None if !in_use && !peppers.are_none() => {}
            None if may_be_missing => peppers.lack(version),
            None => return Err(PepperError::MissingPepper { version }),
        }
    }
    Ok(())
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
