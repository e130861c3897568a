//! A key as it is known without its text: verified ([`ApiKey`]) or not ([`KeyRecord`]).

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use coarsetime::Instant;
use ipnet::IpNet;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};
use serde_json::{Map, Value};

use super::{digest::Digest, into_text::IntoText, secret::Hint, time::Rfc3339};
use crate::error::StateError;

/// How often a use of a key is noted at most.
pub(crate) const NOTED_EVERY: Duration = Duration::from_secs(60);

/// A verified API key: who is calling.
///
/// Only an [`Authenticator`](crate::Authenticator) that has verified the key's text gives one, so a handler
/// with an `ApiKey` argument has a verified caller. The feature `test` can also make one. It is a shared
/// pointer: cloning it copies nothing.
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

// What every request reads comes first, in two cache lines.
#[repr(C)]
struct Shared {
    /// From when on a use is noted, in ticks of the coarse clock. Requests read it, and one of them
    /// writes it once a minute.
    note_from: AtomicU64,
    codes: Codes,
    record: KeyRecord,
    /// The digests under which the store finds the sent text; `None` if nobody verified the key.
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
    ///
    /// It admits nobody: guards never read it.
    #[cfg(any(test, feature = "test"))]
    pub fn unverified(record: KeyRecord) -> Self {
        Self::new(record, None)
    }

    /// A key that was found under one of these digests.
    pub(crate) fn found(record: KeyRecord, digests: &[Digest]) -> Self {
        Self::new(record, Some(digests.into()))
    }

    fn new(record: KeyRecord, digests: Option<Box<[Digest]>>) -> Self {
        let since_use = record.last_used_at.and_then(|used| used.elapsed().ok());
        let note_from = match since_use.and_then(|since| NOTED_EVERY.checked_sub(since)) {
            Some(left) => Instant::now_without_cache_update() + left.into(),
            None => Instant::default(),
        };
        Self(Arc::new(Shared {
            note_from: AtomicU64::new(note_from.as_ticks()),
            codes: Codes::of(&record.groups),
            record,
            digests,
        }))
    }

    /// The digests under which the store finds the sent text.
    pub(crate) fn digests(&self) -> Option<&[Digest]> {
        self.0.digests.as_deref()
    }

    /// As [`KeyRecord::in_group`], mostly without reading the list of groups.
    pub(crate) fn in_group_fast(&self, code: &str) -> bool {
        let held = self.0.codes.hold(code);
        held.unwrap_or_else(|| self.in_group(code))
    }

    /// Whether both are the same result of the store.
    pub(crate) fn is_same_result(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether decisions by them are the same: they differ in the last use at most.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let last_used_at = other.last_used_at;
        let same_use = || KeyRecord {
            last_used_at,
            ..(**self).clone()
        };
        **self == **other || same_use() == **other
    }

    /// Whether to note a use at this time: the last one that was noted, here or elsewhere, is a minute old.
    pub(crate) fn is_use_due(&self, now: Instant) -> bool {
        now.as_ticks() >= self.0.note_from.load(Ordering::Relaxed)
    }

    /// Claims the use at this time: true for one of several requests, which then notes it.
    pub(crate) fn take_use(&self, now: Instant) -> bool {
        let next = (now + NOTED_EVERY.into()).as_ticks();
        let due = self.0.note_from.load(Ordering::Relaxed);
        now.as_ticks() >= due
            && (self.0.note_from)
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

/// The codes of a key's groups beside the rest of the key: the list and each text in it are elsewhere in
/// memory, which takes longer to read than all else.
struct Codes {
    /// How many bytes are used; or [`TOO_LONG`](Self::TOO_LONG).
    used: u8,
    /// Each code after its length.
    bytes: [u8; 31],
}

impl Codes {
    const TOO_LONG: u8 = u8::MAX;

    fn of(groups: &[String]) -> Self {
        let (mut used, mut bytes) = (0, [0; 31]);
        for code in groups {
            let end = used + 1 + code.len();
            let Some(place) = bytes.get_mut(used..end) else {
                return Self {
                    used: Self::TOO_LONG,
                    bytes,
                };
            };
            place[0] = code.len() as u8;
            place[1..].copy_from_slice(code.as_bytes());
            used = end;
        }
        Self {
            used: used as u8,
            bytes,
        }
    }

    /// `None` if the codes are too long.
    fn hold(&self, code: &str) -> Option<bool> {
        let mut rest = self.bytes.get(..usize::from(self.used))?;
        while let Some((length, after)) = rest.split_first() {
            let (held, others) = after.split_at(usize::from(*length));
            if held == code.as_bytes() {
                return Some(true);
            }
            rest = others;
        }
        Some(false)
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
    /// The networks that the key may be used from; empty means any. A network of IPv4 addresses
    /// that are mapped into IPv6, as `::ffff:10.0.0.0/104`, is that of the addresses themselves.
    pub networks: Vec<IpNet>,
    /// What cannot be read in the key's row, because somebody changed it by hand; otherwise empty. Such a
    /// key is refused, and an unreadable field has its empty value here.
    /// [`Keys::update`](crate::authenticator::Keys::update) repairs the fields that it is given.
    pub damages: Vec<Damage>,
    /// The codes of the groups that the key is in.
    pub groups: Vec<String>,
    /// The store's number for the key; no other key ever gets it.
    pub id: i64,
    /// The key's name, unique within a store.
    pub name: String,
    /// The user that the key acts for: an id of the application's own.
    pub user: String,
    /// Enough of the text to recognise the key by, such as `shop_…x7Qk`; empty for a key whose
    /// text was given rather than issued.
    pub hint: Hint,
    /// What the key's section in a configuration is called: see
    /// [`NewKey::technical_name`](crate::NewKey::technical_name).
    pub technical_name: Option<String>,
    /// What the application wants to know of the key.
    pub metadata: Map<String, Value>,
    /// When the key was created.
    pub created_at: SystemTime,
    /// When the key was made in this store, or was given its present expiry, if that is known. Its
    /// [lifetime](Self::lifetime) counts from then on.
    pub renewed_at: Option<SystemTime>,
    /// When the key was last admitted, to the minute, as the store knew it when it was asked.
    /// Uses are written soon after they are noted; [`flush`](crate::Authenticator::flush) waits for it.
    pub last_used_at: Option<SystemTime>,
}

impl KeyRecord {
    /// An active key without groups, created now, that is admitted from anywhere and never expires.
    pub fn new(id: i64, name: impl IntoText, user: impl IntoText) -> Self {
        Self {
            id,
            name: name.into_text(),
            user: user.into_text(),
            groups: Vec::new(),
            networks: Vec::new(),
            expires_at: None,
            active: true,
            user_active: true,
            hint: Hint::default(),
            technical_name: None,
            metadata: Map::new(),
            created_at: SystemTime::now(),
            damages: Vec::new(),
            renewed_at: None,
            last_used_at: None,
        }
    }

    /// How long the key lives, if it expires: from its creation, or from the time when it got its present
    /// expiry. [`Keys::rotate`](crate::authenticator::Keys::rotate) begins this time again.
    ///
    /// Ask the record that [`Keys::get`](crate::authenticator::Keys::get) gives: a verified key expires with
    /// the text that was sent, if that is sooner.
    pub fn lifetime(&self) -> Option<Duration> {
        let since = self.renewed_at.unwrap_or(self.created_at);
        Some(self.expires_at?.duration_since(since).unwrap_or_default())
    }

    /// Whether the key is in the group with this code.
    pub fn in_group(&self, code: &str) -> bool {
        self.groups.iter().any(|group| group == code)
    }

    /// The key's state at this time.
    pub fn state_at(&self, time: SystemTime) -> KeyState {
        if !self.active || !self.user_active {
            KeyState::Archived
        } else if self.expires_at.is_some_and(|expiry| expiry <= time) {
            KeyState::Expired
        } else {
            KeyState::Active
        }
    }

    /// The key's [`metadata`](Self::metadata) as a type of the application's own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Debug, PartialEq, Serialize, Deserialize)]
    /// struct Plan {
    ///     seats: u32,
    /// }
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// let key = NewKey::new("webshop", "user-7").metadata_from(&Plan { seats: 3 })?;
    /// let record = auth.keys().create(key).await?.record;
    /// assert_eq!(record.metadata_as::<Plan>()?, Plan { seats: 3 });
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StateError::UnreadableMetadata`] if it is not of this type.
    pub fn metadata_as<'a, T: Deserialize<'a>>(&'a self) -> Result<T, StateError> {
        T::deserialize(&self.metadata).map_err(|error| StateError::UnreadableMetadata {
            name: self.name.clone(),
            error: error.into(),
        })
    }
}

/// What cannot be read of a key's row: `` `networks` cannot be read: … ``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("`{column}` cannot be read: {problem}")]
#[non_exhaustive]
pub struct Damage {
    /// The column, such as `networks`; `groups` are those of the key's memberships.
    pub column: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Damage {
    /// For your own store: a column that cannot be read, and why.
    pub fn new(column: &'static str, problem: impl ToString) -> Self {
        let problem = problem.to_string();
        Self { column, problem }
    }
}

/// Whether a key can be used, and if not, why. Each key has one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It may be used.
    Active,
    /// It is archived, or its user is.
    Archived,
    /// It has expired, and is not archived.
    Expired,
}

/// As the command line shows it with `--json`: times as RFC 3339. A later version may add fields, but neither
/// renames nor removes one.
impl Serialize for KeyRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("KeyRecord", 14)?;
        fields.serialize_field("id", &self.id)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("user", &self.user)?;
        fields.serialize_field("user_active", &self.user_active)?;
        fields.serialize_field("active", &self.active)?;
        fields.serialize_field("groups", &self.groups)?;
        fields.serialize_field("networks", &self.networks)?;
        fields.serialize_field("expires_at", &self.expires_at.map(Rfc3339))?;
        fields.serialize_field("technical_name", &self.technical_name)?;
        fields.serialize_field("metadata", &self.metadata)?;
        fields.serialize_field("hint", &self.hint.to_string())?;
        fields.serialize_field("created_at", &Rfc3339(self.created_at))?;
        fields.serialize_field("damages", &self.damages)?;
        fields.serialize_field("last_used_at", &self.last_used_at.map(Rfc3339))?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(ago: Option<Duration>) -> ApiKey {
        let mut record = KeyRecord::new(1, "name", "user");
        record.last_used_at = ago.map(|ago| SystemTime::now() - ago);
        ApiKey::unverified(record)
    }

    #[test]
    fn use_is_due_once_a_minute() {
        let key = used(None);
        let now = Instant::now_without_cache_update();
        let after = |seconds| now + Duration::from_secs(seconds).into();
        for minute in 0..3 {
            let begin = after(60 * minute);
            assert!(
                key.is_use_due(begin) && key.is_use_due(begin),
                "it changes nothing"
            );
            assert!(key.take_use(begin));
            assert!(!key.clone().take_use(begin), "another one has taken it");
            assert!(!key.is_use_due(after(60 * minute + 59)));
        }
    }

    #[test]
    fn key_is_in_its_groups_and_in_no_others_however_many_there_are() {
        let long = "0123456789abcdef0123456789abcdef".to_owned();
        let short = |count: usize| (0..count).map(|number| number.to_string()).collect();
        let lists: [Vec<String>; 6] = [
            vec![],
            vec!["shop".to_owned(), "erp".to_owned()],
            vec![long.clone()],
            vec!["shop".to_owned(), long],
            short(10),
            short(200),
        ];
        for groups in lists {
            let mut record = KeyRecord::new(1, "name", "user");
            record.groups.clone_from(&groups);
            let key = ApiKey::unverified(record);
            for code in &groups {
                assert!(key.in_group_fast(code), "{code} of {groups:?}");
            }
            for other in [
                "",
                "s",
                "hop",
                "shop\u{3}erp",
                "\u{4}shop",
                "999",
                "0123456789abcdef",
            ] {
                assert!(!key.in_group_fast(other), "{other:?} of {groups:?}");
            }
        }
    }

    #[test]
    fn minute_begins_with_the_stored_use() {
        let after =
            |seconds| Instant::now_without_cache_update() + Duration::from_secs(seconds).into();
        let key = used(Some(Duration::from_secs(40)));
        assert!(!key.is_use_due(after(15)));
        assert!(key.is_use_due(after(21)));
        assert!(used(Some(NOTED_EVERY)).is_use_due(after(0)));
    }

    #[test]
    fn metadata_of_another_type_is_an_error_that_names_the_key() {
        let mut key = KeyRecord::new(1, "webshop", "user");
        key.metadata.insert("seats".to_owned(), "three".into());
        let error = key.metadata_as::<std::collections::HashMap<String, u32>>();
        assert!(error.unwrap_err().to_string().contains("\"webshop\""));
        let seats: std::collections::HashMap<&str, &str> = key.metadata_as().unwrap();
        assert_eq!(seats["seats"], "three");
    }
}
