//! What a key is created from, and what may be changed of it later.

use std::{
    fmt::{self, Display},
    time::SystemTime,
};

use ipnet::IpNet;
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{
    group::GroupCodes,
    into_text::IntoText,
    network::{canonical, given},
    record::{Damage, KeyRecord},
    secret::{DEFAULT_PREFIX, Secret},
    time::{from_millis, to_millis},
};
use crate::error::{Error, InputError, StateError};

/// What a key is created from.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use std::time::{Duration, SystemTime};
///
/// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
///
/// let authenticator = Authenticator::builder().build(MemoryStore::new()).await?;
/// let year = Duration::from_secs(365 * 24 * 60 * 60);
/// let keys = authenticator.keys();
/// let created = keys
///     .create(
///         NewKey::new("webshop", "user-7")
///             .prefix("shop")
///             .groups(["shop", "erp"])
///             .networks(["10.0.0.0/8".parse().unwrap()])
///             .expires_at(SystemTime::now() + year),
///     )
///     .await?;
/// println!("{}", created.secret.expose()); // not shown again
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a `NewKey` creates nothing until it is given to `Keys::create`"]
pub struct NewKey {
    record: KeyRecord,
    prefix: String,
    text: Option<Zeroizing<String>>,
}

impl NewKey {
    /// A key with this unique name, acting for this user: an id of the application's own.
    pub fn new(name: impl IntoText, user: impl IntoText) -> Self {
        Self {
            record: KeyRecord::new(0, name, user),
            prefix: DEFAULT_PREFIX.to_owned(),
            text: None,
        }
    }

    /// Puts the key in these groups; a missing group is made.
    pub fn groups(mut self, codes: impl GroupCodes) -> Self {
        self.record.groups.extend(codes.codes());
        self
    }

    /// Admits the key only from these networks. Unless you call this, all are allowed. An IPv4 address and
    /// the same one mapped into IPv6 are one: `::/0` holds all of IPv4, too. A network with bits set after its
    /// prefix, such as `10.1.2.3/8`, is an error.
    ///
    /// The server must know its callers' addresses: serve the router by
    /// `app.into_make_service_with_connect_info::<SocketAddr>()`. If it does not know an address, the key
    /// is refused.
    pub fn networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.record.networks.extend(networks);
        self
    }

    /// Refuses the key from this time on. If a key expires after a `Duration`, give `SystemTime::now() + duration`.
    /// Stores keep whole milliseconds.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.record.expires_at = Some(time);
        self
    }

    /// Creates the key archived: it is refused until
    /// [`Keys::unarchive`](crate::authenticator::Keys::unarchive).
    pub fn archived(mut self) -> Self {
        self.record.active = false;
        self
    }

    /// The name by which a configuration may give the key's text, which replaces the one in the store
    /// (feature `environment`). Lower-case letters, digits and `_`; unique within a store.
    pub fn technical_name(mut self, name: impl Into<String>) -> Self {
        self.record.technical_name = Some(name.into());
        self
    }

    /// What your application wants to know about the key, as a JSON object. It is stored as it is: put no
    /// secrets into it.
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.record.metadata = metadata;
        self
    }

    /// As [`metadata`](Self::metadata), from a value that serialises as an object.
    /// [`KeyRecord::metadata_as`] reads it back.
    ///
    /// # Errors
    ///
    /// [`InputError::UnusableMetadata`] for a value that is not an object.
    pub fn metadata_from<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, InputError> {
        self.record.metadata = object(value)?;
        Ok(self)
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

    /// Takes over a key that another system has: its state, its groups, its technical name and its
    /// age.
    #[cfg(feature = "odoo")]
    pub(crate) fn taken_over(mut self, from: &KeyRecord) -> Self {
        self.record.active = from.active && from.user_active;
        self.record.groups.clone_from(&from.groups);
        self.record.technical_name.clone_from(&from.technical_name);
        self.record.created_at = from.created_at;
        self
    }

    /// Checks the fields, and gives what to store and the text to store it under.
    pub(crate) fn check(self) -> Result<(KeyRecord, Secret), Error> {
        let record = check(self.record, None)?;
        let secret = match self.text {
            Some(text) => Secret::given(&record.name, text.as_str())?,
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

/// A key that was just created, and its text, which is not shown again.
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedKey {
    /// What the store knows of the key.
    pub record: KeyRecord,
    /// The text, to be shown to the key's owner now.
    pub secret: Secret,
}

/// A change of a key, but not of its text: see [`Keys::update`](crate::authenticator::Keys::update).
#[derive(Clone, Debug, Default)]
#[must_use = "a `KeyUpdate` changes nothing until it is given to `Keys::update`"]
pub struct KeyUpdate {
    name: Option<String>,
    technical_name: Option<Option<String>>,
    networks: Option<Vec<IpNet>>,
    expires_at: Option<Option<SystemTime>>,
    metadata: Option<Map<String, Value>>,
    groups: Option<Vec<String>>,
    user: Option<String>,
    /// When it is made.
    now: Option<SystemTime>,
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

    /// Admits the key only from these networks, or from anywhere if there are none. See
    /// [`NewKey::networks`].
    pub fn networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.networks = Some(networks.into_iter().collect());
        self
    }

    /// Lets the key expire at this time, or never.
    pub fn expires_at(mut self, time: Option<SystemTime>) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Replaces the key's metadata.
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Replaces the key's metadata: see [`NewKey::metadata_from`].
    ///
    /// # Errors
    ///
    /// [`InputError::UnusableMetadata`] for a value that is not an object.
    pub fn metadata_from<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, InputError> {
        self.metadata = Some(object(value)?);
        Ok(self)
    }

    /// Puts the key in exactly these groups; a missing group is made.
    pub fn groups(mut self, codes: impl GroupCodes) -> Self {
        self.groups = Some(codes.codes().collect());
        self
    }

    /// Lets the key act for this user.
    pub fn user(mut self, user: impl IntoText) -> Self {
        self.user = Some(user.into_text());
        self
    }

    /// The expiry that this gives the key, if any. Its lifetime counts from `now`.
    pub(crate) fn expiry_given_at(&mut self, now: SystemTime) -> Option<Option<SystemTime>> {
        self.now = Some(now);
        self.expires_at
    }

    /// The key as it is after this update.
    ///
    /// # Errors
    ///
    /// What [`Keys::create`](crate::authenticator::Keys::create) gives for such a key;
    /// [`StateError::UnreadableKey`] if this update does not replace what cannot be read.
    pub fn apply(&self, mut key: KeyRecord) -> Result<KeyRecord, Error> {
        let update = self.clone();
        let stored = key.clone();
        if let Some(damage) = key.damages.iter().find(|damage| !self.repairs(damage)) {
            return Err(StateError::UnreadableKey {
                name: key.name,
                column: damage.column,
                problem: damage.problem.clone(),
            }
            .into());
        }
        key.damages.clear();
        key.name = update.name.unwrap_or(key.name);
        key.technical_name = update.technical_name.unwrap_or(key.technical_name);
        key.networks = match update.networks {
            Some(networks) => networks,
            // No error for networks that were stored in another form: this update does not concern them.
            None => key.networks.into_iter().map(canonical).collect(),
        };
        if let Some(expiry) = update.expires_at.filter(|expiry| *expiry != key.expires_at) {
            key.expires_at = expiry;
            key.renewed_at = Some(update.now.unwrap_or_else(SystemTime::now));
        }
        key.metadata = update.metadata.unwrap_or(key.metadata);
        key.groups = update.groups.unwrap_or(key.groups);
        key.user = update.user.unwrap_or(key.user);
        check(key, Some(&stored))
    }

    /// Whether a value is given in the place of one that cannot be read.
    fn repairs(&self, damage: &Damage) -> bool {
        match damage.column {
            "name" => self.name.is_some(),
            "technical_name" => self.technical_name.is_some(),
            "networks" => self.networks.is_some(),
            "metadata" => self.metadata.is_some(),
            "groups" => self.groups.is_some(),
            "user_id" => self.user.is_some(),
            _ => false,
        }
    }
}

fn object<T: Serialize + ?Sized>(value: &T) -> Result<Map<String, Value>, InputError> {
    let unusable = |problem| InputError::UnusableMetadata { problem };
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(unusable("its value is not an object".to_owned())),
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// A key as a store can keep it. Values that are `stored` already are not checked: an update does not fail
/// because of a name that somebody changed by hand.
fn check(mut key: KeyRecord, stored: Option<&KeyRecord>) -> Result<KeyRecord, Error> {
    let name = &key.name;
    let texts = [("name", name), ("user", &key.user)].into_iter();
    let technical_name = key
        .technical_name
        .iter()
        .map(|name| ("technical name", name));
    let groups = key.groups.iter().map(|code| ("group", code));
    for (what, text) in texts.chain(technical_name).chain(groups) {
        not_too_long(what, text, format_args!("key \"{}\"", shortened(name)))?;
    }
    if let Some(problem) = key
        .metadata
        .iter()
        .find_map(|(name, value)| why_unusable(name).or_else(|| unusable_value(value, DEEPEST)))
    {
        return Err(InputError::UnusableMetadata {
            problem: format!("that of key \"{name}\" {problem}"),
        }
        .into());
    }
    if is_unusable(name) && stored.is_none_or(|stored| stored.name != *name) {
        return Err(InputError::UnusableName { name: name.clone() }.into());
    }
    if let Some(technical_name) = &key.technical_name
        && stored.is_none_or(|stored| stored.technical_name != key.technical_name)
        && !technical_name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            | technical_name.is_empty()
    {
        return Err(InputError::UnusableTechnicalName {
            name: name.clone(),
            technical_name: technical_name.clone(),
        }
        .into());
    }
    if is_unusable(&key.user) && stored.is_none_or(|stored| stored.user != key.user) {
        let (name, user) = (name.clone(), key.user.clone());
        return Err(InputError::UnusableUser { name, user }.into());
    }
    let is_new = |code: &String| stored.is_none_or(|stored| !stored.groups.contains(code));
    let mut groups = key.groups.iter();
    if let Some(code) = groups.find(|code| is_unusable(code) && is_new(code)) {
        let (name, code) = (name.clone(), code.clone());
        return Err(InputError::UnusableGroup { name, code }.into());
    }
    key.groups.sort();
    key.groups.dedup();
    for network in &mut key.networks {
        *network = given(*network, format_args!("key \"{name}\""))?;
    }
    if let Some(time) = &mut key.expires_at {
        *time = from_millis(to_millis(*time)?);
    }
    Ok(key)
}

/// The longest name, user, technical name or code, in bytes: an index of PostgreSQL holds no more than
/// 2,704, of all its columns together.
const LONGEST: usize = 1000;
/// How deep metadata may be nested: serde_json reads no more than 128 levels.
const DEEPEST: usize = 100;

/// An error if a text is longer than an index can hold.
pub(crate) fn not_too_long(
    what: &'static str,
    text: &str,
    owner: impl Display,
) -> Result<(), InputError> {
    match text.len() <= LONGEST {
        true => Ok(()),
        false => Err(InputError::TooLong {
            owner: owner.to_string(),
            what,
            given: shortened(text),
            length: text.len(),
            longest: LONGEST,
        }),
    }
}

/// The beginning of a text that may be long.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// In bytes: the trail of PostgreSQL keeps no longer name.
pub(crate) const LONGEST_ACTOR: usize = 250;

/// An error for a name that no line of a trail can show.
pub(crate) fn check_actor(actor: &str) -> Result<(), InputError> {
    match is_unusable(actor) || actor.len() > LONGEST_ACTOR {
        true => Err(InputError::UnusableActor {
            actor: actor.chars().take(40).collect(),
        }),
        false => Ok(()),
    }
}

/// What PostgreSQL cannot keep in a text.
fn why_unusable(text: &str) -> Option<&'static str> {
    text.contains('\0').then_some("holds the character U+0000")
}

fn unusable_value(value: &Value, levels: usize) -> Option<&'static str> {
    if levels == 0 {
        return Some("is nested more than 100 levels deep");
    }
    match value {
        Value::String(text) => why_unusable(text),
        Value::Array(values) => values
            .iter()
            .find_map(|value| unusable_value(value, levels - 1)),
        Value::Object(values) => values.iter().find_map(|(name, value)| {
            why_unusable(name).or_else(|| unusable_value(value, levels - 1))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether no name, user or code can look like this.
pub(crate) fn is_unusable(text: &str) -> bool {
    text.trim().is_empty() || text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn update_checks_what_it_changes() {
        let mut stored = KeyRecord::new(1, "by\nhand", "by\nhand");
        stored.groups.push("by\nhand".to_owned());
        let archived = KeyUpdate::new().expires_at(None).apply(stored.clone());
        assert_eq!(archived.unwrap(), stored);
        for update in [
            KeyUpdate::new().name("an\nother"),
            KeyUpdate::new().user("an\nother"),
            KeyUpdate::new().groups(["an\nother"]),
            KeyUpdate::new().technical_name(Some("an other")),
        ] {
            update.apply(stored.clone()).unwrap_err();
        }
    }

    #[test]
    fn metadata_must_be_an_object() {
        let key = || NewKey::new("name", "user");
        let error = key().metadata_from("text").unwrap_err().to_string();
        assert!(error.contains("not an object"), "{error}");
        KeyUpdate::new().metadata_from(&[1, 2]).unwrap_err();
        key().metadata_from(&()).unwrap_err();
        let seats = std::collections::HashMap::from([("seats", 3)]);
        let update = KeyUpdate::new().metadata_from(&seats).unwrap();
        let updated = update.apply(KeyRecord::new(1, "name", "user")).unwrap();
        assert_eq!(updated.metadata["seats"], 3);
    }
}
