//! A store that ends with the process, for tests.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use futures_util::future::{BoxFuture, FutureExt, ready};

use super::{KeyStore, PepperCheck};
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
        let digests = std::iter::once(&secret.digest).chain(&secret.others);
        if let Some(held) = digests.filter_map(|digest| self.texts.get(digest)).next() {
            return Err(Error::TextTaken {
                name: name.to_owned(),
                holder: held.key.clone(),
            });
        }
        let text = Text {
            key: name.to_owned(),
            secret: secret.clone(),
            valid_until: None,
        };
        self.texts.insert(secret.digest, text);
        Ok(())
    }

    fn create(&mut self, key: &KeyRecord, secret: &StoredSecret) -> Result<KeyRecord, Error> {
        if self.keys.contains_key(&key.name) {
            return Err(Error::NameTaken {
                name: key.name.clone(),
            });
        }
        self.add_text(&key.name, secret)?;
        self.last_id += 1;
        let record = KeyRecord {
            id: self.last_id,
            hint: secret.hint.clone(),
            ..key.clone()
        };
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
        let now = SystemTime::now();
        self.texts.retain(|digest, text| {
            if text.key != name || *digest == secret.digest {
                return true;
            }
            let end = text.valid_until.map_or(until, |end| end.min(until));
            text.valid_until = Some(end);
            end > now
        });
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

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        let tables = self.tables();
        let now = SystemTime::now();
        let works = |text: &&Text| text.valid_until.is_none_or(|end| end > now);
        let checks = tables.peppers.iter().map(|(version, check)| PepperCheck {
            version: *version,
            check: *check.as_bytes(),
            in_use: tables
                .texts
                .values()
                .filter(works)
                .any(|text| text.secret.pepper_version == *version),
        });
        ready(Ok(checks.collect())).boxed()
    }

    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        let mut tables = self.tables();
        for (version, check) in checks {
            tables.peppers.entry(*version).or_insert(*check);
        }
        ready(Ok(())).boxed()
    }

    fn create<'a>(
        &'a self,
        key: &'a KeyRecord,
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
