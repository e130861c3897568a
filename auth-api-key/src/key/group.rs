//! Groups of keys, which routes ask for, and the users whom keys act for.

use serde::Serialize;

/// Some keys that routes admit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// What routes know it by.
    pub code: String,
    /// What people know it by; may be empty.
    #[serde(rename = "title")]
    pub name: String,
    /// How many keys are in it.
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

/// Somebody whom keys act for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct User {
    /// The id: one of the application's own.
    pub id: String,
    /// Whether their keys may be used.
    pub active: bool,
    /// How many keys they have.
    pub keys: u64,
}

impl User {
    /// A user as a store has found them.
    pub fn new(id: impl Into<String>, active: bool, keys: u64) -> Self {
        Self {
            id: id.into(),
            active,
            keys,
        }
    }
}
