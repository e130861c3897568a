//! What an owner of keys does with them: each change takes effect before its call returns.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::future::FutureExt;

use super::{Authenticator, cache::Concern};
use crate::{
    CreatedKey, Error, KeyRecord, NewKey, Secret,
    key::DEFAULT_PREFIX,
    store::{from_millis, to_millis},
};

/// Administration. A change has taken effect on this node when its call returns; if the call is
/// cancelled, the change is completed all the same.
impl Authenticator {
    /// Creates a key and gives its text, which cannot be had again.
    ///
    /// # Errors
    ///
    /// [`Error::NameTaken`] and [`Error::TextTaken`]; [`Error::EmptyName`], [`Error::EmptyUser`],
    /// [`Error::EmptyGroup`], [`Error::EmptyText`], [`Error::UnusableText`],
    /// [`Error::InvalidPrefix`] and [`Error::TimeOutOfRange`] for input that cannot be stored;
    /// [`Error::Store`] if the store fails.
    pub async fn create(&self, key: NewKey) -> Result<CreatedKey, Error> {
        let (key, secret) = key.check()?;
        let stored = self.0.peppers.seal(&secret);
        let store = Arc::clone(&self.0.store);
        let create = async move { store.create(&key, &stored).await };
        let record = self.change(Concern::NewKey, create).await?;
        Ok(CreatedKey { record, secret })
    }

    /// Gives a key a new text, with the prefix of the present one. The present one works for
    /// another `overlap`, but never longer than it would have without the rotation.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::TimeOutOfRange`] for an overlap of thousands of years;
    /// [`Error::Store`] if the store fails.
    pub async fn rotate(&self, name: &str, overlap: Duration) -> Result<CreatedKey, Error> {
        let hint = self
            .0
            .store
            .key(name)
            .await?
            .map(|key| key.hint)
            .unwrap_or_default();
        let prefix = hint
            .rsplit_once('_')
            .map_or(DEFAULT_PREFIX, |(prefix, _)| prefix);
        // The text of an imported key may look issued, with a prefix that is none of ours.
        let secret = Secret::issue(prefix).or_else(|_| Secret::issue(DEFAULT_PREFIX))?;
        let stored = self.0.peppers.seal(&secret);
        let now = SystemTime::now();
        let until = now
            .checked_add(overlap)
            .ok_or(Error::TimeOutOfRange { time: now })?;
        let until = from_millis(to_millis(until)?);
        let (store, name) = (Arc::clone(&self.0.store), name.to_owned());
        let rotated = name.clone();
        let rotate = async move { store.rotate(&name, &stored, until).await };
        let record = self.change(Concern::Key(rotated), rotate).await?;
        Ok(CreatedKey { record, secret })
    }

    /// Archives a key: it is refused until [`unarchive`](Self::unarchive) takes it back.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn archive(&self, name: &str) -> Result<KeyRecord, Error> {
        self.set_active(name, false).await
    }

    /// Takes back an archived key.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn unarchive(&self, name: &str) -> Result<KeyRecord, Error> {
        self.set_active(name, true).await
    }

    async fn set_active(&self, name: &str, active: bool) -> Result<KeyRecord, Error> {
        let (store, name) = (Arc::clone(&self.0.store), name.to_owned());
        let changed = name.clone();
        let change = async move { store.set_active(&name, active).await };
        self.change(Concern::Key(changed), change).await
    }

    /// Archives a user: all their keys are refused, unless the authenticator was built with
    /// [`ArchivedUsers::Ignore`](crate::ArchivedUsers::Ignore).
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchUser`]; [`Error::Store`] if the store fails.
    pub async fn archive_user(&self, user: &str) -> Result<(), Error> {
        self.set_user_active(user, false).await
    }

    /// Takes back an archived user.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchUser`]; [`Error::Store`] if the store fails.
    pub async fn unarchive_user(&self, user: &str) -> Result<(), Error> {
        self.set_user_active(user, true).await
    }

    async fn set_user_active(&self, user: &str, active: bool) -> Result<(), Error> {
        let (store, user) = (Arc::clone(&self.0.store), user.to_owned());
        let changed = user.clone();
        let change = async move { store.set_user_active(&user, active).await };
        self.change(Concern::User(changed), change).await
    }

    /// Makes a change in a task of its own, so that cancelling the caller leaves neither half a
    /// change nor a cache that does not know of it.
    async fn change<T: Send + 'static>(
        &self,
        concern: Concern,
        change: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let cache = Arc::clone(&self.0.cache);
        let changing = tokio::spawn(async move {
            let result = AssertUnwindSafe(change).catch_unwind().await;
            // Whatever the result: a store that failed may have committed before.
            cache.forget(&concern);
            result
        });
        match changing.await.map_err(Error::store)? {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// The key with this name.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn key(&self, name: &str) -> Result<Option<KeyRecord>, Error> {
        self.0.store.key(name).await
    }

    /// All keys, in the order of their names.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn keys(&self) -> Result<Vec<KeyRecord>, Error> {
        self.0.store.keys().await
    }
}
