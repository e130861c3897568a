//! A store that ends with the process, for tests.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::future::{BoxFuture, FutureExt, ready};

use super::{
    key_store::{Change, KeyStore, Renewal},
    lookup::{Lookup, PepperCheck, Watch},
};
use crate::{
    error::{Error, StateError},
    key::{
        Digest, Group, Hint, KeyFilter, KeyRecord, KeyUpdate, Page, Paging, StoredSecret, User,
        from_millis, to_millis,
    },
};

/// Keys in memory, gone when the process ends: for tests and trying things out. Clones share them. They
/// cannot be watched, so an authenticator over one clone learns late of what another one changes. It does
/// not keep a [trail](crate::guide::trail).
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Tables>>);

#[derive(Clone, Debug, Default)]
struct Tables {
    keys: HashMap<i64, KeyRecord>,
    ids: BTreeMap<String, i64>,
    texts: HashMap<Digest, Text>,
    /// Whether they are active, by id.
    users: BTreeMap<String, bool>,
    /// Names by code.
    groups: BTreeMap<String, String>,
    peppers: BTreeMap<u32, Digest>,
    last_id: i64,
}

#[derive(Clone, Debug)]
struct Text {
    key_id: i64,
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
    fn record(&self, key: &KeyRecord) -> KeyRecord {
        KeyRecord {
            user_active: self.users.get(&key.user) != Some(&false),
            ..key.clone()
        }
    }

    fn records(&self, which: impl Fn(&KeyRecord) -> bool) -> Vec<KeyRecord> {
        let keys = self.ids.values().map(|id| &self.keys[id]);
        let keys = keys.filter(|key| which(key));
        keys.map(|key| self.record(key)).collect()
    }

    fn existing(&mut self, name: &str) -> Result<&mut KeyRecord, Error> {
        let id = self.ids.get(name);
        id.and_then(|id| self.keys.get_mut(id)).ok_or_else(|| {
            StateError::NoSuchKey {
                name: name.to_owned(),
            }
            .into()
        })
    }

    fn named(&mut self, name: &str) -> Result<Vec<KeyRecord>, Error> {
        let key = self.existing(name)?.clone();
        Ok(vec![self.record(&key)])
    }

    fn existing_group(&self, code: &str) -> Result<(), Error> {
        match self.groups.contains_key(code) {
            true => Ok(()),
            false => Err(StateError::NoSuchGroup {
                code: code.to_owned(),
            }
            .into()),
        }
    }

    fn check_technical_name(&self, key: &KeyRecord) -> Result<(), Error> {
        let Some(technical_name) = &key.technical_name else {
            return Ok(());
        };
        let taken = |other: &KeyRecord| {
            other.id != key.id && other.technical_name.as_ref() == Some(technical_name)
        };
        match self.keys.values().any(taken) {
            true => Err(StateError::TechnicalNameTaken {
                name: key.name.clone(),
                technical_name: technical_name.clone(),
            }
            .into()),
            false => Ok(()),
        }
    }

    fn add_text(&mut self, key: &KeyRecord, secret: &StoredSecret) -> Result<(), Error> {
        let mut digests = std::iter::once(&secret.digest).chain(&secret.others);
        if let Some(held) = digests.find_map(|digest| self.texts.get(digest)) {
            let holder = self.keys.get(&held.key_id);
            return Err(StateError::TextTaken {
                name: key.name.clone(),
                holder: holder.map(|key| key.name.clone()).unwrap_or_default(),
            }
            .into());
        }
        let text = Text {
            key_id: key.id,
            secret: secret.clone(),
            valid_until: None,
        };
        self.texts.insert(secret.digest, text);
        Ok(())
    }

    fn create(&mut self, key: &KeyRecord, secret: &StoredSecret) -> Result<KeyRecord, Error> {
        if self.ids.contains_key(&key.name) {
            return Err(StateError::NameTaken {
                name: key.name.clone(),
            }
            .into());
        }
        self.last_id += 1;
        let record = KeyRecord {
            id: self.last_id,
            hint: secret.hint.clone(),
            created_at: from_millis(to_millis(key.created_at)?),
            ..key.clone()
        };
        self.check_technical_name(&record)?;
        self.add_text(&record, secret)?;
        self.put_owners(&record);
        self.ids.insert(record.name.clone(), record.id);
        let created = self.record(&record);
        self.keys.insert(record.id, record);
        Ok(created)
    }

    /// Makes a key's groups and user if they are missing.
    fn put_owners(&mut self, key: &KeyRecord) {
        for code in &key.groups {
            self.groups.entry(code.clone()).or_default();
        }
        self.users.entry(key.user.clone()).or_insert(true);
    }

    fn update(&mut self, name: &str, update: &KeyUpdate) -> Result<Vec<KeyRecord>, Error> {
        let after = update.apply(self.existing(name)?.clone())?;
        if after.name != name && self.ids.contains_key(&after.name) {
            return Err(StateError::NameTaken { name: after.name }.into());
        }
        self.check_technical_name(&after)?;
        self.put_owners(&after);
        self.ids.remove(name);
        self.ids.insert(after.name.clone(), after.id);
        let updated = self.record(&after);
        self.keys.insert(after.id, after);
        Ok(vec![updated])
    }

    fn rotate(
        &mut self,
        name: &str,
        secret: &StoredSecret,
        until: Option<SystemTime>,
        now: SystemTime,
        renewal: Option<Renewal>,
    ) -> Result<Vec<KeyRecord>, Error> {
        let key = self.existing(name)?.clone();
        self.add_text(&key, secret)?;
        if let Some(until) = until {
            self.end_texts(name, &secret.digest, true, until, now)?;
        }
        self.existing(name)?.hint.clone_from(&secret.hint);
        self.renew(name, renewal)
    }

    fn end_texts(
        &mut self,
        name: &str,
        digest: &Digest,
        others: bool,
        until: SystemTime,
        now: SystemTime,
    ) -> Result<(), Error> {
        let key = self.existing(name)?.clone();
        let until = key.expires_at.map_or(until, |end| end.min(until));
        self.texts.retain(|other, text| {
            if text.key_id != key.id || (other == digest) == others {
                return true;
            }
            let end = text.valid_until.map_or(until, |end| end.min(until));
            text.valid_until = Some(end);
            end > now
        });
        let left = self.texts.values().filter(|text| text.key_id == key.id);
        // The newest one has no end.
        let newest = left.max_by_key(|text| (text.valid_until.is_none(), text.valid_until));
        let hint = newest.map(|text| text.secret.hint.clone());
        self.existing(name)?.hint = hint.unwrap_or_default();
        Ok(())
    }

    fn renew(&mut self, name: &str, renewal: Option<Renewal>) -> Result<Vec<KeyRecord>, Error> {
        if let Some(renewal) = renewal {
            renewal.apply(self.existing(name)?);
        }
        self.named(name)
    }

    fn set_user_active(&mut self, user: &str, active: bool) -> Result<Vec<KeyRecord>, Error> {
        let known = self.users.get_mut(user);
        *known.ok_or_else(|| StateError::NoSuchUser {
            user: user.to_owned(),
        })? = active;
        Ok(self.records(|key| key.user == user))
    }

    fn set_member(
        &mut self,
        group: &str,
        name: &str,
        member: bool,
    ) -> Result<Vec<KeyRecord>, Error> {
        self.existing_group(group)?;
        let key = self.existing(name)?;
        key.groups.retain(|code| code != group);
        if member {
            key.groups.push(group.to_owned());
            key.groups.sort();
        }
        self.named(name)
    }

    fn make(&mut self, change: &Change) -> Result<Vec<KeyRecord>, Error> {
        match change {
            Change::Create { keys, stored } => {
                let before = (keys.len() > 1).then(|| self.clone());
                let create = |(key, secret): &(_, _)| self.create(key, secret);
                let created: Result<_, _> = keys.iter().map(create).collect();
                if let (Err(_), Some(before)) = (&created, before) {
                    *self = before;
                }
                stored.add(keys.len());
                created
            }
            Change::Update { name, update } => self.update(name, update),
            Change::Rotate {
                name,
                secret,
                until,
                now,
                renewal,
            } => self.rotate(name, secret, *until, *now, *renewal),
            Change::EndTexts {
                name,
                digest,
                others,
                until,
                now,
                renewal,
            } => {
                self.end_texts(name, digest, *others, *until, *now)?;
                self.renew(name, *renewal)
            }
            Change::SetActive { name, active } => {
                self.existing(name)?.active = *active;
                self.named(name)
            }
            Change::Delete { name } => {
                let deleted = self.named(name)?;
                self.ids.remove(name);
                self.keys.remove(&deleted[0].id);
                self.texts.retain(|_, text| text.key_id != deleted[0].id);
                Ok(deleted)
            }
            Change::SetUserActive { user, active } => self.set_user_active(user, *active),
            Change::PutGroup { code, name } => {
                self.groups.insert(code.clone(), name.clone());
                Ok(Vec::new())
            }
            Change::DeleteGroup { code } => {
                self.existing_group(code)?;
                self.groups.remove(code);
                let members = self.records(|key| key.in_group(code));
                for key in self.keys.values_mut() {
                    key.groups.retain(|group| group != code);
                }
                Ok(members)
            }
            Change::SetMember { group, key, member } => self.set_member(group, key, *member),
            Change::Neutralize => {
                for key in self.keys.values_mut() {
                    key.active = false;
                    key.hint = Hint::default();
                }
                self.texts.clear();
                self.peppers.clear();
                Ok(Vec::new())
            }
            Change::Keeping { group, now, change } => {
                let members = self.records(|key| key.in_group(group));
                change.require_another(group, &members, *now)?;
                self.make(change)
            }
        }
    }
}

impl Lookup for MemoryStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        let tables = self.tables();
        let text = digests.iter().find_map(|digest| tables.texts.get(digest));
        let found = text.and_then(|text| {
            let mut record = tables.record(tables.keys.get(&text.key_id)?);
            record.expires_at = [record.expires_at, text.valid_until]
                .into_iter()
                .flatten()
                .min();
            record.hint.clone_from(&text.secret.hint);
            Some(record)
        });
        ready(Ok(found)).boxed()
    }

    fn find_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        let named = |key: &KeyRecord| key.technical_name.as_deref() == Some(name);
        ready(Ok(self.tables().records(named).pop())).boxed()
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

    fn watch(&self, _bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        ready(Ok(None)).boxed()
    }

    fn record_uses<'a>(
        &'a self,
        uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        let mut tables = self.tables();
        for (id, time) in uses {
            if let Some(key) = tables.keys.get_mut(id) {
                key.last_used_at = key.last_used_at.max(Some(*time));
            }
        }
        ready(Ok(())).boxed()
    }
}

impl KeyStore for MemoryStore {
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

    fn change<'a>(
        &'a self,
        change: &'a Change,
        _actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>> {
        ready(self.tables().make(change)).boxed()
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        let mut tables = self.tables();
        ready(Ok(tables.named(name).ok().and_then(|mut keys| keys.pop()))).boxed()
    }

    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>> {
        let keys = self.tables().records(|_| true);
        ready(filter.page(keys).map_err(Error::from)).boxed()
    }

    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>> {
        let (keys, now) = (self.tables().records(|_| true), SystemTime::now());
        let count = keys.iter().filter(|key| filter.matches(key, now)).count();
        ready(Ok(count as u64)).boxed()
    }

    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>> {
        let tables = self.tables();
        let groups = tables.groups.iter().map(|(code, name)| {
            let keys = tables.keys.values().filter(|key| key.in_group(code));
            Group::new(code, name, keys.count() as u64)
        });
        ready(
            paging
                .page(groups, |group| group.code.as_str())
                .map_err(Error::from),
        )
        .boxed()
    }

    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>> {
        let tables = self.tables();
        let users = tables.users.iter().map(|(id, active)| {
            let keys = tables.keys.values().filter(|key| key.user == *id);
            User::new(id, *active, keys.count() as u64)
        });
        ready(
            paging
                .page(users, |user| user.id.as_str())
                .map_err(Error::from),
        )
        .boxed()
    }
}
