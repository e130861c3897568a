//! Which texts are likely to be keys: they are looked up before the others. A wrong guess costs
//! somebody a wait, and lets nobody in.
//!
//! What is kept of each digest in the store is a fingerprint of 16 bits; one text in 65,536 that is no
//! key seems to be one. Nobody outside can tell which, since the process hashes by a key of its own.

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

/// How often all digests are read at most.
const REBUILT: Duration = Duration::from_secs(60);
/// How many digests are kept beside the fingerprints until these are made anew.
const ADDED: usize = 10_000;
/// How many of the last digests are read again: their transactions may have been committed late.
const LATE: i64 = 100;
/// How long to wait before asking again a store that cannot be asked.
const RETRY: Duration = Duration::from_secs(1);

/// What is known of the digests in a store.
#[derive(Default)]
pub(super) struct Likely {
    hasher: RandomState,
    digests: RwLock<Digests>,
}

#[derive(Default)]
struct Digests {
    /// Of those that were there when all were read last; none where there were none.
    fingerprints: Option<BinaryFuse16>,
    /// Those that were added since.
    added: HashSet<u64>,
    /// Of which changes this knows; none before all were read.
    generation: Option<Generation>,
}

impl Digests {
    fn may_have(&self, hash: u64) -> bool {
        let fingerprints = self.fingerprints.as_ref();
        fingerprints.is_some_and(|known| known.contains(&hash)) || self.added.contains(&hash)
    }
}

impl Likely {
    /// Whether it is known that the store, as of this generation, has none of these digests.
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

/// Reads the digests in a store, and those that are added, until the task is aborted; ends at once
/// where the store does not list them.
pub(super) async fn follow(likely: Arc<Likely>, cache: Arc<Cache>, store: Arc<dyn Lookup>) {
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
    let mut told = String::new();
    loop {
        // First, so that the digests are read that were added until then.
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
                told.clear();
                reader.until_due(&mut changes).await;
            }
            Ok(false) => return,
            Err(error) => {
                let error = chain(&error);
                if error != told {
                    tracing::warn!(%error, "the digests of keys cannot be read: no text goes first");
                    told = error;
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
    /// When all were read.
    read_all: Option<Instant>,
    /// Whether there may be others since than those that were added.
    outdated: bool,
    /// How many they were, until that is logged.
    read: Option<usize>,
}

impl Reader {
    /// Reads what is not known; false where the store does not list digests.
    async fn catch_up(&mut self) -> Result<bool, Error> {
        match self.all_due_in() {
            Some(Duration::ZERO) => self.read_all().await,
            _ => self.read_added().await,
        }
    }

    /// When all are to be read, if at all.
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

    /// Waits for a change, or until all are to be read.
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
            // What came at the same time is read together.
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
            // The sender lives as long as the cache.
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
            // One that occurs twice.
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
