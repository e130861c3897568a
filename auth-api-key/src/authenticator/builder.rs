//! The settings of an [`Authenticator`].

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    http::{HeaderName, header::AUTHORIZATION},
    response::Response,
};
use ipnet::IpNet;
use zeroize::Zeroizing;

use super::{ArchivedUsers, Authenticator, Inner, cache::Cache, meter::Meter, uses::Uses, watch};
#[cfg(feature = "environment")]
use crate::{EnvironmentKeys, store::Overlay};
use crate::{
    Error, KeyStore, PepperCheck, Rejection,
    key::Peppers,
    rejection::{AnswerStyle, Answers, Hook},
    store::{CONNECTIONS, scheme},
};

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
    header: Result<HeaderName, Error>,
    bearer: bool,
    realm: String,
    proxies: Vec<IpNet>,
    archived_users: ArchivedUsers,
    cache_capacity: usize,
    unknown_capacity: usize,
    confirm_within: Duration,
    connections: u32,
    #[cfg(feature = "environment")]
    environment: EnvironmentKeys,
    answers: AnswerStyle,
    hook: Option<Hook>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            peppers: Vec::new(),
            header: Ok(HeaderName::from_static("api-key")),
            bearer: false,
            realm: "api".to_owned(),
            proxies: Vec::new(),
            archived_users: ArchivedUsers::default(),
            cache_capacity: 100_000,
            unknown_capacity: 10_000,
            confirm_within: Duration::from_secs(5),
            connections: CONNECTIONS,
            #[cfg(feature = "environment")]
            environment: EnvironmentKeys::default(),
            answers: AnswerStyle::default(),
            hook: None,
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
    pub fn pepper(mut self, version: u32, pepper: impl Into<Vec<u8>>) -> Self {
        self.peppers.push((version, Zeroizing::new(pepper.into())));
        self
    }

    /// The header that carries the key, instead of `API-KEY`.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.header = HeaderName::try_from(&name).map_err(|_| Error::InvalidHeaderName { name });
        self
    }

    /// Accepts the key as `Authorization: Bearer <key>`, too.
    pub fn bearer(mut self, accept: bool) -> Self {
        self.bearer = accept;
        self
    }

    /// The realm named in `WWW-Authenticate`, instead of `api`.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The networks of one's own proxies. A request from one of them comes from the last address in
    /// `X-Forwarded-For` that is in none of these networks; without this call, and from any other
    /// peer, the header is not believed. It matters for keys that are admitted from
    /// [networks](crate::NewKey::networks) alone.
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies.extend(networks);
        self
    }

    /// What becomes of the keys of archived users; they are rejected unless this is called.
    pub fn archived_users(mut self, policy: ArchivedUsers) -> Self {
        self.archived_users = policy;
        self
    }

    /// How many keys are cached at most: 100,000 unless this is called. A cached key takes about
    /// 400 bytes, and more with long names and many groups.
    pub fn cache_capacity(mut self, keys: usize) -> Self {
        self.cache_capacity = keys;
        self
    }

    /// How many texts that are no keys are cached at most: 10,000 unless this is called. One takes
    /// about 100 bytes.
    pub fn unknown_capacity(mut self, texts: usize) -> Self {
        self.unknown_capacity = texts;
        self
    }

    /// How long a node may go on with what it has cached when it cannot confirm that it has missed
    /// no change: 5 seconds unless this is called. When they are over, every request asks the
    /// store until it can be watched again.
    ///
    /// It is how long a revoked key may still work on a node that has lost its database.
    pub fn confirm_within(mut self, bound: Duration) -> Self {
        self.confirm_within = bound;
        self
    }

    /// How many keys are looked up at a time at most, each over a connection of its own: 4 unless
    /// this is called. Changes and watching for those of others take up to three connections more.
    pub fn connections(mut self, number: u32) -> Self {
        self.connections = number;
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
    /// use auth_api_key::{AnswerStyle, Authenticator};
    ///
    /// let builder = Authenticator::builder().answers(AnswerStyle::Odoo);
    /// # let _ = builder;
    /// ```
    pub fn answers(mut self, style: AnswerStyle) -> Self {
        self.answers = style;
        self
    }

    /// Changes or replaces the answers to refused requests: called with the rejection and the
    /// standard answer.
    ///
    /// ```
    /// use auth_api_key::{Authenticator, Reason};
    /// use axum::response::{IntoResponse, Redirect};
    ///
    /// let builder = Authenticator::builder().on_rejection(|rejection, answer| {
    ///     match rejection.reason() {
    ///         Reason::MissingKey => Redirect::to("/how-to-get-a-key").into_response(),
    ///         _ => answer,
    ///     }
    /// });
    /// # let _ = builder;
    /// ```
    pub fn on_rejection(
        mut self,
        hook: impl Fn(&Rejection, Response) -> Response + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Opens the store at `url`: `sqlite:keys.db` is a file, made where it is missing, and
    /// `postgres://user:password@host/database` a database, in which the tables are made. It must
    /// be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedDatabase`] for other addresses; what [`SqliteStore::open`],
    /// [`PostgresStore::open`] and [`store`](Self::store) give.
    ///
    /// [`SqliteStore::open`]: https://docs.rs/auth-api-key/latest/auth_api_key/struct.SqliteStore.html#method.open
    /// [`PostgresStore::open`]: https://docs.rs/auth-api-key/latest/auth_api_key/struct.PostgresStore.html#method.open
    pub async fn connect(self, url: &str) -> Result<Authenticator, Error> {
        let scheme = scheme(url);
        match scheme {
            #[cfg(feature = "sqlite")]
            "sqlite" => {
                let store = crate::SqliteStore::open_with(url, self.connections).await?;
                self.store(store).await
            }
            #[cfg(not(feature = "sqlite"))]
            "sqlite" => Err(Error::UnsupportedDatabase {
                scheme: scheme.to_owned(),
                remedy: "enable the feature `sqlite` of auth-api-key",
            }),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                let store = crate::PostgresStore::open_with(url, self.connections).await?;
                self.store(store).await
            }
            #[cfg(not(feature = "postgres"))]
            "postgres" | "postgresql" => Err(Error::UnsupportedDatabase {
                scheme: scheme.to_owned(),
                remedy: "enable the feature `postgres` of auth-api-key",
            }),
            _ => Err(Error::UnsupportedDatabase {
                scheme: scheme.to_owned(),
                remedy: "write \"sqlite:keys.db\" for a file, or \"postgres://user@host/database\"",
            }),
        }
    }

    /// Verifies against a store of one's own, or one that is open already. It must be called in a
    /// Tokio runtime, which then watches the store for changes, and writes last uses.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPepper`] and [`Error::MissingPepper`] if the store's keys were made with
    /// other peppers; [`Error::ShortPepper`], [`Error::PepperVersionZero`],
    /// [`Error::DuplicatePepper`], [`Error::InvalidHeaderName`], [`Error::AuthorizationHeader`] and
    /// [`Error::InvalidRealm`] for settings that cannot be used; [`Error::Store`] if the store fails.
    pub async fn store(self, store: impl KeyStore) -> Result<Authenticator, Error> {
        let mut peppers = Peppers::new(self.peppers)?;
        let header = self.header?;
        if header == AUTHORIZATION {
            return Err(Error::AuthorizationHeader);
        }
        let answers = Answers::new(self.answers, &header, self.bearer, &self.realm, self.hook)?;
        // Nothing is kept of peppers that do not fit; and a node that starts at the same time with
        // another pepper shows in the second comparison.
        compare(&mut peppers, store.pepper_checks().await?)?;
        store.add_pepper_checks(&peppers.check_values()).await?;
        compare(&mut peppers, store.pepper_checks().await?)?;
        let store: Arc<dyn KeyStore> = Arc::new(store);
        let meter: Arc<Meter> = Arc::default();
        let (known, unknown) = (self.cache_capacity, self.unknown_capacity);
        let cache = Arc::new(Cache::new(known, unknown, Arc::clone(&meter))?);
        #[cfg(not(feature = "environment"))]
        let lookup = Arc::clone(&store);
        #[cfg(feature = "environment")]
        let lookup = Arc::new(Overlay::new(Arc::clone(&store), self.environment, &peppers).await?);
        let bound = self.confirm_within;
        let watching = watch::begin(&store, &cache, bound).await?.map(|begun| {
            let following = watch::follow(begun, Arc::clone(&store), Arc::clone(&cache), bound);
            tokio::spawn(following).abort_handle()
        });
        Ok(Authenticator(Arc::new(Inner {
            uses: Uses::new(Arc::clone(&store)),
            lookup,
            store,
            peppers,
            cache,
            meter,
            watching,
            header,
            bearer: self.bearer,
            proxies: self.proxies,
            archived_users: self.archived_users,
            answers: Arc::new(answers),
        })))
    }
}

/// Compares a node's peppers with those that a store's keys were made with.
fn compare(peppers: &mut Peppers, checks: Vec<PepperCheck>) -> Result<(), Error> {
    let ours = peppers.check_values();
    for PepperCheck {
        version,
        check,
        in_use,
    } in checks
    {
        match ours.iter().find(|(ours, _)| *ours == version) {
            Some((_, digest)) if *digest.as_bytes() == check => {}
            Some(_) => return Err(Error::WrongPepper { version }),
            None if !in_use => {}
            None if version == 0 => peppers.accept_unpeppered(),
            None => return Err(Error::MissingPepper { version }),
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
