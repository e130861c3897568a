//! What an owner does with the store as a whole.

use super::{owner::Owner, verify::Authenticator};
use crate::{
    error::Error,
    store::{Change, UnfinishedCopy},
};

/// What an owner does with a store as a whole: made by [`Authenticator::maintenance`].
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing by itself"]
pub struct Maintenance(pub(super) Owner);

impl Authenticator {
    /// What an owner does with the store as a whole: taking over keys, making a copy harmless.
    pub fn maintenance(&self) -> Maintenance {
        Maintenance(Owner::new(self))
    }
}

impl Maintenance {
    /// Says who acts: a name of the application's own, which goes into the log.
    pub fn acting_as(self, actor: impl AsRef<str>) -> Self {
        Self(self.0.acting_as(actor.as_ref()))
    }

    /// Whether the keys are a copy that `auth-api-key copy` has begun and not finished: its text says so,
    /// with the command that finishes it. An authenticator logs it when it begins, too.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn unfinished_copy(&self) -> Result<Option<UnfinishedCopy>, Error> {
        self.0.store()?.unfinished_copy().await
    }

    /// Makes a copy of a production database harmless: archives all keys, and forgets their texts
    /// and the peppers.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn neutralize(&self) -> Result<(), Error> {
        self.0.change(Change::Neutralize).await?;
        Ok(())
    }
}
