//! Groups of keys, which routes ask for.

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
