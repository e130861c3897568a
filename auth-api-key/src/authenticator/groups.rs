//! What an owner does with groups.

use super::{owner::Owner, verify::Authenticator};
use crate::{
    error::{Error, InputError},
    key::{Group, KeyRecord, Page, Paging, is_unusable, not_too_long},
    store::Change,
};

/// What an owner does with groups of keys: made by [`Authenticator::groups`].
///
/// Each method gives [`StateError::VerifyOnly`](crate::error::StateError::VerifyOnly) after
/// [`Builder::build_lookup`](crate::Builder::build_lookup), and each change gives
/// [`StateError::ReadOnly`](crate::error::StateError::ReadOnly) if somebody else administers the keys, as in an
/// Odoo.
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing by itself"]
pub struct Groups(pub(super) Owner);

impl Authenticator {
    /// What an owner does with groups, which routes ask for by their codes.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("webshop", "user-7")).await?;
    /// auth.groups().put("shop", "Web shops").await?;
    /// let key = auth.groups().add("shop", "webshop").await?;
    /// assert!(key.in_group("shop"));
    /// # Ok(()) }
    /// ```
    pub fn groups(&self) -> Groups {
        Groups(Owner::new(self))
    }
}

impl Groups {
    /// Names who acts, for the log and the [trail](crate::guide::trail). A name that is empty or longer than
    /// 250 bytes, or has control characters, makes each change an [`Error::Input`].
    pub fn acting_as(self, actor: impl AsRef<str>) -> Self {
        Self(self.0.acting_as(actor.as_ref()))
    }

    /// Makes a group, or changes its name. Routes know it by its code. To create
    /// a key in a group that does not exist also makes the group, without a name.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for a code that is empty, or a code or a name that has control characters or more
    /// than 1,000 bytes; [`Error::Store`] if the store fails.
    pub async fn put(&self, code: &str, name: &str) -> Result<(), Error> {
        if is_unusable(code) {
            return Err(InputError::UnusableCode {
                code: code.to_owned(),
            }
            .into());
        }
        not_too_long("code", code, "a group")?;
        not_too_long("name", name, format_args!("the group {code:?}"))?;
        if name.contains(char::is_control) {
            return Err(InputError::UnusableGroupName {
                code: code.to_owned(),
                name: name.to_owned(),
            }
            .into());
        }
        let (code, name) = (code.to_owned(), name.to_owned());
        self.0.change(Change::PutGroup { code, name }).await?;
        Ok(())
    }

    /// Deletes a group, and gives the keys that were in it.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such group; [`Error::Store`] if the store fails.
    pub async fn delete(&self, code: &str) -> Result<Vec<KeyRecord>, Error> {
        let code = code.to_owned();
        self.0.change(Change::DeleteGroup { code }).await
    }

    /// Puts a key into a group.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such group or key; [`Error::Store`] if the store fails.
    pub async fn add(&self, code: &str, key: &str) -> Result<KeyRecord, Error> {
        self.set_member(code, key, true).await
    }

    /// Takes a key out of a group.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add).
    pub async fn remove(&self, code: &str, key: &str) -> Result<KeyRecord, Error> {
        self.set_member(code, key, false).await
    }

    async fn set_member(&self, code: &str, key: &str, member: bool) -> Result<KeyRecord, Error> {
        let (group, key) = (code.to_owned(), key.to_owned());
        self.0
            .change_one(Change::SetMember { group, key, member })
            .await
    }

    /// A page of all groups, in the order of their codes, with the number of keys of each. It counts the
    /// keys, so it takes longer the more keys there are.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for the cursor of another list; [`Error::Store`] if the store fails.
    pub async fn list(&self, paging: &Paging) -> Result<Page<Group>, Error> {
        self.0.store()?.groups(paging).await
    }
}
