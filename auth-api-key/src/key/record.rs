//! A key as it is known without its text: verified ([`ApiKey`]) or not ([`KeyRecord`]).

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use ipnet::IpNet;
use serde_json::{Map, Value};

use super::digest::Digest;

/// A verified API key: who is calling.
///
/// An [`Authenticator`](crate::Authenticator) that has seen the key's text hands it out, so a handler
/// that has an `ApiKey` argument has a verified caller; only
/// [`unverified`](Self::unverified) makes one otherwise. It is a shared pointer: cloning it copies
/// nothing.
///
/// ```
/// use auth_api_key::{ApiKey, route};
///
/// #[route("/whoami", auth = "api_key")]
/// async fn whoami(key: ApiKey) -> String {
///     format!("{} acts for user {}", key.name, key.user)
/// }
/// ```
#[derive(Clone)]
pub struct ApiKey(Arc<Shared>);

// The flag and what every request reads of the record are in one cache line.
#[repr(C)]
struct Shared {
    /// Whether the key's use is noted already.
    used: AtomicBool,
    record: KeyRecord,
    /// What the text that was sent is found under in the store; none of a key that nobody verified.
    digests: Option<Box<[Digest]>>,
}

impl Deref for ApiKey {
    type Target = KeyRecord;

    fn deref(&self) -> &KeyRecord {
        &self.0.record
    }
}

impl ApiKey {
    /// A key that nobody verified, for unit tests of what takes one.
    pub fn unverified(record: KeyRecord) -> Self {
        Self::new(record, None)
    }

    /// A key that was found under one of these digests.
    pub(crate) fn found(record: KeyRecord, digests: &[Digest]) -> Self {
        Self::new(record, Some(digests.into()))
    }

    fn new(record: KeyRecord, digests: Option<Box<[Digest]>>) -> Self {
        Self(Arc::new(Shared {
            used: AtomicBool::new(false),
            record,
            digests,
        }))
    }

    /// What the text that was sent is found under in the store.
    pub(crate) fn digests(&self) -> Option<&[Digest]> {
        self.0.digests.as_deref()
    }

    /// Whether this is the first use since the store was asked.
    pub(crate) fn is_first_use(&self) -> bool {
        !self.0.used.load(Ordering::Relaxed) && !self.0.used.swap(true, Ordering::Relaxed)
    }
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for ApiKey {}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// What a store knows of a key: everything but its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
// What every request reads comes first, so that it is in as few cache lines as can be.
#[repr(C)]
pub struct KeyRecord {
    /// Whether the key may be used; an archived key is not active.
    pub active: bool,
    /// Whether the key's user is active.
    pub user_active: bool,
    /// From when on the key is refused.
    pub expires_at: Option<SystemTime>,
    /// The codes of the groups that the key is in.
    pub groups: Vec<String>,
    /// The networks that the key may be used from; empty means any. A network of IPv4 addresses
    /// that are mapped into IPv6, as `::ffff:10.0.0.0/104`, is that of the addresses themselves.
    pub networks: Vec<IpNet>,
    /// The store's number for the key; never used again for another one.
    pub id: i64,
    /// The key's name, unique within a store.
    pub name: String,
    /// The user that the key acts for: an id of the application's own.
    pub user: String,
    /// Enough of the text to recognise the key by, such as `shop_…x7Qk`; empty for a key whose
    /// text was given rather than issued.
    pub hint: String,
    /// What the key's section in a configuration is called: see
    /// [`NewKey::technical_name`](crate::NewKey::technical_name).
    pub technical_name: Option<String>,
    /// What the application wants to know of the key.
    pub metadata: Map<String, Value>,
    /// When the key was created.
    pub created_at: SystemTime,
    /// When the key was last let in, to the minute, as far as was known when the store was asked.
    pub last_used_at: Option<SystemTime>,
}

impl KeyRecord {
    /// An active key in no group, created now, usable from anywhere and for ever.
    pub fn new(id: i64, name: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            user: user.into(),
            groups: Vec::new(),
            networks: Vec::new(),
            expires_at: None,
            active: true,
            user_active: true,
            hint: String::new(),
            technical_name: None,
            metadata: Map::new(),
            created_at: SystemTime::now(),
            last_used_at: None,
        }
    }

    /// Whether the key is in the group with this code.
    pub fn in_group(&self, code: &str) -> bool {
        self.groups.iter().any(|group| group == code)
    }
}
