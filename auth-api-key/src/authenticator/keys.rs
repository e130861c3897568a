//! What an owner does with keys.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{
    owner::Owner,
    policy::Policy,
    verify::{Authenticator, Inner},
};
use crate::{
    error::{Error, InputError, StateError},
    key::{
        CreatedKey, DEFAULT_PREFIX, Digest, KeyFilter, KeyOrder, KeyRecord, KeyState, KeyUpdate,
        NewKey, Page, Secret, from_millis, to_millis,
    },
    store::{Change, Renewal, Stored},
};

/// What an owner does with keys: made by [`Authenticator::keys`].
///
/// A change has taken effect on this node when its call returns. If the call is cancelled, the change
/// completes all the same. Each change leaves a line in the log.
///
/// Each method gives [`StateError::VerifyOnly`](crate::error::StateError::VerifyOnly) after
/// [`Builder::build_lookup`](crate::Builder::build_lookup), and each change gives
/// [`StateError::ReadOnly`](crate::error::StateError::ReadOnly) if somebody else administers the keys, as in an
/// Odoo.
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing by itself"]
pub struct Keys(pub(super) Owner);

impl Authenticator {
    /// What an owner does with keys: creating, changing, rotating and archiving them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// let keys = auth.keys().acting_as("alice");
    /// let created = keys.create(NewKey::new("webshop", "user-7")).await?;
    /// println!("{}", created.secret.expose()); // not shown again
    /// keys.archive("webshop").await?;
    /// # Ok(()) }
    /// ```
    pub fn keys(&self) -> Keys {
        Keys(Owner::new(self))
    }
}

impl Keys {
    /// The policy, and the time as stores keep it.
    fn policy_and_now(&self) -> Result<(&Policy, SystemTime), InputError> {
        let Inner { policy, .. } = &*self.0.authenticator.0;
        Ok((policy, from_millis(to_millis(policy.clock.now())?)))
    }

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

    /// Creates a key and gives its text, which is not shown again.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for what cannot be stored; [`Error::State`] if the name, the technical name or the
    /// text is taken; [`Error::Pepper`] if a pepper is [missing](crate::Builder::allow_missing_peppers);
    /// [`Error::Random`] if the system has no random bytes; [`Error::Store`] if the store fails.
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
    /// As [`create`](Self::create); the error names the key.
    pub async fn create_all(
        &self,
        keys: impl IntoIterator<Item = NewKey>,
    ) -> Result<Vec<CreatedKey>, Error> {
        self.create_counted(keys, &Stored::default()).await
    }

    /// As [`create_all`](Self::create_all); meanwhile those that are stored are counted.
    #[doc(hidden)] // for the command line
    pub async fn create_counted(
        &self,
        keys: impl IntoIterator<Item = NewKey>,
        stored: &Stored,
    ) -> Result<Vec<CreatedKey>, Error> {
        let mut secrets = Vec::new();
        let mut sealed = Vec::new();
        let (policy, now) = self.policy_and_now()?;
        for key in keys {
            let (mut key, secret) = key.check()?;
            key.expires_at = policy.lifetimes.expiry(&key.name, key.expires_at, now)?;
            key.renewed_at = Some(now);
            sealed.push((key, self.0.authenticator.0.peppers.seal(&secret)?));
            secrets.push(secret);
        }
        let create = Change::Create {
            keys: sealed,
            stored: stored.clone(),
        };
        let records = self.0.change(create).await?;
        let created = records.into_iter().zip(secrets);
        Ok(created
            .map(|(record, secret)| CreatedKey { record, secret })
            .collect())
    }

    /// The key with this name.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store fails.
    pub async fn get(&self, name: &str) -> Result<Option<KeyRecord>, Error> {
        self.0.store()?.key(name).await
    }

    /// A page of the keys that a filter selects. The page's `next` is where the next page begins. If you
    /// read page after page, you get each key once, also if keys are added and deleted meanwhile.
    ///
    /// A page may have fewer keys than [`KeyFilter::size`] says, or none, and still have a `next`: in a long
    /// list, one page does not look at all keys until it is full ([what it costs](KeyFilter#what-it-costs)).
    /// So read on until a page has no `next`:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, key::{KeyFilter, KeyState}, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("webshop", "user-7").groups(["shop"])).await?;
    ///
    /// let shops = KeyFilter::new().group("shop").state(KeyState::Active).size(20);
    /// let (mut names, mut after) = (Vec::new(), None);
    /// loop {
    ///     let page = auth.keys().list(&shops.clone().after(after)).await?;
    ///     names.extend(page.items.into_iter().map(|key| key.name));
    ///     match page.next {
    ///         None => break,
    ///         next => after = next,
    ///     }
    /// }
    /// assert_eq!(names, ["webshop"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for the cursor of a list in another order, and for times that no store keeps;
    /// [`Error::Store`] if the store fails.
    pub async fn list(&self, filter: &KeyFilter) -> Result<Page<KeyRecord>, Error> {
        self.0.store()?.list(filter).await
    }

    /// How many keys a filter selects, on all pages. [`KeyFilter`] says what it reads.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn count(&self, filter: &KeyFilter) -> Result<u64, Error> {
        self.0.store()?.count(filter).await
    }

    /// A page of the active keys of a filter that were not used since a time, the longest unused first: the
    /// keys that you can probably archive. It leaves out keys that were created, imported or renewed since
    /// then, or were given another expiry. A page may have fewer keys than [`KeyFilter::size`] says; the last
    /// page is the one without `next`.
    ///
    /// If a node has a role that may not [record uses](crate::store::PostgresStore), keys that callers send
    /// to this node look unused.
    ///
    /// # Errors
    ///
    /// [`StateError::UsesNotRecorded`] if uses were not recorded during the whole time. A week in which no key
    /// is used also interrupts the recording. Otherwise as [`list`](Self::list).
    pub async fn unused(
        &self,
        since: SystemTime,
        filter: &KeyFilter,
    ) -> Result<Page<KeyRecord>, Error> {
        let recorded = self.0.store()?.uses_recorded_since().await?;
        if recorded.is_none_or(|recorded| recorded > since) {
            return Err(StateError::UsesNotRecorded { since, recorded }.into());
        }
        let filter = filter.clone().state(KeyState::Active);
        let filter = filter.unused_since(since).order(KeyOrder::LastUse);
        let mut page = self.list(&filter).await?;
        page.items
            .retain(|key| key.created_at.max(key.renewed_at.unwrap_or(key.created_at)) < since);
        Ok(page)
    }

    /// Changes a key, but not its text: its name, user, groups, networks, expiry or metadata.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, key::KeyUpdate, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("webshop", "user-7")).await?;
    /// let update = KeyUpdate::new().name("shop").networks(["10.0.0.0/8".parse().unwrap()]);
    /// assert_eq!(auth.keys().update("webshop", update).await?.name, "shop");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; otherwise as [`create`](Self::create), for the changed key.
    pub async fn update(&self, name: &str, update: KeyUpdate) -> Result<KeyRecord, Error> {
        let (name, mut update) = (name.to_owned(), update);
        let (policy, now) = self.policy_and_now()?;
        if let Some(expiry) = update.expiry_given_at(now) {
            policy.lifetimes.check(&name, expiry, now)?;
        }
        self.0.change_one(Change::Update { name, update }).await
    }

    /// Gives a key a new text, with the prefix of the present one. The present one works for
    /// another `overlap`, but never longer than it would have without the rotation.
    ///
    /// The [lifetime](KeyRecord::lifetime) of a key that expires begins again. A key that never expires gets
    /// the [default lifetime](crate::Builder::default_lifetime), if there is one. The returned record has
    /// the new expiry.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Input`] for an overlap of thousands of years, and
    /// for a lifetime beyond the [maximum](crate::Builder::max_lifetime) (update the expiry first, which
    /// makes the lifetime shorter);
    /// [`Error::Pepper`] if a pepper is [missing](crate::Builder::allow_missing_peppers);
    /// [`Error::Random`] if the system has no random bytes; [`Error::Store`] if the store fails.
    pub async fn rotate(&self, name: &str, overlap: Duration) -> Result<CreatedKey, Error> {
        let until = self.overlap_end(overlap)?;
        Ok(self.add_text(name, Some(until)).await?.created)
    }

    /// Gives a key a new text. The older texts and the expiry do not change until the rotation is finished,
    /// since somebody must have the new text first.
    #[doc(hidden)] // for the command line
    pub async fn begin_rotation(&self, name: &str) -> Result<Rotation, Error> {
        self.add_text(name, None).await
    }

    /// The end of an overlap that begins now.
    fn overlap_end(&self, overlap: Duration) -> Result<SystemTime, Error> {
        let (_, now) = self.policy_and_now()?;
        let until = now.checked_add(overlap);
        let until = until.ok_or(InputError::TimeOutOfRange { time: now })?;
        Ok(from_millis(to_millis(until)?))
    }

    async fn add_text(&self, name: &str, until: Option<SystemTime>) -> Result<Rotation, Error> {
        let key = self.0.store()?.key(name).await?;
        let key = key.ok_or_else(|| StateError::NoSuchKey {
            name: name.to_owned(),
        })?;
        let prefix = match key.hint.prefix.as_str() {
            "" => DEFAULT_PREFIX,
            prefix => prefix,
        };
        // A given text may look issued and have a prefix that this crate does not allow.
        let secret = Secret::issue(prefix).or_else(|_| Secret::issue(DEFAULT_PREFIX))?;
        let sealed = self.0.authenticator.0.peppers.seal(&secret)?;
        let digest = sealed.digest;
        let (policy, now) = self.policy_and_now()?;
        let renewed = key
            .lifetime()
            .and_then(|lifetime| now.checked_add(lifetime));
        let renewal = Renewal {
            at: now,
            expires_at: policy.lifetimes.expiry(name, renewed, now)?,
        };
        let rotate = Change::Rotate {
            name: name.to_owned(),
            secret: sealed,
            until,
            now,
            renewal: until.map(|_| renewal),
        };
        let mut record = self.0.change_one(rotate).await?;
        renewal.apply(&mut record);
        Ok(Rotation {
            keys: self.clone(),
            created: CreatedKey { record, secret },
            digest,
            renewal,
        })
    }

    /// Archives a key: it is refused until [`unarchive`](Self::unarchive).
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Store`] if the store fails.
    pub async fn archive(&self, name: &str) -> Result<KeyRecord, Error> {
        let (name, active) = (name.to_owned(), false);
        self.0.change_one(Change::SetActive { name, active }).await
    }

    /// Unarchives a key: it is admitted again.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Store`] if the store fails.
    pub async fn unarchive(&self, name: &str) -> Result<KeyRecord, Error> {
        let (name, active) = (name.to_owned(), true);
        self.0.change_one(Change::SetActive { name, active }).await
    }

    /// Deletes a key, and gives it as it was.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Store`] if the store fails.
    pub async fn delete(&self, name: &str) -> Result<KeyRecord, Error> {
        let name = name.to_owned();
        self.0.change_one(Change::Delete { name }).await
    }
}

/// A rotation that is not over: the key's older texts work as before, and it expires as before.
#[doc(hidden)] // for the command line
#[derive(Debug)]
pub struct Rotation {
    keys: Keys,
    created: CreatedKey,
    digest: Digest,
    renewal: Renewal,
}

impl Rotation {
    /// The key with its new text and expiry, as it is once the rotation is finished.
    pub fn created(&self) -> &CreatedKey {
        &self.created
    }

    /// Ends the older texts after another `overlap`, and begins the lifetime of the key again.
    pub async fn finish(self, overlap: Duration) -> Result<KeyRecord, Error> {
        let (until, renewal) = (self.keys.overlap_end(overlap)?, self.renewal);
        self.end(true, until, Some(renewal)).await
    }

    /// Removes the new text, which nobody has.
    pub async fn undo(self) -> Result<KeyRecord, Error> {
        self.end(false, UNIX_EPOCH, None).await
    }

    async fn end(
        self,
        others: bool,
        until: SystemTime,
        renewal: Option<Renewal>,
    ) -> Result<KeyRecord, Error> {
        let (_, now) = self.keys.policy_and_now()?;
        let end = Change::EndTexts {
            name: self.created.record.name,
            digest: self.digest,
            others,
            until,
            now,
            renewal,
        };
        self.keys.0.change_one(end).await
    }
}
