//! What an owner does with the store as a whole.

use std::time::SystemTime;

use super::{owner::Owner, verify::Authenticator};
use crate::{
    error::Error,
    key::{Page, TrailEvent, TrailFilter},
    store::{Change, UnfinishedCopy},
};

/// What an owner does with a store as a whole: made by [`Authenticator::maintenance`].
///
/// Each method gives [`StateError::VerifyOnly`](crate::error::StateError::VerifyOnly) after
/// [`Builder::build_lookup`](crate::Builder::build_lookup), and each change gives
/// [`StateError::ReadOnly`](crate::error::StateError::ReadOnly) if somebody else administers the keys, as in an
/// Odoo.
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
    /// Names who acts, for the log and the [trail](crate::guide::trail). A name that is empty or longer than
    /// 250 bytes, or has control characters, makes each change an [`Error::Input`].
    pub fn acting_as(self, actor: impl AsRef<str>) -> Self {
        Self(self.0.acting_as(actor.as_ref()))
    }

    /// Whether the keys are a copy that `auth-api-key copy` has begun and not finished. The value's text has
    /// the command that finishes it. An authenticator also logs it at the start.
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

    /// A page of the trail: what was changed, when and by whom, the newest first. See the
    /// [guide](crate::guide::trail).
    ///
    /// ```no_run
    /// # async fn run(auth: auth_api_key::Authenticator) -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::key::TrailFilter;
    ///
    /// let trail = auth.maintenance().trail(&TrailFilter::new().key("webshop")).await?;
    /// for event in trail.items {
    ///     println!("{:?} {} {:?}", event.actor, event.action, event.changed);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StateError::NoTrail`](crate::error::StateError::NoTrail) if the store does not keep a trail;
    /// [`Error::Input`] for the cursor of another list; [`Error::Store`] if the store fails.
    pub async fn trail(&self, filter: &TrailFilter) -> Result<Page<TrailEvent>, Error> {
        self.0.store()?.trail(filter).await
    }

    /// Deletes the events of the trail from before this time, and gives their number. If there are any, the
    /// deletion leaves one event. In PostgreSQL only the owner of the tables may do it.
    ///
    /// # Errors
    ///
    /// As [`trail`](Self::trail).
    pub async fn prune(&self, before: SystemTime) -> Result<u64, Error> {
        self.0.check_actor()?;
        let pruned = self.0.store()?.prune(before, self.0.actor()).await?;
        tracing::info!(actor = self.0.actor(), events = pruned, "pruned");
        Ok(pruned)
    }
}
