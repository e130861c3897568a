//! Copies the keys of an Odoo into a store of this crate.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::{groups::Groups, keys::Keys, maintenance::Maintenance, users::Users};
use crate::{
    error::Error,
    key::{Digest, KeyRecord, NewKey, Paging},
    store::{EnvironmentKeys, OdooStore},
};

/// What became of the keys of an Odoo: see [`Maintenance::import_odoo`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The keys that were created.
    pub created: Vec<KeyRecord>,
    /// The others.
    pub skipped: Vec<Skipped>,
    /// Which parts of the configuration have no effect, such as a section without a key: see
    /// [`EnvironmentKeys`].
    pub remarks: Vec<String>,
}

/// A key of an Odoo that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The record's id in Odoo.
    pub id: i64,
    /// The record's name in Odoo.
    pub name: String,
    /// Why it was not imported.
    pub reason: SkipReason,
}

/// Why a key of an Odoo was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The store has the key: it has this name and this text.
    AlreadyThere,
    /// The store has another key with this name.
    NameTaken,
    /// Another key has this text: in the store, or with a lower id in Odoo.
    TextTaken {
        /// The name of that key.
        holder: String,
    },
    /// The key never matched in Odoo, or cannot be kept; the text says why.
    Unusable(String),
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyThere => f.write_str("it is there already"),
            Self::NameTaken => f.write_str("another key has its name"),
            Self::TextTaken { holder } => write!(f, "its text is that of key {holder:?}"),
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

/// The keys of an Odoo, sorted into those that can be imported, as they are in Odoo (`records`) and here
/// (`keys`), and the others; and the names of groups.
struct Sifted {
    records: Vec<KeyRecord>,
    keys: Vec<NewKey>,
    skipped: Vec<Skipped>,
    groups: BTreeMap<String, String>,
    remarks: Vec<String>,
    /// Whether users whom the store knows are active.
    users: HashMap<String, bool>,
}

impl Maintenance {
    /// Copies the keys of an Odoo into the authenticator's store. Callers keep their keys.
    ///
    /// It copies names, groups, users (their ids, as text) and technical names. A key or a user that is
    /// archived in Odoo is archived here. It skips keys that it cannot import, and reports them. So a
    /// second import adds new keys and changes nothing else: if a user is active here and archived in
    /// Odoo, the user stays active, and the new keys of that user are archived instead. Groups without a
    /// key are not copied, and a group that has a name here keeps it.
    ///
    /// `environment` is the configuration of the Odoo's module `auth_api_key_server_env`, whose texts
    /// replace those in its database: see [`EnvironmentKeys::server_environment`]. Give `None` for an Odoo
    /// without that module.
    ///
    /// ```no_run
    /// use auth_api_key::{Authenticator, Error, odoo::OdooStore};
    ///
    /// async fn import(auth: &Authenticator) -> Result<(), Error> {
    ///     let odoo = OdooStore::open("postgres://reader@localhost/odoo").await?;
    ///     for skipped in auth.maintenance().import_odoo(&odoo, None).await?.skipped {
    ///         println!("{} was not imported: {}", skipped.name, skipped.reason);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the Odoo has the module `auth_api_key_server_env` and `environment` is `None`;
    /// [`Error::Pepper`] if a pepper is missing; [`Error::Store`] if a store fails. Keys are created together
    /// or not at all. After a later error, keys of archived users may still be archived themselves.
    pub async fn import_odoo(
        &self,
        from: &OdooStore,
        environment: Option<&EnvironmentKeys>,
    ) -> Result<Imported, Error> {
        let Sifted {
            records,
            keys,
            skipped,
            groups,
            remarks,
            users,
        } = self.sifted(from, environment).await?;
        let created = self.keys().create_all(keys).await?;
        let mut created: Vec<KeyRecord> = created.into_iter().map(|key| key.record).collect();
        // The keys of archived users are still archived themselves.
        for (key, in_odoo) in created.iter_mut().zip(records) {
            let known = users.get(&key.user);
            if in_odoo.user_active || known == Some(&true) {
                continue;
            }
            if known.is_none() {
                Users(self.0.clone()).archive(&key.user).await?;
                key.user_active = false;
            }
            if in_odoo.active {
                *key = self.keys().unarchive(&key.name).await?;
            }
        }
        let owned = Groups(self.0.clone());
        let mut paging = Paging::new().size(Paging::MAX_SIZE);
        loop {
            let page = owned.list(&paging).await?;
            for group in page.items {
                if let (true, Some(name)) = (group.name.is_empty(), groups.get(&group.code)) {
                    owned.put(&group.code, name).await?;
                }
            }
            match page.next {
                Some(next) => paging = paging.after(next),
                None => break,
            }
        }
        Ok(Imported {
            created,
            skipped,
            remarks,
        })
    }

    /// What [`import_odoo`](Self::import_odoo) would do, without doing it: `created` has the records
    /// as they are in Odoo.
    ///
    /// # Errors
    ///
    /// As [`import_odoo`](Self::import_odoo).
    pub async fn preview_odoo_import(
        &self,
        from: &OdooStore,
        environment: Option<&EnvironmentKeys>,
    ) -> Result<Imported, Error> {
        let Sifted {
            records,
            skipped,
            remarks,
            ..
        } = self.sifted(from, environment).await?;
        Ok(Imported {
            created: records,
            skipped,
            remarks,
        })
    }

    fn keys(&self) -> Keys {
        Keys(self.0.clone())
    }

    async fn sifted(
        &self,
        from: &OdooStore,
        environment: Option<&EnvironmentKeys>,
    ) -> Result<Sifted, Error> {
        let (mut records, mut keys, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let mut names: HashMap<Digest, String> = HashMap::new();
        let read = from.read(environment).await?;
        for (record, key) in read.keys {
            let key = match key {
                Ok(key) => self.importable(&record, key, &mut names).await?,
                Err(problem) => Err(SkipReason::Unusable(match &record.technical_name {
                    Some(name) => {
                        format!("its text {problem}, and no section [api_key_{name}] gives another")
                    }
                    None => format!("its text {problem}"),
                })),
            };
            match key {
                Ok(key) => {
                    keys.push(key);
                    records.push(record);
                }
                Err(reason) => skipped.push(Skipped {
                    id: record.id,
                    name: record.name,
                    reason,
                }),
            }
        }
        Ok(Sifted {
            records,
            keys,
            skipped,
            groups: read.groups,
            remarks: read.remarks,
            users: self.known_users().await?,
        })
    }

    /// Whether users whom the store knows are active.
    async fn known_users(&self) -> Result<HashMap<String, bool>, Error> {
        let store = self.0.store()?;
        let mut known = HashMap::new();
        let mut paging = Paging::new().size(Paging::MAX_SIZE);
        loop {
            let page = store.users(&paging).await?;
            known.extend(page.items.into_iter().map(|user| (user.id, user.active)));
            match page.next {
                Some(next) => paging = paging.after(next),
                None => return Ok(known),
            }
        }
    }

    /// The key, or why it is not created.
    async fn importable(
        &self,
        record: &KeyRecord,
        key: NewKey,
        names: &mut HashMap<Digest, String>,
    ) -> Result<Result<NewKey, SkipReason>, Error> {
        let secret = match key.clone().check() {
            Ok((key, secret)) => {
                let policy = &self.0.authenticator.0.policy;
                let now = policy.clock.now();
                if let Err(error) = policy.lifetimes.expiry(&key.name, key.expires_at, now) {
                    return Ok(Err(SkipReason::Unusable(error.to_string())));
                }
                secret
            }
            Err(error) => return Ok(Err(SkipReason::Unusable(error.to_string()))),
        };
        let digests = self
            .0
            .authenticator
            .0
            .peppers
            .digests(secret.expose().as_bytes());
        let store = self.0.store()?;
        let holder = match store.find(&digests).await? {
            Some(holder) if holder.name == record.name => return Ok(Err(SkipReason::AlreadyThere)),
            Some(holder) => Some(holder.name),
            None => names.get(&digests[0]).cloned(),
        };
        if let Some(holder) = holder {
            return Ok(Err(SkipReason::TextTaken { holder }));
        }
        if store.key(&record.name).await?.is_some() {
            return Ok(Err(SkipReason::NameTaken));
        }
        if let Some(technical_name) = &record.technical_name
            && let Some(other) = store.find_technical_name(technical_name).await?
        {
            let why = format!("key {:?} has its technical name", other.name);
            return Ok(Err(SkipReason::Unusable(why)));
        }
        names.insert(digests[0], record.name.clone());
        Ok(Ok(key))
    }
}
