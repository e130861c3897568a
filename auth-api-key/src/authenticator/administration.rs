//! What an owner of keys does with them: each change takes effect before its call returns.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::future::FutureExt;

use super::{Authenticator, cache::Concern};
use crate::{
    Change, CreatedKey, Error, Group, KeyRecord, KeyUpdate, NewKey, Secret,
    key::DEFAULT_PREFIX,
    store::{from_millis, to_millis, unusable},
};

/// Administration. A change has taken effect on this node when its call returns; if the call is
/// cancelled, the change is completed all the same.
impl Authenticator {
    /// Creates a key and gives its text, which cannot be had again.
    ///
    /// # Errors
    ///
    /// [`Error::NameTaken`], [`Error::TechnicalNameTaken`] and [`Error::TextTaken`];
    /// [`Error::UnusableName`], [`Error::UnusableTechnicalName`], [`Error::UnusableUser`],
    /// [`Error::UnusableGroup`], [`Error::EmptyText`], [`Error::UnusableText`],
    /// [`Error::InvalidPrefix`] and [`Error::TimeOutOfRange`] for input that cannot be stored;
    /// [`Error::Store`] if the store fails.
    pub async fn create(&self, key: NewKey) -> Result<CreatedKey, Error> {
        let mut created = self.create_all([key]).await?;
        created
            .pop()
            .ok_or_else(|| Error::store("the store gave no key"))
    }

    /// Creates many keys in one transaction: all of them, or none.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), naming the key.
    pub async fn create_all(
        &self,
        keys: impl IntoIterator<Item = NewKey>,
    ) -> Result<Vec<CreatedKey>, Error> {
        let mut secrets = Vec::new();
        let mut sealed = Vec::new();
        for key in keys {
            let (key, secret) = key.check()?;
            sealed.push((key, self.0.peppers.seal(&secret)));
            secrets.push(secret);
        }
        let records = self.change(Change::Create(sealed)).await?;
        let created = records.into_iter().zip(secrets);
        Ok(created
            .map(|(record, secret)| CreatedKey { record, secret })
            .collect())
    }

    /// Changes what is known of a key: its name, networks, expiry or metadata.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, KeyUpdate, MemoryStore, NewKey};
    ///
    /// let auth = Authenticator::builder().store(MemoryStore::new()).await?;
    /// auth.create(NewKey::new("webshop", "user-7")).await?;
    /// let update = KeyUpdate::new().name("shop").networks(["10.0.0.0/8".parse().unwrap()]);
    /// assert_eq!(auth.update("webshop", update).await?.name, "shop");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; as [`create`](Self::create) for what the key would become.
    pub async fn update(&self, name: &str, update: KeyUpdate) -> Result<KeyRecord, Error> {
        let name = name.to_owned();
        self.change_one(Change::Update { name, update }).await
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
        let now = SystemTime::now();
        let until = now
            .checked_add(overlap)
            .ok_or(Error::TimeOutOfRange { time: now })?;
        let rotate = Change::Rotate {
            name: name.to_owned(),
            secret: self.0.peppers.seal(&secret),
            until: from_millis(to_millis(until)?),
        };
        let record = self.change_one(rotate).await?;
        Ok(CreatedKey { record, secret })
    }

    /// Archives a key: it is refused until [`unarchive`](Self::unarchive) takes it back.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn archive(&self, name: &str) -> Result<KeyRecord, Error> {
        let (name, active) = (name.to_owned(), false);
        self.change_one(Change::SetActive { name, active }).await
    }

    /// Takes back an archived key.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn unarchive(&self, name: &str) -> Result<KeyRecord, Error> {
        let (name, active) = (name.to_owned(), true);
        self.change_one(Change::SetActive { name, active }).await
    }

    /// Deletes a key, and gives it as it was.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn delete(&self, name: &str) -> Result<KeyRecord, Error> {
        let name = name.to_owned();
        self.change_one(Change::Delete { name }).await
    }

    /// Archives a user: all their keys are refused, unless the authenticator was built with
    /// [`ArchivedUsers::Ignore`](crate::ArchivedUsers::Ignore). Gives these keys.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchUser`]; [`Error::Store`] if the store fails.
    pub async fn archive_user(&self, user: &str) -> Result<Vec<KeyRecord>, Error> {
        let (user, active) = (user.to_owned(), false);
        self.change(Change::SetUserActive { user, active }).await
    }

    /// Takes back an archived user.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchUser`]; [`Error::Store`] if the store fails.
    pub async fn unarchive_user(&self, user: &str) -> Result<Vec<KeyRecord>, Error> {
        let (user, active) = (user.to_owned(), true);
        self.change(Change::SetUserActive { user, active }).await
    }

    /// Makes a group, or gives the one with this code another name. Routes know it by its code;
    /// creating a key in a group that is not there makes one without a name.
    ///
    /// # Errors
    ///
    /// [`Error::UnusableCode`]; [`Error::Store`] if the store fails.
    pub async fn put_group(&self, code: &str, name: &str) -> Result<(), Error> {
        if unusable(code) {
            return Err(Error::UnusableCode {
                code: code.to_owned(),
            });
        }
        let (code, name) = (code.to_owned(), name.to_owned());
        self.change(Change::PutGroup { code, name }).await?;
        Ok(())
    }

    /// Deletes a group, and gives the keys that were in it.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchGroup`]; [`Error::Store`] if the store fails.
    pub async fn delete_group(&self, code: &str) -> Result<Vec<KeyRecord>, Error> {
        let code = code.to_owned();
        self.change(Change::DeleteGroup { code }).await
    }

    /// Puts a key into a group.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchGroup`] and [`Error::NoSuchKey`]; [`Error::Store`] if the store fails.
    pub async fn add_to_group(&self, code: &str, key: &str) -> Result<KeyRecord, Error> {
        self.set_member(code, key, true).await
    }

    /// Takes a key out of a group.
    ///
    /// # Errors
    ///
    /// As [`add_to_group`](Self::add_to_group).
    pub async fn remove_from_group(&self, code: &str, key: &str) -> Result<KeyRecord, Error> {
        self.set_member(code, key, false).await
    }

    async fn set_member(&self, code: &str, key: &str, member: bool) -> Result<KeyRecord, Error> {
        let (group, key) = (code.to_owned(), key.to_owned());
        self.change_one(Change::SetMember { group, key, member })
            .await
    }

    /// Makes a copy of a production database harmless: archives all keys, and forgets their texts
    /// and the peppers.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn neutralize(&self) -> Result<(), Error> {
        self.change(Change::Neutralize).await?;
        Ok(())
    }

    async fn change_one(&self, change: Change) -> Result<KeyRecord, Error> {
        let mut changed = self.change(change).await?;
        changed
            .pop()
            .ok_or_else(|| Error::store("the store gave no key"))
    }

    /// Makes a change in a task of its own, so that cancelling the caller leaves neither half a
    /// change nor a cache that does not know of it.
    async fn change(&self, change: Change) -> Result<Vec<KeyRecord>, Error> {
        let (store, cache) = (Arc::clone(&self.0.store), Arc::clone(&self.0.cache));
        let changing = tokio::spawn(async move {
            let concern = match &change {
                Change::Create(_) => |_: &[KeyRecord]| Concern::NewKeys,
                Change::Neutralize => |_: &[KeyRecord]| Concern::All,
                _ => |keys: &[KeyRecord]| Concern::Keys(keys.iter().map(|key| key.id).collect()),
            };
            let changed = AssertUnwindSafe(async { store.change(change).await });
            let changed = changed.catch_unwind().await;
            match &changed {
                Ok(Ok(keys)) => cache.forget(&concern(keys)),
                // A store that failed may have committed before.
                Ok(Err(Error::Store(_))) | Err(_) => cache.forget(&Concern::All),
                Ok(Err(_)) => {}
            }
            changed
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

    /// All groups, in the order of their codes.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn groups(&self) -> Result<Vec<Group>, Error> {
        self.0.store.groups().await
    }

    /// Waits until the last uses that were noted are written: for the end of a program, after its
    /// server was shut down. A store that fails leaves them unwritten, and is logged.
    ///
    /// Dropping the last clone of an authenticator writes them, too, as long as the runtime lives.
    pub async fn flush(&self) {
        self.0.uses.flush().await;
    }
}
