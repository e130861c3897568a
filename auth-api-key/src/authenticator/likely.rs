//! Which texts are likely to be keys: they are looked up before the others. A wrong guess makes a
//! caller wait, and admits nobody.
//!
//! The filter keeps a fingerprint of 16 bits of each digest in the store, so one wrong text in 65,536
//! seems to be a key. Nobody outside can find out which, since the process hashes by a random key.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use coarsetime::Instant;
use futures_util::future::OptionFuture;
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};
use xorf::{BinaryFuse16, Filter as _};

use super::cache::{Cache, Generation};
use crate::{
    error::{Error, chain},
    key::Digest,
    store::{Changed, Lookup},
};

/// The shortest time between two readings of all digests.
const REBUILT: Duration = Duration::from_secs(60);
/// How many new digests are kept beside the fingerprints before all are read again.
const ADDED: usize = 10_000;
/// How many of the last digests are read again, in case a transaction before them was committed late.
const LATE: i64 = 100;
/// How long to wait after a failed question to the store.
const RETRY: Duration = Duration::from_secs(1);

/// A filter over the digests in a store.
#[derive(Default)]
pub(super) struct Likely {
    hasher: RandomState,
    digests: RwLock<Digests>,
}

#[derive(Default)]
struct Digests {
    /// Of the digests that were in the store when all were read last; `None` if there were none.
    fingerprints: Option<BinaryFuse16>,
    /// The digests that were added since.
    added: HashSet<u64>,
    /// The changes that this filter knows; `None` before all digests were read.
    generation: Option<Generation>,
}

impl Digests {
    fn may_have(&self, hash: u64) -> bool {
        let fingerprints = self.fingerprints.as_ref();
        fingerprints.is_some_and(|known| known.contains(&hash)) || self.added.contains(&hash)
    }
}

impl Likely {
    /// Whether the store certainly has none of these digests at this generation.
    pub(super) fn excludes(&self, digests: &[Digest], generation: Generation) -> bool {
        let known = self.read();
        known.generation == Some(generation)
            && !digests
                .iter()
                .any(|digest| known.may_have(self.hash(digest)))
    }

    fn hash(&self, digest: &Digest) -> u64 {
        self.hasher.hash_one(digest.as_bytes())
    }

    fn read(&self) -> RwLockReadGuard<'_, Digests> {
        self.digests.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Digests> {
        self.digests.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the digests in a store, and then those that are added, until the task is aborted. Ends at
/// once if the store does not list digests.
pub(super) async fn read_digests(likely: Arc<Likely>, cache: Arc<Cache>, store: Arc<dyn Lookup>) {
    let mut changes = cache.changes();
    let mut reader = Reader {
        likely,
        cache,
        store,
        last: None,
        read_all: None,
        outdated: false,
        read: None,
    };
    let mut logged = String::new();
    loop {
        // Before the digests are read: the reading has all that were added up to this generation.
        let generation = reader.cache.generation();
        match reader.catch_up().await {
            Ok(true) => {
                reader.likely.write().generation = Some(generation);
                if let Some(digests) = reader.read.take() {
                    tracing::debug!(
                        digests,
                        "the digests of keys are read: likely keys go first"
                    );
                }
                logged.clear();
                reader.until_due(&mut changes).await;
            }
            Ok(false) => return,
            Err(error) => {
                let error = chain(&error);
                if error != logged {
                    tracing::warn!(%error, "the digests of keys cannot be read: likely keys are not looked up first");
                    logged = error;
                }
                reader.cache.clock.sleep(RETRY).await;
            }
        }
    }
}

struct Reader {
    likely: Arc<Likely>,
    cache: Arc<Cache>,
    store: Arc<dyn Lookup>,
    /// The number of the last digest that was read.
    last: Option<i64>,
    /// When all digests were last read.
    read_all: Option<Instant>,
    /// Whether digests may have changed otherwise than by additions.
    outdated: bool,
    /// How many digests there were, until that is logged.
    read: Option<usize>,
}

impl Reader {
    /// Reads the digests that are not known. False if the store does not list digests.
    async fn catch_up(&mut self) -> Result<bool, Error> {
        match self.all_due_in() {
            Some(Duration::ZERO) => self.read_all().await,
            _ => self.read_added().await,
        }
    }

    /// How long until all digests must be read again, if they must.
    fn all_due_in(&self) -> Option<Duration> {
        let Some(read_all) = self.read_all else {
            return Some(Duration::ZERO);
        };
        let age = self.cache.clock.coarse().duration_since(read_all).into();
        let due = self.outdated || self.likely.read().added.len() > ADDED;
        due.then(|| REBUILT.saturating_sub(age))
    }

    async fn read_all(&mut self) -> Result<bool, Error> {
        let (began, mut hashes, mut last) = (self.cache.clock.coarse(), Vec::new(), None);
        loop {
            let Some(page) = self.store.digests(last).await? else {
                return Ok(false);
            };
            hashes.extend(page.iter().map(|stored| self.likely.hash(&stored.digest)));
            match page.last() {
                Some(stored) => last = Some(stored.number),
                None => break,
            }
        }
        self.read = Some(hashes.len());
        let fingerprints = tokio::task::spawn_blocking(|| fingerprints(hashes));
        let fingerprints = fingerprints.await.map_err(Error::store)??;
        let mut known = self.likely.write();
        known.fingerprints = fingerprints;
        known.added.clear();
        (self.last, self.read_all, self.outdated) = (last, Some(began), false);
        Ok(true)
    }

    async fn read_added(&mut self) -> Result<bool, Error> {
        let mut after = self.last.map(|last| last.saturating_sub(LATE));
        loop {
            let Some(page) = self.store.digests(after).await? else {
                return Ok(false);
            };
            let mut known = self.likely.write();
            for stored in &page {
                let hash = self.likely.hash(&stored.digest);
                if !known.may_have(hash) {
                    known.added.insert(hash);
                }
            }
            match page.last() {
                Some(stored) if self.last.is_none_or(|last| last < stored.number) => {
                    self.last = Some(stored.number);
                    after = self.last;
                }
                _ => return Ok(true),
            }
        }
    }

    /// Waits for a change, or until all digests must be read again.
    async fn until_due(&mut self, changes: &mut Receiver<Arc<Changed>>) {
        let Self { cache, .. } = self;
        let clock = cache.clock.clone();
        loop {
            let all_due = self.all_due_in();
            if all_due == Some(Duration::ZERO) {
                return;
            }
            let all_due = OptionFuture::from(all_due.map(|left| clock.sleep(left)));
            let changed = tokio::select! {
                changed = changes.recv() => changed,
                Some(()) = all_due => continue,
            };
            self.note(changed);
            // One reading is enough for changes that came at the same time.
            loop {
                match changes.try_recv() {
                    Ok(changed) => self.note(Ok(changed)),
                    Err(TryRecvError::Lagged(missed)) => self.note(Err(RecvError::Lagged(missed))),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => return,
                }
            }
        }
    }

    fn note(&mut self, changed: Result<Arc<Changed>, RecvError>) {
        match changed.as_deref() {
            Ok(Changed::All) | Err(RecvError::Lagged(_)) => self.outdated = true,
            // `Closed` does not happen: the sender lives as long as the cache.
            Ok(Changed::NoKnownKey | Changed::Keys(_)) | Err(RecvError::Closed) => {}
        }
    }
}

fn fingerprints(mut hashes: Vec<u64>) -> Result<Option<BinaryFuse16>, Error> {
    hashes.sort_unstable();
    hashes.dedup();
    match hashes.is_empty() {
        true => Ok(None),
        false => Ok(Some(BinaryFuse16::try_from(&hashes).map_err(Error::store)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_hashes_is_recognised_and_few_others_are() {
        let hasher = RandomState::new();
        for count in (0..100).chain([1_000, 100_000]) {
            let mut hashes: Vec<u64> = (0..count).map(|number| hasher.hash_one(number)).collect();
            // A hash that occurs twice.
            hashes.extend(hashes.first().copied());
            let known = Digests {
                fingerprints: fingerprints(hashes.clone()).unwrap(),
                ..Digests::default()
            };
            assert!(hashes.iter().all(|hash| known.may_have(*hash)), "{count}");
            let others = (count..count + 10_000).map(|number| hasher.hash_one(number));
            let taken = others.filter(|hash| known.may_have(*hash)).count();
            assert!(taken < 10, "{taken} of 10000 among {count}");
        }
    }
}
