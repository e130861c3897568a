//! Keeps known keys fresh: asks the store for each again within a minute, in the background. Meanwhile
//! requests with the key are decided from memory.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::broadcast::{self, error::TryRecvError};

use super::cache::{Cache, CacheKey};
use crate::{
    error::{Error, chain},
    key::{ApiKey, Digest, KeyRecord},
    store::{Changed, Lookup},
};

/// How long one round over all known keys takes. A key that becomes known just after its turn is asked
/// for a little later than this.
const ROUND: Duration = Duration::from_secs(50);
/// How often to check how many keys are due.
const STEP: Duration = Duration::from_secs(1);
/// How many keys are asked for at a time.
const BATCH: usize = 500;

/// Refreshes the known keys of a cache, round after round, until the task is aborted.
pub(super) async fn refresh(cache: Arc<Cache>, store: Arc<dyn Lookup>) {
    let (mut last, mut time, mut due) = (i64::MIN, cache.clock.coarse(), 0.0);
    let mut logged = String::new();
    loop {
        cache.clock.sleep(STEP).await;
        let passed = cache.clock.coarse().duration_since(time);
        time += passed;
        let keys = cache.known_keys();
        let turns = passed.as_f64() / ROUND.as_secs_f64();
        due = f64::min(due + turns * keys as f64, keys as f64);
        // Also few keys are asked for in batches, not one by one.
        let least = keys.min(BATCH).div_ceil(10).max(1);
        while due as usize >= least {
            let batch = BATCH.min(due as usize);
            let (entries, up_to) = cache.known_after(last, batch);
            if let Err(error) = refresh_batch(&cache, &store, entries).await {
                let error = chain(&error);
                if error != logged {
                    tracing::warn!(%error, "the store cannot be asked again for keys in the cache");
                    logged = error;
                }
                break;
            }
            logged.clear();
            last = up_to;
            due -= batch as f64;
        }
    }
}

async fn refresh_batch(
    cache: &Arc<Cache>,
    store: &Arc<dyn Lookup>,
    entries: Vec<(CacheKey, ApiKey)>,
) -> Result<(), Error> {
    let mut changes = cache.changes();
    let digests = entries.iter().filter_map(|(_, key)| key.digests());
    let digests: Vec<Digest> = digests.flatten().copied().collect();
    let store = Arc::clone(store);
    // In a separate task, so that a store that panics ends nothing else.
    let asking = tokio::spawn(async move { store.find_all(&digests).await });
    let found = asking.await.map_err(Error::store)??;
    let answered = Instant::now();
    let found: HashMap<Digest, KeyRecord> = found.into_iter().collect();
    let differs = |(cache_key, before): &(CacheKey, ApiKey)| {
        let digests = before.digests().unwrap_or_default();
        let record = digests.iter().find_map(|digest| found.get(digest));
        let now = record.map(|record| ApiKey::found(record.clone(), digests));
        (!cache.refresh(*cache_key, before, now)).then_some(before.id)
    };
    let differing: Vec<i64> = entries.iter().filter_map(differs).collect();
    if differing.is_empty() {
        return Ok(());
    }
    // By then every change is announced that was made before the result came.
    cache.until_confirmed(answered).await;
    let missed = unannounced(&mut changes, differing);
    if !missed.is_empty() {
        tracing::error!(
            keys = ?missed,
            "keys were changed and nothing announced it, so this node forgets everything that it has cached: \
             check whether all triggers of the tables of keys exist and are enabled"
        );
        cache.forget(&Changed::All);
    }
    Ok(())
}

/// The keys whose change was not announced.
fn unannounced(changes: &mut broadcast::Receiver<Arc<Changed>>, mut keys: Vec<i64>) -> Vec<i64> {
    loop {
        match changes.try_recv().as_deref() {
            Ok(Changed::NoKnownKey) => {}
            Ok(Changed::Keys(announced)) => keys.retain(|id| !announced.contains(id)),
            // The announcements may have named any key.
            Ok(Changed::All) | Err(TryRecvError::Lagged(_)) => return Vec::new(),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return keys,
        }
    }
}
