//! Keeps who is signed in to the pages for operators.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::{Map, Value};

use crate::{error::Error, key::Digest};

/// How long a session lasts.
pub(crate) const SESSION_LASTS: Duration = Duration::from_secs(8 * 60 * 60);
/// How long it lasts while nobody uses it.
pub(crate) const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);
/// How many sessions a key has at a time.
pub(crate) const SESSIONS: usize = 10;

/// A session that begins.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// What the browser's token is found by.
    pub token: &'a Digest,
    /// The number of the key that begins it; 0 without a key.
    pub key_id: i64,
    /// The digests of the key's text.
    pub digests: &'a [Digest],
    /// What time it is.
    pub now: SystemTime,
}

/// Who is signed in. A store that many nodes share keeps it for all of them.
pub trait SessionStore: Send + Sync {
    /// Begins a session. Forgets sessions that have ended, and if the key has ten
    /// already, the oldest.
    fn begin<'a>(&'a self, session: NewSession<'a>) -> BoxFuture<'a, Result<(), Error>>;

    /// The digests of a session; `None` if it has ended or never was. Notes the use: a session ends 8 hours
    /// after it began, or half an hour after its last use.
    fn resume<'a>(
        &'a self,
        token: &'a Digest,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Option<Vec<Digest>>, Error>>;

    /// Ends a session, if there is one.
    fn end<'a>(&'a self, token: &'a Digest) -> BoxFuture<'a, Result<(), Error>>;

    /// The groups of operators of all pages that share the store: those that were ever
    /// [added](Self::add_operator_groups).
    fn operator_groups(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        ready(Ok(Vec::new())).boxed()
    }

    /// Adds groups whose keys may see some pages for operators. A manager of other pages cannot put a key into these
    /// groups.
    fn add_operator_groups<'a>(
        &'a self,
        groups: &'a [&'a str],
    ) -> BoxFuture<'a, Result<(), Error>> {
        let _ = groups;
        ready(Ok(())).boxed()
    }

    /// Leaves an event `sign-in refused` in the [trail](super::KeyStore::trail), if the store keeps one:
    /// what its [`changed`](crate::key::TrailEvent::changed) has.
    fn record_refused<'a>(
        &'a self,
        changed: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Result<(), Error>>;
}

struct Session {
    key_id: i64,
    digests: Vec<Digest>,
    begun_at: SystemTime,
    used_at: SystemTime,
}

impl Session {
    fn lasts(&self, now: SystemTime) -> bool {
        now < self.begun_at + SESSION_LASTS && now < self.used_at + SESSION_IDLE
    }
}

/// Sessions of this process, for a store that does not keep them.
#[derive(Default)]
pub(crate) struct MemorySessions(Mutex<HashMap<Digest, Session>>);

impl MemorySessions {
    fn all(&self) -> MutexGuard<'_, HashMap<Digest, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionStore for MemorySessions {
    fn begin<'a>(&'a self, new: NewSession<'a>) -> BoxFuture<'a, Result<(), Error>> {
        let NewSession { key_id, now, .. } = new;
        let session = Session {
            key_id,
            digests: new.digests.to_vec(),
            begun_at: now,
            used_at: now,
        };
        let mut all = self.all();
        all.retain(|_, session| session.lasts(now));
        let of_key = all.iter().filter(|(_, session)| session.key_id == key_id);
        let mut of_key: Vec<_> = of_key
            .map(|(token, session)| (session.begun_at, *token))
            .collect();
        of_key.sort_unstable_by_key(|(begun_at, _)| Reverse(*begun_at));
        for (_, oldest) in of_key.iter().skip(SESSIONS - 1) {
            all.remove(oldest);
        }
        all.insert(*new.token, session);
        ready(Ok(())).boxed()
    }

    fn resume<'a>(
        &'a self,
        token: &'a Digest,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Option<Vec<Digest>>, Error>> {
        let mut all = self.all();
        let session = all.get_mut(token).filter(|session| session.lasts(now));
        let digests = session.map(|session| {
            session.used_at = now;
            session.digests.clone()
        });
        ready(Ok(digests)).boxed()
    }

    fn end<'a>(&'a self, token: &'a Digest) -> BoxFuture<'a, Result<(), Error>> {
        self.all().remove(token);
        ready(Ok(())).boxed()
    }

    fn record_refused<'a>(&'a self, _: &'a Map<String, Value>) -> BoxFuture<'a, Result<(), Error>> {
        ready(Ok(())).boxed()
    }
}
