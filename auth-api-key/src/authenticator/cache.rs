//! What a node remembers of the store: keys, and texts that are not keys.
//!
//! A hit takes no lock. A miss, a change and the entries that they make lock one mutex. No hit waits
//! for it.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    hash::{BuildHasherDefault, Hash, Hasher},
    ops::Bound,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time,
};

use coarsetime::{Duration, Instant};
use sha2::{Digest as _, Sha256, block_api::compress256};
use tokio::sync::{broadcast, watch};

use super::{metrics::Meter, missing_peppers::MissingPeppers};
use crate::{
    error::Error,
    key::{ApiKey, Clock, random_bytes},
    store::Changed,
};

/// How long a known key is used if the store is not watched.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// How long an unknown text is refused without a look-up.
const UNKNOWN_FOR: Duration = Duration::from_secs(5);
/// How many changes may wait for a task that follows a key. A task that misses some reads the key again.
const CHANGES: usize = 1024;
/// The precision of the cache's clock, about.
const STEP: time::Duration = time::Duration::from_millis(4);
/// The longest time to sleep.
const NAP: time::Duration = time::Duration::from_secs(60 * 60);

/// What a text is cached under: SHA-256 of a random block of this process and the text. So the cache
/// holds neither the text nor anything that another process can compute from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct CacheKey([u8; 32]);

/// SHA-256 (FIPS 180-4) after the random block.
struct Keyed {
    hasher: Sha256,
    /// The same state, for texts that fit into one more block with their padding: to copy the hasher and its
    /// buffer takes a third as long as the compression.
    state: [u32; 8],
}

impl Keyed {
    /// The longest text that fits into one block: the padding takes a byte, and the length eight.
    const SHORT: usize = 64 - 9;

    fn new(block: &[u8; 64]) -> Self {
        let mut state = INITIAL;
        compress256(&mut state, &[*block]);
        let hasher = Sha256::new_with_prefix(block);
        Self { hasher, state }
    }

    fn cache_key(&self, text: &[u8]) -> CacheKey {
        if text.len() > Self::SHORT {
            return CacheKey(self.hasher.clone().chain_update(text).finalize().into());
        }
        let mut block = [0; 64];
        block[..text.len()].copy_from_slice(text);
        block[text.len()] = 0x80;
        let bits = 8 * (64 + text.len() as u64);
        block[56..].copy_from_slice(&bits.to_be_bytes());
        let mut state = self.state;
        compress256(&mut state, &[block]);
        let mut digest = [0; 32];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        CacheKey(digest)
    }
}

/// The first words of SHA-256: the fractions of the square roots of the first eight primes.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (first, _) = self.0.split_at(8);
        state.write_u64(u64::from_ne_bytes(first.try_into().expect("8 bytes")));
    }
}

/// Uses bits of the digest as the hash: they are uniform, and nobody outside can choose them.
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

/// A known key. With what it is cached under, it fits into one line of the processor's cache.
struct Known {
    key: ApiKey,
    /// Until when it is used, in ticks of the clock. The last bit, of a fraction of a nanosecond, says whether a
    /// request used it since the cache last checked it to make room.
    until: AtomicU64,
}

impl Known {
    const USED: u64 = 1;

    fn new(key: ApiKey, until: u64) -> Self {
        let until = AtomicU64::new(until & !Self::USED);
        Self { key, until }
    }

    /// Notes a use, if the entry is still used at this time.
    fn note_use(&self, now: Instant) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        let is_good = now.as_ticks() < until & !Self::USED;
        if is_good && until & Self::USED == 0 {
            self.until.fetch_or(Self::USED, Ordering::Relaxed);
        }
        is_good
    }

    /// Whether a request used it since this was last asked.
    fn take_used(&self) -> bool {
        self.until.fetch_and(!Self::USED, Ordering::Relaxed) & Self::USED != 0
    }

    /// The same entry with a key as the store has it now.
    fn with(&self, key: ApiKey) -> Self {
        let until = AtomicU64::new(self.until.load(Ordering::Relaxed));
        Self { key, until }
    }
}

/// A text that was not found.
struct UnknownText {
    until: Instant,
    /// Whether it is certainly not a key.
    is_certain: bool,
}

/// What the cache says of a text.
pub(crate) enum Cached<T> {
    /// The key, what was decided about it, and the time of the cache's clock.
    Known(ApiKey, T, Instant),
    Unknown,
    /// It may be a key under a pepper that this node does not have.
    Undecided,
    Miss,
}

/// How many changes this process knows of. A result of the store is good as long as no later change
/// can alter it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Generation {
    /// New keys: a text that was unknown may be a key now.
    created: u64,
    /// Changes of keys and users that existed.
    changed: u64,
}

impl Generation {
    pub(super) fn still_good(self, now: Self, found: bool) -> bool {
        if found {
            self.changed == now.changed
        } else {
            self == now
        }
    }
}

/// The part of the cache that is locked while entries are made or dropped.
#[derive(Default)]
struct Entries {
    generation: Generation,
    /// What the known keys are cached under: a key has a text or two, and few are cached under more.
    by_id: BTreeMap<i64, Vec<CacheKey>>,
    /// The id of the key that was last checked to make room.
    hand: i64,
    /// The oldest comes first.
    unknown: VecDeque<CacheKey>,
}

pub(crate) struct Cache {
    keyed: Keyed,
    known: Map<Known>,
    unknown: Map<UnknownText>,
    known_capacity: usize,
    unknown_capacity: usize,
    /// Whether the store is watched, and known keys are refreshed.
    watched: AtomicBool,
    /// Until when the cache is trusted, in ticks of the clock.
    trusted_until: AtomicU64,
    entries: Mutex<Entries>,
    /// How often anything was forgotten.
    forgotten: AtomicU64,
    /// The last time for which a watch confirmed that the cache knows every change before it.
    confirmed: watch::Sender<Option<time::Instant>>,
    /// Sends changes to the tasks that follow a key.
    news: broadcast::Sender<Arc<Changed>>,
    pub(super) missing_peppers: MissingPeppers<Generation>,
    pub(super) meter: Arc<Meter>,
    pub(super) clock: Clock,
}

impl Cache {
    /// For a node with peppers of these versions.
    pub(crate) fn new(
        known_capacity: usize,
        unknown_capacity: usize,
        peppers: Vec<u32>,
        meter: Arc<Meter>,
        clock: Clock,
    ) -> Result<Self, Error> {
        Ok(Self {
            meter,
            missing_peppers: MissingPeppers::new(peppers, clock.clone()),
            clock,
            keyed: Keyed::new(&random_bytes()?),
            known: Map::default(),
            unknown: Map::default(),
            known_capacity,
            unknown_capacity,
            watched: AtomicBool::new(false),
            trusted_until: AtomicU64::new(u64::MAX),
            confirmed: watch::Sender::new(None),
            entries: Mutex::default(),
            forgotten: AtomicU64::new(0),
            news: broadcast::Sender::new(CHANGES),
        })
    }

    pub(crate) fn key(&self, text: &[u8]) -> CacheKey {
        self.keyed.cache_key(text)
    }

    /// What memory knows of a text. `decide` is asked about a known key.
    pub(crate) fn get<T>(
        &self,
        cache_key: &CacheKey,
        decide: impl FnOnce(&ApiKey) -> T,
    ) -> Cached<T> {
        let Some(now) = self.trusted_now() else {
            return Cached::Miss;
        };
        if let Some(known) = self.known.pin().get(cache_key)
            && known.note_use(now)
        {
            // Before the clone, which is an atomic write: the reads in `decide` would wait for it.
            let decided = decide(&known.key);
            return Cached::Known(known.key.clone(), decided, now);
        }
        match self.unknown.pin().get(cache_key) {
            Some(unknown_text) if now < unknown_text.until => match unknown_text.is_certain {
                true => Cached::Unknown,
                false => Cached::Undecided,
            },
            _ => Cached::Miss,
        }
    }

    /// A number that changes whenever something is forgotten.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    /// What time it is, if the cache cannot have missed a change.
    pub(super) fn trusted_now(&self) -> Option<Instant> {
        let now = self.clock.coarse();
        (now.as_ticks() < self.trusted_until.load(Ordering::Acquire)).then_some(now)
    }

    pub(super) fn generation(&self) -> Generation {
        lock(&self.entries).generation
    }

    /// Remembers a result of the store, unless a change has come since the store was asked.
    pub(super) fn keep(
        &self,
        cache_key: CacheKey,
        generation: Generation,
        found: Option<ApiKey>,
        is_certain: bool,
        asked: Instant,
    ) {
        let mut entries = lock(&self.entries);
        if !generation.still_good(entries.generation, found.is_some()) {
            return;
        }
        match found {
            Some(key) => self.keep_known(&mut entries, cache_key, key, asked),
            None if self.unknown_capacity > 0 => {
                let unknown = self.unknown.pin();
                // A text that is there keeps its place in the order.
                let until = asked + UNKNOWN_FOR;
                if unknown
                    .insert(cache_key, UnknownText { until, is_certain })
                    .is_none()
                {
                    entries.unknown.push_back(cache_key);
                }
                if entries.unknown.len() > self.unknown_capacity
                    && let Some(oldest) = entries.unknown.pop_front()
                {
                    unknown.remove(&oldest);
                }
            }
            None => {}
        }
    }

    fn keep_known(&self, entries: &mut Entries, cache_key: CacheKey, key: ApiKey, asked: Instant) {
        if self.known_capacity == 0 {
            return;
        }
        let known = self.known.pin();
        if !known.contains_key(&cache_key) {
            while known.len() >= self.known_capacity && self.make_room(entries) {}
        }
        let id = key.id;
        let until = match self.watched.load(Ordering::Relaxed) {
            true => u64::MAX,
            false => (asked + KNOWN_FOR).as_ticks(),
        };
        if let Some(before) = known.insert(cache_key, Known::new(key, until))
            && before.key.id != id
        {
            entries.forget_one(before.key.id, &cache_key);
        }
        let cached_under = entries.by_id.entry(id).or_default();
        if !cached_under.contains(&cache_key) {
            cached_under.push(cache_key);
        }
    }

    /// Drops an entry, if possible one that was not used lately. False if there is no entry.
    fn make_room(&self, entries: &mut Entries) -> bool {
        let known = self.known.pin();
        for left in (0..=entries.by_id.len()).rev() {
            let Some((id, cached_under)) = entries.after(entries.hand).next() else {
                break;
            };
            let unused = cached_under.iter().find(|&cache_key| {
                let entry = known.get(cache_key);
                entry.is_none_or(|entry| !entry.take_used()) || left == 0
            });
            let (id, unused) = (*id, unused.copied());
            entries.hand = id;
            if let Some(cache_key) = unused {
                known.remove(&cache_key);
                entries.forget_one(id, &cache_key);
                return true;
            }
        }
        false
    }

    /// From now on the store is watched, and a task refreshes known keys.
    pub(super) fn set_watched(&self) {
        self.watched.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    pub(super) fn known_keys(&self) -> usize {
        lock(&self.entries).by_id.len()
    }

    /// The entries of the next known keys after `id`, in the order of their ids; after the last id comes
    /// the first. Also gives the id of the last of them.
    pub(super) fn known_after(&self, id: i64, keys: usize) -> (Vec<(CacheKey, ApiKey)>, i64) {
        let entries = lock(&self.entries);
        let known = self.known.pin();
        let (mut found, mut last) = (Vec::with_capacity(keys), id);
        for (id, cached_under) in entries.after(id).take(keys.min(entries.by_id.len())) {
            last = *id;
            let cached = cached_under.iter();
            found.extend(cached.filter_map(|key| Some((*key, known.get(key)?.key.clone()))));
        }
        (found, last)
    }

    /// Replaces an entry by what the store has now, unless the entry has changed meanwhile. If the key
    /// differs from before, drops the entry and returns false.
    pub(super) fn refresh(
        &self,
        cache_key: CacheKey,
        before: &ApiKey,
        now: Option<ApiKey>,
    ) -> bool {
        let mut entries = lock(&self.entries);
        let known = self.known.pin();
        let Some(entry) = known
            .get(&cache_key)
            .filter(|entry| entry.key.is_same_result(before))
        else {
            return true;
        };
        match now {
            Some(now) if now.is_like(before) => {
                if now.last_used_at != before.last_used_at {
                    known.insert(cache_key, entry.with(now));
                }
                true
            }
            _ => {
                known.remove(&cache_key);
                entries.forget_one(before.id, &cache_key);
                self.forgotten.fetch_add(1, Ordering::SeqCst);
                false
            }
        }
    }

    /// Forgets the keys that a change concerns, and every text that was not a key before it.
    pub(crate) fn forget(&self, changed: &Changed) {
        let mut entries = lock(&self.entries);
        match changed {
            Changed::NoKnownKey => entries.generation.created += 1,
            Changed::Keys(ids) => {
                entries.generation.changed += 1;
                let known = self.known.pin();
                for id in ids {
                    for cache_key in entries.by_id.remove(id).unwrap_or_default() {
                        known.remove(&cache_key);
                    }
                }
            }
            Changed::All => {
                entries.generation.changed += 1;
                entries.by_id.clear();
                self.known.pin().clear();
            }
        }
        entries.unknown.clear();
        self.unknown.pin().clear();
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        drop(entries);
        // Nobody may be listening.
        let _ = self.news.send(Arc::new(changed.clone()));
    }

    /// Gives each change from now on, once the cache has forgotten what it concerns.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.news.subscribe()
    }

    /// Waits until the cache is no longer trusted.
    pub(crate) async fn until_untrusted(&self) {
        loop {
            let trusted_until = self.trusted_until.load(Ordering::Acquire);
            match trusted_until.checked_sub(self.clock.coarse().as_ticks()) {
                None | Some(0) => return,
                // The cache's clock moves in steps of some milliseconds.
                Some(ticks) => {
                    let left = time::Duration::from(Duration::from_ticks(ticks));
                    self.clock.sleep(left.clamp(STEP, NAP)).await;
                }
            }
        }
    }

    /// The cache knows every change before `asked`: trusts it until `bound` after that.
    pub(crate) fn confirm(&self, asked: time::Instant, bound: time::Duration) {
        let left = bound.saturating_sub(asked.elapsed());
        let until = self.clock.coarse().saturating_add(Duration::from(left));
        // `Release`: a thread that sees this time also sees what was forgotten before.
        self.trusted_until
            .store(until.as_ticks(), Ordering::Release);
        self.confirmed
            .send_modify(|last| *last = Some(asked).max(*last));
        self.meter.confirmed(asked);
    }

    /// Waits until the cache knows every change before this time.
    pub(super) async fn until_confirmed(&self, time: time::Instant) {
        let mut confirmed = self.confirmed.subscribe();
        // It cannot fail: the sender lives as long as `self`.
        let _ = confirmed.wait_for(|last| *last >= Some(time)).await;
    }
}

impl Entries {
    /// The known keys after `id`, in the order of their ids, and then all once more.
    fn after(&self, id: i64) -> impl Iterator<Item = (&i64, &Vec<CacheKey>)> {
        let after = (Bound::Excluded(id), Bound::Unbounded);
        self.by_id.range(after).chain(self.by_id.iter())
    }

    /// Removes one of the texts under which a key is cached from the list of the key.
    fn forget_one(&mut self, id: i64, cache_key: &CacheKey) {
        if let Some(cached_under) = self.by_id.get_mut(&id) {
            cached_under.retain(|other| other != cache_key);
            if cached_under.is_empty() {
                self.by_id.remove(&id);
            }
        }
    }
}

/// Ignores poison: no panic leaves what these mutexes hold half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyRecord;

    fn cache() -> (Cache, CacheKey) {
        let cache = Cache::new(10, 10, vec![0], Arc::default(), Clock::default()).unwrap();
        let cache_key = cache.key(b"text");
        (cache, cache_key)
    }

    /// What the cache says of a result that the store gave this many seconds ago.
    fn after(seconds: u64, record: Option<KeyRecord>) -> Cached<()> {
        let (cache, cache_key) = cache();
        let asked = cache.clock.coarse() - Duration::from_secs(seconds);
        let found = record.map(ApiKey::unverified);
        cache.keep(cache_key, Generation::default(), found, true, asked);
        cache.get(&cache_key, |_| ())
    }

    #[test]
    fn known_key_is_used_for_a_minute_after_the_question() {
        let record = || Some(KeyRecord::new(1, "name", "user"));
        assert!(matches!(after(0, record()), Cached::Known(..)));
        assert!(matches!(after(59, record()), Cached::Known(..)));
        assert!(matches!(after(60, record()), Cached::Miss));
    }

    #[test]
    fn unknown_text_is_refused_for_five_seconds() {
        assert!(matches!(after(0, None), Cached::Unknown));
        assert!(matches!(after(4, None), Cached::Unknown));
        assert!(matches!(after(5, None), Cached::Miss));
    }

    #[test]
    fn result_from_before_a_change_is_not_kept() {
        let (cache, cache_key) = cache();
        let asked = Generation::default();
        cache.forget(&Changed::Keys(vec![2]));
        cache.keep(
            cache_key,
            asked,
            Some(ApiKey::unverified(KeyRecord::new(1, "name", "user"))),
            true,
            cache.clock.coarse(),
        );
        assert!(matches!(cache.get(&cache_key, |_| ()), Cached::Miss));
    }

    #[test]
    fn cache_key_is_sha_256_of_the_random_block_and_the_text() {
        let block = random_bytes().unwrap();
        let keyed = Keyed::new(&block);
        for length in 0..200 {
            let text = vec![7; length];
            let expected = Sha256::new_with_prefix(block).chain_update(&text);
            assert_eq!(keyed.cache_key(&text).0, *expected.finalize(), "{length}");
        }
    }

    #[test]
    fn each_process_has_its_own_cache_key_for_a_text() {
        let (ours, theirs) = (cache().1, cache().1);
        assert!(ours != theirs);
    }
}
