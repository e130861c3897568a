//! Lists, a page at a time: which records, in which order, and where the next page begins.

use std::{fmt, str::FromStr, time::SystemTime};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde::Serialize;

use super::{
    into_text::IntoText,
    record::{KeyRecord, KeyState},
    time::{from_millis, to_millis},
};
use crate::error::InputError;

/// Some records of a list, and where it goes on.
///
/// Only a page without [`next`](Self::next) is the last one. A page of [keys](crate::authenticator::Keys::list)
/// may have fewer records than were asked for, or none, and still lead on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page begins; none if this is the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of `size` records, cut from one more if there are more.
    pub(crate) fn cut(mut found: Vec<T>, size: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map(cursor);
        Self { items: found, next }
    }
}

/// A place in a list: the page after it begins with what follows.
///
/// A cursor goes through an address as it is: its text has only letters, digits, `-` and `_`.
///
/// ```
/// use auth_api_key::key::Cursor;
///
/// let cursor = Cursor::Name("web shop".to_owned());
/// assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
/// assert!("web shop".parse::<Cursor>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// After the key with this name, the group with this code, or the user with this id.
    Name(String),
    /// After a key, in a list by last use.
    LastUse {
        /// When the key was last used.
        at: Option<SystemTime>,
        /// The key's number.
        id: i64,
    },
    /// After the event with this number, in the trail.
    Event(i64),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Name(name) => format!("n{name}"),
            Self::LastUse { at, id } => {
                let millis = at.map(to_millis).transpose().map_err(|_| fmt::Error)?;
                format!("u{} {id}", millis.unwrap_or(0))
            }
            Self::Event(id) => format!("e{id}"),
        };
        f.write_str(&BASE64.encode(text))
    }
}

impl FromStr for Cursor {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let read = || {
            let decoded = String::from_utf8(BASE64.decode(text).ok()?).ok()?;
            if let Some(name) = decoded.strip_prefix('n') {
                // No database holds a text with this character.
                return (!name.contains('\0')).then(|| Self::Name(name.to_owned()));
            }
            if let Some(id) = decoded.strip_prefix('e') {
                return id.parse().ok().map(Self::Event);
            }
            let (millis, id) = decoded.strip_prefix('u')?.split_once(' ')?;
            let (millis, id): (i64, i64) = (millis.parse().ok()?, id.parse().ok()?);
            let at = (millis != 0).then(|| from_millis(millis));
            Some(Self::LastUse { at, id })
        };
        read().ok_or_else(|| InputError::UnusableCursor {
            cursor: text.to_owned(),
        })
    }
}

serde_plain::derive_serialize_from_display!(Cursor);
serde_plain::derive_deserialize_from_fromstr!(Cursor, "the `next` of another page");

/// Which page of a list: how many records, and after which.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, key::Paging, store::MemoryStore};
///
/// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
/// for code in ["erp", "shop", "stock"] {
///     auth.groups().put(code, "").await?;
/// }
/// let first = auth.groups().list(&Paging::new().size(2)).await?;
/// assert_eq!(first.items.len(), 2);
/// let second = auth.groups().list(&Paging::new().size(2).after(first.next)).await?;
/// assert_eq!((second.items[0].code.as_str(), second.next), ("stock", None));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a `Paging` lists nothing until it is given to `list`"]
pub struct Paging {
    pub(crate) size: usize,
    pub(crate) after: Option<Cursor>,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            size: 50,
            after: None,
        }
    }
}

impl Paging {
    /// The most records that a page has.
    pub const MAX_SIZE: usize = 1000;

    /// The first page, of up to 50 records.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many records a page has: from 1 to [`MAX_SIZE`](Self::MAX_SIZE). A number beyond these
    /// is taken as the nearest of them.
    pub fn size(mut self, records: usize) -> Self {
        self.size = records.clamp(1, Self::MAX_SIZE);
        self
    }

    /// The page after this place: the `next` of another page. The first page if it is none.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// The name after which the page begins, in a list by names.
    pub(crate) fn after_name(&self) -> Result<Option<&str>, InputError> {
        match &self.after {
            None => Ok(None),
            Some(Cursor::Name(name)) => Ok(Some(name)),
            Some(other) => Err(unusable(other)),
        }
    }

    /// The page of a whole list, for a store that has it in memory. `name` gives what the list is in
    /// the order of.
    ///
    /// # Errors
    ///
    /// [`InputError::UnusableCursor`] for the cursor of a list in another order.
    pub fn page<T>(
        &self,
        all: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> &str,
    ) -> Result<Page<T>, InputError> {
        let after = self.after_name()?;
        let follows = |item: &T| after.is_none_or(|after| name(item) > after);
        let mut found: Vec<T> = all.into_iter().filter(follows).collect();
        found.sort_by(|a, b| name(a).cmp(name(b)));
        // What has one name stays on one page.
        let alike = |&at: &usize| at < found.len() && name(&found[at]) == name(&found[at - 1]);
        let size = self.size + (self.size..).take_while(alike).count();
        Ok(Page::cut(found, size, |item| {
            Cursor::Name(name(item).to_owned())
        }))
    }
}

fn unusable(cursor: &Cursor) -> InputError {
    InputError::UnusableCursor {
        cursor: cursor.to_string(),
    }
}

/// The order of a list of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyOrder {
    /// By their names, compared by bytes.
    #[default]
    Name,
    /// The longest unused first: the keys that were never used, and then the others by their last use.
    LastUse,
}

/// Which keys are listed, in which order, and which page of them: see
/// [`Keys::list`](crate::authenticator::Keys::list). Without a condition, all are.
///
/// # What it costs
///
/// The store keeps lists: of all keys, of each user, of each group, and of each user in each group. Each list has
/// an index for each order, with archived keys apart. A page is read from this index, and looks at 2,500 keys at
/// most: it costs the same wherever it begins and however many keys there are. If too few of these keys meet the
/// other conditions, the page is not full, or empty, and its `next` leads on after the last key that it looked
/// at.
///
/// If an index finds few keys, the page is made of all of them instead, and is full if there are enough:
///
/// - Expired keys, [`expiring_before`](Self::expiring_before), and [`unused_since`](Self::unused_since):
///   if up to 2,500 keys of the list are before the time. In a list by last use, those before
///   `unused_since` are the beginning of the list, however many they are.
/// - A [`search`](Self::search): if up to 2,000 keys have the part. The index knows which keys have three
///   characters in a row; it is asked only if up to 10,000 keys have such three characters of the part, which
///   PostgreSQL estimates.
///
/// `cargo bench -p tests --bench list` measures a page of 50 among a million keys, with each condition, in each
/// order, at the beginning, in the middle and at the end. On two cores of a cloud machine, the median was at most
/// 7 ms on SQLite and 9 ms on PostgreSQL. Before PostgreSQL's autovacuum has seen the rows of new keys, a page
/// of a search took up to 17 ms, and any other at most 10 ms.
///
/// [`count`](crate::authenticator::Keys::count) reads all keys that it counts, and those that it passes
/// over.
#[derive(Clone, Debug, Default)]
#[must_use = "a `KeyFilter` lists nothing until it is given to `Keys::list`"]
pub struct KeyFilter {
    pub(crate) part: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) state: Option<KeyState>,
    pub(crate) expiring_before: Option<SystemTime>,
    pub(crate) unused_since: Option<SystemTime>,
    pub(crate) order: KeyOrder,
    pub(crate) paging: Paging,
}

impl KeyFilter {
    /// All keys, by their names: the first page, of up to 50.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only keys with this part in their name or hint; with one or two characters, only keys whose name or hint
    /// begins with them. Letters of ASCII are compared without their case. It does not find a key by its text.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, key::KeyFilter, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("Web shop", "user-7").text("swordfish")).await?;
    /// for (part, found) in [("shop", 1), ("we", 1), ("sh", 0), ("sword", 0)] {
    ///     let page = auth.keys().list(&KeyFilter::new().search(part)).await?;
    ///     assert_eq!(page.items.len(), found, "{part}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn search(mut self, part: impl Into<String>) -> Self {
        self.part = Some(part.into().to_ascii_lowercase());
        self
    }

    /// Only keys of the user with this id.
    pub fn user(mut self, id: impl IntoText) -> Self {
        self.user = Some(id.into_text());
        self
    }

    /// Only keys in the group with this code.
    pub fn group(mut self, code: impl Into<String>) -> Self {
        self.group = Some(code.into());
        self
    }

    /// Only keys in this state.
    pub fn state(mut self, state: KeyState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only keys that expire before this time; those that have expired are among them.
    pub fn expiring_before(mut self, time: SystemTime) -> Self {
        self.expiring_before = Some(time);
        self
    }

    /// Only keys that were not used at this time or later; those that were never used are among them.
    pub fn unused_since(mut self, time: SystemTime) -> Self {
        self.unused_since = Some(time);
        self
    }

    /// The order of the list.
    ///
    /// A key that is used while a list by last use is read comes again, at its new place.
    pub fn order(mut self, order: KeyOrder) -> Self {
        self.order = order;
        self
    }

    /// How many keys a page has: see [`Paging::size`].
    pub fn size(mut self, keys: usize) -> Self {
        self.paging = self.paging.size(keys);
        self
    }

    /// The page after this place: see [`Paging::after`].
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.paging = self.paging.after(cursor);
        self
    }

    /// Whether a key meets all conditions at this time.
    pub fn matches(&self, key: &KeyRecord, now: SystemTime) -> bool {
        let Self {
            part: _,
            user,
            group,
            state,
            expiring_before,
            unused_since,
            ..
        } = self;
        self.searched().is_none_or(|Search { name, hint }| {
            name.is_in(&key.name) || hint.is_in(&key.hint.searchable())
        }) && user.as_ref().is_none_or(|user| key.user == *user)
            && group.as_ref().is_none_or(|code| key.in_group(code))
            && state.is_none_or(|state| key.state_at(now) == state)
            && expiring_before.is_none_or(|time| key.expires_at.is_some_and(|end| end < time))
            && unused_since.is_none_or(|time| key.last_used_at.is_none_or(|used| used < time))
    }

    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<Search> {
        let part = self.part.as_ref()?;
        Some(Search {
            name: Piece(part.clone()),
            hint: Piece(part.replace('…', "")),
        })
    }

    /// The page of all keys that a store has in memory.
    ///
    /// # Errors
    ///
    /// [`InputError::UnusableCursor`] for the cursor of a list in another order.
    pub fn page(
        &self,
        all: impl IntoIterator<Item = KeyRecord>,
    ) -> Result<Page<KeyRecord>, InputError> {
        let now = SystemTime::now();
        let matching = all.into_iter().filter(|key| self.matches(key, now));
        if self.order == KeyOrder::Name {
            return self.paging.page(matching, |key| key.name.as_str());
        }
        let after = self.after_use()?;
        let place = |key: &KeyRecord| (key.last_used_at, key.id);
        let follows = |key: &KeyRecord| after.is_none_or(|after| place(key) > after);
        let mut found: Vec<KeyRecord> = matching.filter(follows).collect();
        found.sort_by_key(place);
        Ok(Page::cut(found, self.paging.size, |key| self.cursor(key)))
    }

    /// The place of a key in the list.
    pub(crate) fn cursor(&self, key: &KeyRecord) -> Cursor {
        match self.order {
            KeyOrder::Name => Cursor::Name(key.name.clone()),
            KeyOrder::LastUse => Cursor::LastUse {
                at: key.last_used_at,
                id: key.id,
            },
        }
    }

    /// The last use and the number after which the page begins, in a list by last use.
    pub(crate) fn after_use(&self) -> Result<Option<(Option<SystemTime>, i64)>, InputError> {
        match &self.paging.after {
            None => Ok(None),
            Some(Cursor::LastUse { at, id }) => Ok(Some((*at, *id))),
            Some(other) => Err(unusable(other)),
        }
    }
}

/// What is looked for in a name, and what in a hint.
pub(crate) struct Search {
    pub(crate) name: Piece,
    pub(crate) hint: Piece,
}

/// A part of a name or a hint, in lower case.
pub(crate) struct Piece(pub(crate) String);

impl Piece {
    /// Its length in characters, if it is too short for an index: then names and hints must begin with it.
    pub(crate) fn prefix_length(&self) -> Option<usize> {
        Some(self.0.chars().count()).filter(|characters| *characters < 3)
    }

    /// Up to eight parts of three characters each, from all over it: an index knows in which keys they are.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn parts(&self) -> Vec<String> {
        let characters: Vec<char> = self.0.chars().collect();
        let parts: std::collections::BTreeSet<&[char]> = characters.windows(3).collect();
        let step = parts.len().div_ceil(8).max(1);
        let parts = parts.into_iter().step_by(step);
        parts.map(|part| part.iter().collect()).collect()
    }

    fn is_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        match self.prefix_length() {
            Some(_) => text.starts_with(&self.0),
            None => text.contains(&self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_goes_through_an_address_unchanged() {
        let at = Some(from_millis(1_795_387_400_587));
        for cursor in [
            Cursor::Name("web shop/ключ?&=%00+".to_owned()),
            Cursor::Name(String::new()),
            Cursor::LastUse { at, id: 7 },
            Cursor::LastUse { at: None, id: -1 },
            Cursor::Event(7),
        ] {
            let text = cursor.to_string();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            assert!(text.bytes().all(plain), "{text}");
            assert_eq!(text.parse::<Cursor>().unwrap(), cursor);
            let json = serde_json::to_string(&cursor).unwrap();
            assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
        }
    }

    #[test]
    fn garbage_is_not_a_cursor_and_is_named() {
        let bytes = |bytes: &[u8]| BASE64.encode(bytes);
        for garbage in [
            "",
            "?",
            "name",
            "bmFtZQ==",
            &bytes(b"x"),
            &bytes(b"n\xff"),
            &bytes(b"n\0"),
            &bytes(b"u1"),
            &bytes(b"u1 x"),
            &bytes(b"e"),
            &bytes(b"ex"),
            &bytes(b"u99999999999999999999 1"),
        ] {
            let error = garbage.parse::<Cursor>().unwrap_err();
            assert!(
                error.to_string().contains(&format!("{garbage:?}")),
                "{error}"
            );
        }
    }

    #[test]
    fn records_of_one_name_stay_on_one_page() {
        let names = ["b", "a", "b", "c"];
        let page = |paging: Paging| paging.page(names, |name| name).unwrap();
        let first = page(Paging::new().size(2));
        assert_eq!(first.items, ["a", "b", "b"]);
        assert_eq!(page(Paging::new().size(2).after(first.next)).items, ["c"]);
    }
}
