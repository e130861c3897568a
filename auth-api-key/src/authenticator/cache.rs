//! What a node remembers of the store: keys, and texts that are none.
//!
//! Hits take no lock. Misses, changes and the entries that they make go through one mutex each,
//! which no hit waits for.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasherDefault, Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use coarsetime::{Duration, Instant};
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use sha2::{Digest as _, Sha256};

use crate::{
    ApiKey, Error, KeyRecord, KeyStore,
    key::{Digest, random_bytes},
};

/// How long a known key is believed.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// How long a text that is no key is believed to be none.
const UNKNOWN_FOR: Duration = Duration::from_secs(5);
/// How often a look-up that was overtaken by a change is made again before giving up.
const ATTEMPTS: usize = 16;

/// What a text is cached under: SHA-256 of it after a random block of the process's own, so that
/// neither the text nor anything computable from it elsewhere is held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct CacheKey([u8; 32]);

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (first, _) = self.0.split_at(8);
        state.write_u64(u64::from_ne_bytes(first.try_into().expect("8 bytes")));
    }
}

/// Takes the digest's own bits: they are uniform, and nobody outside can choose them.
#[derive(Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("a `CacheKey` writes one u64");
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }
}

type Map<V> = papaya::HashMap<CacheKey, V, BuildHasherDefault<DigestHasher>>;

#[derive(Debug)]
struct Known {
    key: ApiKey,
    until: Instant,
}

/// What the cache says of a text.
pub(crate) enum Cached {
    Known(ApiKey),
    Unknown,
    Miss,
}

/// Whom a change concerns.
pub(crate) enum Concern {
    /// A key that was not there before.
    NewKey,
    /// The key of this name.
    Key(String),
    /// The keys of this user.
    User(String),
}

/// The store could not be asked; the log says why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unavailable;

pub(crate) type Outcome = Result<Option<ApiKey>, Unavailable>;
type Flight = BoxFuture<'static, Outcome>;

#[derive(Default)]
struct Flights {
    started: u64,
    /// By what is looked up and since which change; the number tells a flight from its successor.
    under_way: HashMap<(CacheKey, u64), (u64, WeakShared<Flight>)>,
}

pub(crate) struct Cache {
    /// SHA-256 after the random block: a text of up to 55 bytes costs one more compression.
    keyed: Sha256,
    known: Map<Known>,
    unknown: Map<Instant>,
    known_capacity: usize,
    unknown_capacity: usize,
    /// How many changes this process has seen. Held while entries are made or dropped.
    generation: Mutex<u64>,
    flights: Mutex<Flights>,
}

impl Cache {
    pub(crate) fn new(known_capacity: usize, unknown_capacity: usize) -> Result<Self, Error> {
        Ok(Self {
            keyed: Sha256::new_with_prefix(random_bytes::<64>()?),
            known: Map::default(),
            unknown: Map::default(),
            known_capacity,
            unknown_capacity,
            generation: Mutex::default(),
            flights: Mutex::default(),
        })
    }

    pub(crate) fn key(&self, text: &[u8]) -> CacheKey {
        CacheKey(self.keyed.clone().chain_update(text).finalize().into())
    }

    /// Answers from memory, if it can.
    pub(crate) fn get(&self, cache_key: &CacheKey) -> Cached {
        let now = now();
        if let Some(known) = self.known.pin().get(cache_key)
            && now < known.until
        {
            return Cached::Known(known.key.clone());
        }
        match self.unknown.pin().get(cache_key) {
            Some(until) if now < *until => Cached::Unknown,
            _ => Cached::Miss,
        }
    }

    /// Asks the store, together with everyone who asks the same at the same time.
    pub(crate) async fn load(
        self: Arc<Self>,
        cache_key: CacheKey,
        store: Arc<dyn KeyStore>,
        digests: Vec<Digest>,
    ) -> Outcome {
        for _ in 0..ATTEMPTS {
            let generation = *lock(&self.generation);
            let outcome = self.join(cache_key, generation, &store, &digests).await;
            if *lock(&self.generation) == generation {
                return outcome;
            }
        }
        tracing::error!("keys change faster than the store can be asked");
        Err(Unavailable)
    }

    /// The flight under way for this question, or a new one. It moves while anyone awaits it, and
    /// ends when nobody does.
    fn join(
        self: &Arc<Self>,
        cache_key: CacheKey,
        generation: u64,
        store: &Arc<dyn KeyStore>,
        digests: &[Digest],
    ) -> Shared<Flight> {
        let question = (cache_key, generation);
        let mut flights = lock(&self.flights);
        let under_way = flights.under_way.get(&question);
        if let Some(flight) = under_way.and_then(|(_, flight)| flight.upgrade()) {
            return flight;
        }
        flights.started += 1;
        let landing = Landing {
            cache: Arc::clone(self),
            question,
            number: flights.started,
        };
        let number = landing.number;
        let (store, digests) = (Arc::clone(store), digests.to_vec());
        let flight: Flight = Box::pin(async move {
            let asked = now();
            let answer = AssertUnwindSafe(async { store.find(&digests).await }).catch_unwind();
            match answer.await {
                Ok(Ok(record)) => Ok(landing.cache.keep(cache_key, generation, record, asked)),
                Ok(Err(error)) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "the key store cannot be asked");
                    Err(Unavailable)
                }
                Err(_panic) => {
                    tracing::error!("the key store panicked");
                    Err(Unavailable)
                }
            }
        });
        let flight = flight.shared();
        if let Some(weak) = flight.downgrade() {
            flights.under_way.insert(question, (number, weak));
        }
        flight
    }

    /// Remembers the store's answer, unless a change has come since it was asked.
    fn keep(
        &self,
        cache_key: CacheKey,
        generation: u64,
        record: Option<KeyRecord>,
        asked: Instant,
    ) -> Option<ApiKey> {
        let key = record.map(ApiKey::from);
        let current = lock(&self.generation);
        if *current == generation {
            match key.clone() {
                Some(key) => {
                    let until = asked + KNOWN_FOR;
                    insert(
                        &self.known,
                        self.known_capacity,
                        cache_key,
                        Known { key, until },
                    );
                }
                None => {
                    let until = asked + UNKNOWN_FOR;
                    insert(&self.unknown, self.unknown_capacity, cache_key, until);
                }
            }
        }
        drop(current);
        key
    }

    /// Forgets the keys that a change concerns, and every text that was no key before it.
    pub(crate) fn forget(&self, concern: &Concern) {
        let mut generation = lock(&self.generation);
        *generation += 1;
        let known = self.known.pin();
        match concern {
            Concern::NewKey => {}
            Concern::Key(name) => known.retain(|_, known| known.key.name != *name),
            Concern::User(user) => known.retain(|_, known| known.key.user != *user),
        }
        if !self.unknown.is_empty() {
            self.unknown.pin().clear();
        }
    }
}

/// The time to a few milliseconds, for a third of what the exact one costs.
fn now() -> Instant {
    Instant::now_without_cache_update()
}

/// Inserts into a map that holds at most `capacity` entries: a full one first loses an eighth.
/// Which eighth is random, for the map is ordered by digests.
fn insert<V: Send + Sync>(map: &Map<V>, capacity: usize, cache_key: CacheKey, value: V) {
    let map = map.pin();
    if map.len() >= capacity {
        for key in map.keys().take(capacity.div_ceil(8)) {
            map.remove(key);
        }
    }
    if capacity > 0 {
        map.insert(cache_key, value);
    }
}

/// Takes a flight off the list when it is done, or when nobody awaits it any more.
struct Landing {
    cache: Arc<Cache>,
    question: (CacheKey, u64),
    number: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut flights = lock(&self.cache.flights);
        if flights
            .under_way
            .get(&self.question)
            .is_some_and(|(number, _)| *number == self.number)
        {
            flights.under_way.remove(&self.question);
        }
    }
}

/// Nothing here is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("known", &self.known.len())
            .field("unknown", &self.unknown.len())
            .finish_non_exhaustive()
    }
}
