//! Who sees a page.

use super::cookies::Token;

/// Who is signed in.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The name under which they change keys.
    pub(super) name: String,
    /// The key that they signed in with, if it was one.
    pub(super) key: Option<i64>,
    pub(super) is_manager: bool,
    pub(super) token: Token,
}
