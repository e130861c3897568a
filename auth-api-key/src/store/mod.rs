//! Where keys are kept: the [`KeyStore`] trait, and the stores that come with the crate.

#[cfg(feature = "environment")]
mod environment;
mod memory;
#[cfg(feature = "odoo")]
mod odoo;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{
    fmt,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures_util::future::{BoxFuture, FutureExt, ready};
use ipnet::{IpNet, Ipv4Net};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

#[cfg(feature = "environment")]
pub use self::environment::EnvironmentKeys;
#[cfg(feature = "environment")]
pub(crate) use self::environment::Overlay;
pub use self::memory::MemoryStore;
#[cfg(feature = "odoo")]
pub use self::odoo::OdooStore;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
use crate::{
    Error,
    key::{DEFAULT_PREFIX, Digest, KeyRecord, Secret, StoredSecret},
};

/// What a database's address begins with, and nothing that may be a password: other addresses than
/// URLs have one anywhere.
pub(crate) fn scheme(url: &str) -> &str {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        true => scheme,
        false => "",
    }
}

/// A database that cannot be connected to.
#[cfg(any(feature = "odoo", feature = "postgres"))]
fn unopened(options: &sqlx::postgres::PgConnectOptions, error: sqlx::Error) -> Error {
    let (host, port) = (options.get_host(), options.get_port());
    let database = options.get_database().unwrap_or_default();
    Error::Unopened {
        path: format!("{host}:{port}/{database}"),
        error: error.into(),
    }
}

/// What a key is created from.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use std::time::{Duration, SystemTime};
///
/// use auth_api_key::{Authenticator, MemoryStore, NewKey};
///
/// let authenticator = Authenticator::builder().store(MemoryStore::new()).await?;
/// let year = Duration::from_secs(365 * 24 * 60 * 60);
/// let created = authenticator
///     .create(
///         NewKey::new("webshop", "user-7")
///             .prefix("shop")
///             .groups(["shop", "erp"])
///             .networks(["10.0.0.0/8".parse().unwrap()])
///             .expires_at(SystemTime::now() + year),
///     )
///     .await?;
/// println!("{}", created.secret.expose()); // now or never
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a `NewKey` creates nothing until it is given to `Authenticator::create`"]
pub struct NewKey {
    record: KeyRecord,
    prefix: String,
    text: Option<Zeroizing<String>>,
}

impl NewKey {
    /// A key with this unique name, acting for this user: an id of the application's own.
    pub fn new(name: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            record: KeyRecord::new(0, name, user),
            prefix: DEFAULT_PREFIX.to_owned(),
            text: None,
        }
    }

    /// Puts the key in these groups; a group that is not there yet is made.
    pub fn groups(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.record.groups.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Admits the key only from these networks. Without a call, it is admitted from any.
    ///
    /// The server must know its callers' addresses: serve the router by
    /// `app.into_make_service_with_connect_info::<SocketAddr>()`. Where it does not, the key is
    /// refused.
    pub fn networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.record.networks.extend(networks);
        self
    }

    /// Refuses the key from this time on. Stores keep whole milliseconds.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.record.expires_at = Some(time);
        self
    }

    /// Creates the key archived: it is refused until
    /// [`Authenticator::unarchive`](crate::Authenticator::unarchive) takes it back.
    pub fn archived(mut self) -> Self {
        self.record.active = false;
        self
    }

    /// The name by which the surroundings of a server may give the key's text, instead of the one
    /// that is created with it (the feature `environment`). Lower-case letters, digits and `_`;
    /// unique within a store.
    pub fn technical_name(mut self, name: impl Into<String>) -> Self {
        self.record.technical_name = Some(name.into());
        self
    }

    /// Anything that the application wants to know of the key, as a JSON object. No secrets: it is
    /// stored as it is.
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.record.metadata = metadata;
        self
    }

    /// What an issued key begins with: 1 to 16 of `A-Z`, `a-z`, `0-9`, `_` and `-`. The default is
    /// `key`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Uses this text instead of issuing one, for a key that clients know already.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into().into());
        self
    }

    /// Checks the fields, and gives what to store and the text to store it under.
    pub(crate) fn check(self) -> Result<(KeyRecord, Secret), Error> {
        let record = check(self.record)?;
        let secret = match self.text {
            Some(text) => Secret::given(&record.name, text.as_str())?,
            None => Secret::issue(&self.prefix)?,
        };
        Ok((record, secret))
    }
}

/// A key as a store can keep it.
fn check(mut key: KeyRecord) -> Result<KeyRecord, Error> {
    let name = &key.name;
    if unusable(name) {
        return Err(Error::UnusableName { name: name.clone() });
    }
    if let Some(technical_name) = &key.technical_name
        && !technical_name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            | technical_name.is_empty()
    {
        return Err(Error::UnusableTechnicalName {
            name: name.clone(),
            technical_name: technical_name.clone(),
        });
    }
    if unusable(&key.user) {
        return Err(Error::UnusableUser { name: name.clone() });
    }
    if key.groups.iter().any(|code| unusable(code)) {
        return Err(Error::UnusableGroup { name: name.clone() });
    }
    key.groups.sort();
    key.groups.dedup();
    for network in &mut key.networks {
        *network = canonical(*network);
    }
    if let Some(time) = &mut key.expires_at {
        *time = from_millis(to_millis(*time)?);
    }
    Ok(key)
}

/// A network of IPv4 addresses, where it is one of them mapped into IPv6: callers' addresses are
/// compared as IPv4, too.
fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(mapped) if mapped.prefix_len() >= 96 => mapped
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| Ipv4Net::new(address, mapped.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        network => network,
    }
}

/// Whether no name, user or code can look like this.
pub(crate) fn unusable(text: &str) -> bool {
    text.trim().is_empty() || text.contains(char::is_control)
}

/// Without the text.
impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("record", &self.record)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// A key that was just created, and its text, which cannot be had again.
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedKey {
    /// What the store knows of the key.
    pub record: KeyRecord,
    /// The text, to be shown to the key's owner now.
    pub secret: Secret,
}

/// Where keys are kept.
///
/// Verification asks [`find`](Self::find) only, so that a store that someone else administers
/// implements no more than that: everything else has a default, which changes nothing.
pub trait KeyStore: fmt::Debug + Send + Sync + 'static {
    /// The key stored under one of these digests, in one indexed look-up.
    ///
    /// The record's `expires_at` is that of this text, when it ends before the key does.
    fn find<'a>(&'a self, digests: &'a [Digest])
    -> BoxFuture<'a, Result<Option<KeyRecord>, Error>>;

    /// The check values of all pepper versions that it knows.
    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        ready(Ok(Vec::new())).boxed()
    }

    /// Keeps the check values of those versions that have none yet.
    fn add_pepper_checks<'a>(
        &'a self,
        _checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        ready(Ok(())).boxed()
    }

    /// Begins to watch for changes that are not made through this process; none where there are
    /// no such changes, or where they may go unnoticed for as long as an answer is believed: 60
    /// seconds for a key, and 5 for a text that is none.
    ///
    /// The watch gives news at least twice within `bound`: see
    /// [`Builder::confirm_within`](crate::Builder::confirm_within).
    fn watch(&self, _bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        ready(Ok(None)).boxed()
    }

    /// Makes a change, or none of it where it gives an error. It is durable when the future
    /// completes: the [`Authenticator`](crate::Authenticator) then forgets what it had cached of
    /// the keys concerned.
    ///
    /// Gives those keys as they are now, or as they were before they were deleted.
    fn change(&self, _change: Change) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
        ready(Err(Error::ReadOnly)).boxed()
    }

    /// Keeps when keys were last let in. Those that are not there any more are left out.
    fn record_uses<'a>(
        &'a self,
        _uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        ready(Ok(())).boxed()
    }

    /// The key with this name.
    fn key<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        ready(Err(Error::ReadOnly)).boxed()
    }

    /// The key with this technical name: the one that its text's section in a configuration names.
    fn key_by_technical_name<'a>(
        &'a self,
        _name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        ready(Err(Error::ReadOnly)).boxed()
    }

    /// All keys, in the order of their names.
    fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
        ready(Err(Error::ReadOnly)).boxed()
    }

    /// All groups, in the order of their codes.
    fn groups(&self) -> BoxFuture<'_, Result<Vec<Group>, Error>> {
        ready(Err(Error::ReadOnly)).boxed()
    }
}

/// What is done to keys, their groups and their users.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// Adds keys. Their `id` and `hint` are the store's to fill in; users and groups that are not
    /// there yet are made. [`Error::NameTaken`], [`Error::TechnicalNameTaken`] or
    /// [`Error::TextTaken`] where one of them is.
    Create(Vec<(KeyRecord, StoredSecret)>),
    /// Changes what is known of a key.
    Update {
        /// The key's name.
        name: String,
        /// What changes.
        update: KeyUpdate,
    },
    /// Gives a key a new text. Texts whose time is over are forgotten.
    Rotate {
        /// The key's name.
        name: String,
        /// The new text.
        secret: StoredSecret,
        /// How long the present texts work, unless they end sooner.
        until: SystemTime,
    },
    /// Archives a key, or takes it back.
    SetActive {
        /// The key's name.
        name: String,
        /// Whether it may be used.
        active: bool,
    },
    /// Deletes a key.
    Delete {
        /// The key's name.
        name: String,
    },
    /// Archives a user, or takes them back. Concerns all their keys.
    SetUserActive {
        /// The user's id.
        user: String,
        /// Whether their keys may be used.
        active: bool,
    },
    /// Makes a group, or renames it. Concerns no key.
    PutGroup {
        /// What routes know it by.
        code: String,
        /// What people know it by.
        name: String,
    },
    /// Deletes a group. Concerns the keys that were in it.
    DeleteGroup {
        /// The group's code.
        code: String,
    },
    /// Puts a key into a group, or takes it out.
    SetMember {
        /// The group's code.
        group: String,
        /// The key's name.
        key: String,
        /// Whether the key is to be in the group.
        member: bool,
    },
    /// Archives all keys and forgets their texts and the peppers. Gives no keys.
    Neutralize,
}

/// What changes of a key that is there: see
/// [`Authenticator::update`](crate::Authenticator::update).
#[derive(Clone, Debug, Default)]
#[must_use = "a `KeyUpdate` changes nothing until it is given to `Authenticator::update`"]
pub struct KeyUpdate {
    name: Option<String>,
    technical_name: Option<Option<String>>,
    networks: Option<Vec<IpNet>>,
    expires_at: Option<Option<SystemTime>>,
    metadata: Option<Map<String, Value>>,
}

impl KeyUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Renames the key.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Gives the key a technical name, or takes it away: see [`NewKey::technical_name`].
    pub fn technical_name(mut self, name: Option<impl Into<String>>) -> Self {
        self.technical_name = Some(name.map(Into::into));
        self
    }

    /// Admits the key from these networks alone; from any where there are none.
    pub fn networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.networks = Some(networks.into_iter().collect());
        self
    }

    /// Refuses the key from this time on, or never for its age.
    pub fn expires_at(mut self, time: Option<SystemTime>) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Replaces the key's metadata.
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// The key as it is after this update.
    ///
    /// # Errors
    ///
    /// What [`Authenticator::create`](crate::Authenticator::create) gives for such a key.
    pub fn apply(&self, mut key: KeyRecord) -> Result<KeyRecord, Error> {
        let update = self.clone();
        key.name = update.name.unwrap_or(key.name);
        key.technical_name = update.technical_name.unwrap_or(key.technical_name);
        key.networks = update.networks.unwrap_or(key.networks);
        key.expires_at = update.expires_at.unwrap_or(key.expires_at);
        key.metadata = update.metadata.unwrap_or(key.metadata);
        check(key)
    }
}

/// Some keys that routes admit together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// What routes know it by.
    pub code: String,
    /// What people know it by; may be empty.
    pub name: String,
    /// The names of the keys in it, in their order.
    pub members: Vec<String>,
}

impl Group {
    /// A group as a store has found it.
    pub fn new(code: impl Into<String>, name: impl Into<String>, members: Vec<String>) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            members,
        }
    }
}

/// What a store sees of changes that are made elsewhere; begun by [`KeyStore::watch`].
///
/// From its beginning on it misses nothing: an authenticator forgets what it had cached, and then
/// believes its cache until a confirmation is overdue.
pub trait Watch: Send {
    /// Waits for news. An error, or no news for as long as a node may go without a confirmation,
    /// means that changes may have been missed: the watch is dropped, and another one begun.
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>>;
}

/// What a [`Watch`] has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Every change that was made before this time has been told of: when the question was sent,
    /// and not when its answer came.
    Confirmed(Instant),
    /// The keys with these numbers were changed, or keys were added.
    Changed(Vec<i64>),
    /// Any key may have been changed.
    AllChanged,
}

/// The check value that a store keeps of a pepper version.
#[derive(Clone, Debug)]
pub struct PepperCheck {
    /// The version of the pepper; 0 is none.
    pub version: u32,
    /// What a node's own pepper of this version must give, too.
    pub check: [u8; 32],
    /// Whether a text that still works is stored under this version.
    pub in_use: bool,
}

/// How many look-ups a store makes at a time unless it is told otherwise.
pub(crate) const CONNECTIONS: u32 = 4;

/// 10000-01-01, in milliseconds.
const MAX_MILLIS: i64 = 253_402_300_800_000;

/// Stores keep times as whole milliseconds since 1970.
pub(crate) fn to_millis(time: SystemTime) -> Result<i64, Error> {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .filter(|millis| *millis < MAX_MILLIS)
        .ok_or(Error::TimeOutOfRange { time })
}

pub(crate) fn from_millis(millis: i64) -> SystemTime {
    // A time before 1970 can only have been put into the table by hand: long expired.
    UNIX_EPOCH + Duration::from_millis(millis.clamp(0, MAX_MILLIS).unsigned_abs())
}
