//! A store that ends with the process, for tests.

use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use futures_util::future::{BoxFuture, FutureExt, ready};

use super::{KeyStore, NewKey, PepperCheck};
use crate::{
    Error,
    key::{Digest, KeyRecord, StoredSecret},
};

/// Keys in memory, gone when the process ends: for tests and trying things out.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    keys: BTreeMap<String, KeyRecord>,
    texts: HashMap<Digest, Text>,
    archived_users: HashSet<String>,
    peppers: BTreeMap<u32, Digest>,
    last_id: i64,
}

#[derive(Debug)]
struct Text {
    key: String,
    secret: StoredSecret,
    valid_until: Option<SystemTime>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn record(&self, name: &str) -> Result<KeyRecord, Error> {
        let mut record = self
            .keys
            .get(name)
            .cloned()
            .ok_or_else(|| Error::NoSuchKey {
                name: name.to_owned(),
            })?;
        record.user_active = !self.archived_users.contains(&record.user);
        Ok(record)
    }

    fn add_text(&mut self, name: &str, secret: &StoredSecret) -> Result<(), Error> {
        match self.texts.entry(secret.digest) {
            Entry::Occupied(held) => Err(Error::TextTaken {
                name: name.to_owned(),
                holder: held.get().key.clone(),
            }),
            Entry::Vacant(free) => {
                free.insert(Text {
                    key: name.to_owned(),
                    secret: secret.clone(),
                    valid_until: None,
                });
                Ok(())
            }
        }
    }

    fn create(&mut self, key: &NewKey, secret: &StoredSecret) -> Result<KeyRecord, Error> {
        if self.keys.contains_key(&key.name) {
            return Err(Error::NameTaken {
                name: key.name.clone(),
            });
        }
        self.add_text(&key.name, secret)?;
        self.last_id += 1;
        let mut record = KeyRecord::new(self.last_id, &key.name, &key.user);
        record.groups.clone_from(&key.groups);
        record.networks.clone_from(&key.networks);
        record.expires_at = key.expires_at;
        record.hint.clone_from(&secret.hint);
        self.keys.insert(key.name.clone(), record);
        self.record(&key.name)
    }

    fn rotate(
        &mut self,
        name: &str,
        secret: &StoredSecret,
        until: SystemTime,
    ) -> Result<KeyRecord, Error> {
        self.record(name)?;
        self.add_text(name, secret)?;
        let present =
            |(digest, text): &(&Digest, &mut Text)| text.key == name && **digest != secret.digest;
        for (_, text) in self.texts.iter_mut().filter(present) {
            text.valid_until = Some(text.valid_until.map_or(until, |end| end.min(until)));
        }
        if let Some(record) = self.keys.get_mut(name) {
            record.hint.clone_from(&secret.hint);
        }
        self.record(name)
    }
}

impl KeyStore for MemoryStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        let tables = self.tables();
        let text = digests.iter().find_map(|digest| tables.texts.get(digest));
        let found = text.map(|text| {
            let mut record = tables.record(&text.key)?;
            record.expires_at = [record.expires_at, text.valid_until]
                .into_iter()
                .flatten()
                .min();
            record.hint.clone_from(&text.secret.hint);
            Ok(record)
        });
        ready(found.transpose()).boxed()
    }

    fn pepper_checks<'a>(
        &'a self,
        ours: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<Vec<PepperCheck>, Error>> {
        let mut tables = self.tables();
        for (version, check) in ours {
            tables.peppers.entry(*version).or_insert(*check);
        }
        let checks = tables.peppers.iter().map(|(version, check)| PepperCheck {
            version: *version,
            check: *check.as_bytes(),
            in_use: tables
                .texts
                .values()
                .any(|text| text.secret.pepper_version == *version),
        });
        ready(Ok(checks.collect())).boxed()
    }

    fn create<'a>(
        &'a self,
        key: &'a NewKey,
        secret: &'a StoredSecret,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        ready(self.tables().create(key, secret)).boxed()
    }

    fn rotate<'a>(
        &'a self,
        name: &'a str,
        secret: &'a StoredSecret,
        until: SystemTime,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        ready(self.tables().rotate(name, secret, until)).boxed()
    }

    fn set_active<'a>(
        &'a self,
        name: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<KeyRecord, Error>> {
        let mut tables = self.tables();
        if let Some(record) = tables.keys.get_mut(name) {
            record.active = active;
        }
        ready(tables.record(name)).boxed()
    }

    fn set_user_active<'a>(
        &'a self,
        user: &'a str,
        active: bool,
    ) -> BoxFuture<'a, Result<(), Error>> {
        let mut tables = self.tables();
        let known = tables.keys.values().any(|record| record.user == user);
        if active {
            tables.archived_users.remove(user);
        } else if known {
            tables.archived_users.insert(user.to_owned());
        }
        ready(known.then_some(()).ok_or_else(|| Error::NoSuchUser {
            user: user.to_owned(),
        }))
        .boxed()
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        ready(Ok(self.tables().record(name).ok())).boxed()
    }

    fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
        let tables = self.tables();
        ready(tables.keys.keys().map(|name| tables.record(name)).collect()).boxed()
    }
}
