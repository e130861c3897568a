//! Groups of keys, which routes ask for, and users, for whom keys act.

use serde::Serialize;

/// How many keys of a group or a user are counted. A greater number means more than these.
pub const COUNTED_KEYS: u64 = 1_000;

/// Codes of groups, in a list: an array, a `Vec`, or anything else with several texts.
///
/// A trait of its own, since rustc would propose to take one text apart into its characters.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of groups",
    label = "write a list, also of one group: `[\"shop\"]`"
)]
pub trait GroupCodes {
    /// Each code.
    fn codes(self) -> impl Iterator<Item = String>;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item: AsRef<str>>> GroupCodes for I {
    fn codes(self) -> impl Iterator<Item = String> {
        self.into_iter().map(|code| code.as_ref().to_owned())
    }
}

/// A set of keys that a route can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// The name that routes use.
    pub code: String,
    /// The name for people; may be empty.
    pub name: String,
    /// How many keys are in it, counted up to [`COUNTED_KEYS`].
    pub keys: u64,
}

impl Group {
    /// A group as a store has found it.
    pub fn new(code: impl Into<String>, name: impl Into<String>, keys: u64) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            keys,
        }
    }
}

/// A person or a program that keys act for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct User {
    /// The id, which the application chooses.
    pub id: String,
    /// Whether the user's keys may be used.
    pub active: bool,
    /// How many keys the user has, counted up to [`COUNTED_KEYS`].
    pub keys: u64,
}

impl User {
    /// A user as a store has found it.
    pub fn new(id: impl Into<String>, active: bool, keys: u64) -> Self {
        Self {
            id: id.into(),
            active,
            keys,
        }
    }
}
