//! What an owner does with the users whom keys act for.

use super::{owner::Owner, verify::Authenticator};
use crate::{
    error::Error,
    key::{KeyRecord, Page, Paging, User},
    store::Change,
};

/// What an owner does with users, for whom keys act: made by [`Authenticator::users`].
///
/// Each method gives [`StateError::VerifyOnly`](crate::error::StateError::VerifyOnly) after
/// [`Builder::build_lookup`](crate::Builder::build_lookup), and each change gives
/// [`StateError::ReadOnly`](crate::error::StateError::ReadOnly) if somebody else administers the keys, as in an
/// Odoo.
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing by itself"]
pub struct Users(pub(super) Owner);

impl Authenticator {
    /// What an owner does with the users for whom keys act.
    pub fn users(&self) -> Users {
        Users(Owner::new(self))
    }
}

impl Users {
    /// Names who acts, for the log and the [trail](crate::guide::trail). A name that is empty or longer than
    /// 250 bytes, or has control characters, makes each change an [`Error::Input`].
    pub fn acting_as(self, actor: impl AsRef<str>) -> Self {
        Self(self.0.acting_as(actor.as_ref()))
    }

    /// Makes no change that would leave this group without a key that works.
    #[cfg(feature = "admin")]
    pub(crate) fn keeping(self, group: Option<&str>) -> Self {
        Self(self.0.keeping(group))
    }

    /// Archives a user: all their keys are refused, unless the authenticator was built with
    /// [`ArchivedUsers::Ignore`](crate::authenticator::ArchivedUsers::Ignore). Gives these keys.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if no key is theirs; [`Error::Store`] if the store fails.
    pub async fn archive(&self, user: &str) -> Result<Vec<KeyRecord>, Error> {
        let (user, active) = (user.to_owned(), false);
        self.0.change(Change::SetUserActive { user, active }).await
    }

    /// Unarchives a user: their keys are admitted again.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if no key is theirs; [`Error::Store`] if the store fails.
    pub async fn unarchive(&self, user: &str) -> Result<Vec<KeyRecord>, Error> {
        let (user, active) = (user.to_owned(), true);
        self.0.change(Change::SetUserActive { user, active }).await
    }

    /// A page of all users, in the order of their ids, with the number of keys of each. It counts the keys,
    /// so it takes longer the more keys there are.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for the cursor of another list; [`Error::Store`] if the store fails.
    pub async fn list(&self, paging: &Paging) -> Result<Page<User>, Error> {
        self.0.store()?.users(paging).await
    }
}
