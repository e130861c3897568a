//! What an owner does with keys.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{owner::Owner, verify::Authenticator};
use crate::{
    error::{Error, InputError},
    key::{
        CreatedKey, DEFAULT_PREFIX, Digest, KeyFilter, KeyRecord, KeyUpdate, NewKey, Page, Secret,
        from_millis, to_millis,
    },
    store::{Change, Stored},
};

/// What an owner does with keys: made by [`Authenticator::keys`].
///
/// A change has taken effect on this node when its call returns; if the call is cancelled, the
/// change is completed all the same. Each one leaves a line in the log.
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
    /// Says who acts: a name of the application's own, which goes into the log.
    pub fn acting_as(self, actor: impl AsRef<str>) -> Self {
        Self(self.0.acting_as(actor.as_ref()))
    }

    /// Creates a key and gives its text, which cannot be had again.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for what cannot be stored; [`Error::State`] if the name, the technical name or
    /// the text is taken; [`Error::Pepper`] if a pepper is
    /// [missing](crate::Builder::allow_missing_peppers); [`Error::Store`] if the store fails.
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
        for key in keys {
            let (key, secret) = key.check()?;
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

    /// A page of the keys that a filter selects. The page's `next` is where the next one begins: a walk
    /// along them sees each key once, also where keys are added and deleted meanwhile.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, key::{KeyFilter, KeyState}, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("webshop", "user-7").groups(["shop"])).await?;
    ///
    /// let shops = KeyFilter::new().group("shop").state(KeyState::Active).size(20);
    /// let mut page = auth.keys().list(&shops).await?;
    /// assert_eq!(page.items[0].name, "webshop");
    /// while let Some(next) = page.next {
    ///     page = auth.keys().list(&shops.clone().after(next)).await?;
    /// }
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

    /// How many keys a filter selects, on all pages. It reads all keys, or all of a group.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn count(&self, filter: &KeyFilter) -> Result<u64, Error> {
        self.0.store()?.count(filter).await
    }

    /// Changes what is known of a key: its name, user, groups, networks, expiry or metadata.
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
    /// [`Error::State`] if there is no such key; as [`create`](Self::create) for what it would become.
    pub async fn update(&self, name: &str, update: KeyUpdate) -> Result<KeyRecord, Error> {
        let name = name.to_owned();
        self.0.change_one(Change::Update { name, update }).await
    }

    /// Gives a key a new text, with the prefix of the present one. The present one works for
    /// another `overlap`, but never longer than it would have without the rotation.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Input`] for an overlap of thousands of years;
    /// [`Error::Pepper`] if a pepper is [missing](crate::Builder::allow_missing_peppers);
    /// [`Error::Store`] if the store fails.
    pub async fn rotate(&self, name: &str, overlap: Duration) -> Result<CreatedKey, Error> {
        let until = self.after(overlap)?;
        Ok(self.add_text(name, Some(until)).await?.created)
    }

    /// Gives a key a new text, and leaves the present ones as they are until it is clear whether somebody
    /// has it.
    #[doc(hidden)] // for the command line
    pub async fn begin_rotation(&self, name: &str) -> Result<Rotation, Error> {
        self.add_text(name, None).await
    }

    /// How long a text still works.
    fn after(&self, overlap: Duration) -> Result<SystemTime, Error> {
        let now = self.0.authenticator.0.policy.clock.now();
        let until = now.checked_add(overlap);
        let until = until.ok_or(InputError::TimeOutOfRange { time: now })?;
        Ok(from_millis(to_millis(until)?))
    }

    async fn add_text(&self, name: &str, until: Option<SystemTime>) -> Result<Rotation, Error> {
        let prefix = (self.0.store()?.key(name).await?)
            .map(|key| key.hint.prefix)
            .filter(|prefix| !prefix.is_empty());
        let prefix = prefix.as_deref().unwrap_or(DEFAULT_PREFIX);
        // The text of an imported key may look issued, with a prefix that is none of ours.
        let secret = Secret::issue(prefix).or_else(|_| Secret::issue(DEFAULT_PREFIX))?;
        let sealed = self.0.authenticator.0.peppers.seal(&secret)?;
        let digest = sealed.digest;
        let rotate = Change::Rotate {
            name: name.to_owned(),
            secret: sealed,
            until,
        };
        let record = self.0.change_one(rotate).await?;
        Ok(Rotation {
            keys: self.clone(),
            created: CreatedKey { record, secret },
            digest,
        })
    }

    /// Archives a key: it is refused until [`unarchive`](Self::unarchive) takes it back.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if there is no such key; [`Error::Store`] if the store fails.
    pub async fn archive(&self, name: &str) -> Result<KeyRecord, Error> {
        let (name, active) = (name.to_owned(), false);
        self.0.change_one(Change::SetActive { name, active }).await
    }

    /// Takes back an archived key.
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

/// A rotation that is not over: the key's older texts work as before.
#[doc(hidden)] // for the command line
#[derive(Debug)]
pub struct Rotation {
    keys: Keys,
    created: CreatedKey,
    digest: Digest,
}

impl Rotation {
    /// The key with its new text.
    pub fn created(&self) -> &CreatedKey {
        &self.created
    }

    /// Lets the older texts work for another `overlap`, and no longer.
    pub async fn finish(self, overlap: Duration) -> Result<KeyRecord, Error> {
        let until = self.keys.after(overlap)?;
        self.end(true, until).await
    }

    /// Takes the new text back, which nobody has.
    pub async fn undo(self) -> Result<KeyRecord, Error> {
        self.end(false, UNIX_EPOCH).await
    }

    async fn end(self, others: bool, until: SystemTime) -> Result<KeyRecord, Error> {
        let Self {
            keys,
            created,
            digest,
        } = self;
        let name = created.record.name;
        let end = Change::EndTexts {
            name,
            digest,
            others,
            until,
        };
        keys.0.change_one(end).await
    }
}
