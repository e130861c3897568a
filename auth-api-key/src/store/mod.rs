//! Where keys are kept: the [`KeyStore`] trait, and the stores that come with the crate.

mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use zeroize::Zeroizing;

pub use self::memory::MemoryStore;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
use crate::{
    Error,
    key::{DEFAULT_PREFIX, Digest, KeyRecord, Secret, StoredSecret},
};

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
        let mut record = self.record;
        let name = &record.name;
        if name.trim().is_empty() {
            return Err(Error::EmptyName);
        }
        if record.user.trim().is_empty() {
            return Err(Error::EmptyUser { name: name.clone() });
        }
        record.groups.sort();
        record.groups.dedup();
        if record.groups.iter().any(|code| code.trim().is_empty()) {
            return Err(Error::EmptyGroup { name: name.clone() });
        }
        if let Some(time) = &mut record.expires_at {
            *time = from_millis(to_millis(*time)?);
        }
        let secret = match self.text {
            Some(text) => Secret::given(name, text.as_str())?,
            None => Secret::issue(&self.prefix)?,
        };
        Ok((record, secret))
    }
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
/// Verification asks [`find`](Self::find) only; the rest is administration. Every change must be
/// durable when its future completes: the [`Authenticator`](crate::Authenticator) then forgets
/// what it had cached of the key.
pub trait KeyStore: fmt::Debug + Send + Sync + 'static {
    /// The key stored under one of these digests, in one indexed look-up.
    ///
    /// The record's `expires_at` is that of this text, when it ends before the key does.
    fn find<'a>(&'a self, digests: &'a [Digest])
    -> BoxFuture<'a, Result<Option<KeyRecord>, Error>>;

    /// The check values of all pepper versions that it knows.
    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>>;

    /// Keeps the check values of those versions that have none yet.
    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>>;

    /// Adds a key, whose `id` and `hint` are the store's to fill in. [`Error::NameTaken`] and
    /// [`Error::TextTaken`] leave the store as it was.
    fn create<'a>(
        &'a self,
        key: &'a KeyRecord,
        secret: &'a StoredSecret,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>>;

    /// Gives a key a new text; the present ones work until `until`, unless they end sooner. Texts
    /// whose time is over are forgotten.
    fn rotate<'a>(
        &'a self,
        name: &'a str,
        secret: &'a StoredSecret,
        until: SystemTime,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>>;

    /// Archives a key, or takes it back; gives the key as it is now.
    fn set_active<'a>(
        &'a self,
        name: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>>;

    /// Archives a user, or takes them back.
    fn set_user_active<'a>(
        &'a self,
        user: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<(), Error>>;

    /// The key with this name.
    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>>;

    /// All keys, in the order of their names.
    fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>>;
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
