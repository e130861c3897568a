//! Warns of keys that expire soon, in the log and by a metric. It looks at the keys in use, which a node
//! has in its cache.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use humantime::format_rfc3339_seconds;

use super::{cache::Cache, metrics::Meter};
use crate::key::{ApiKey, KeyState};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long before the expiry of a key the warnings begin.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// How often to look which keys expire.
const ROUND: Duration = Duration::from_secs(60);
/// How many keys to look at before other tasks run.
const BATCH: usize = 500;

/// Looks round after round, until the task is aborted. Once a day it warns of each key that expires soon.
pub(super) async fn notice(cache: Arc<Cache>, meter: Arc<Meter>) {
    let mut warned: HashMap<i64, SystemTime> = HashMap::new();
    loop {
        cache.clock.sleep(ROUND).await;
        let now = cache.clock.now();
        warned.retain(|_, at| now.duration_since(*at).is_ok_and(|ago| ago < DAY));
        let (mut left, mut last, mut next) = (cache.known_keys(), i64::MIN, None);
        while left > 0 {
            let batch = left.min(BATCH);
            let (entries, up_to) = cache.known_after(last, batch);
            for (_, key) in entries {
                let Some(expiry) = expiry(&key, now) else {
                    continue;
                };
                let until = expiry.duration_since(now).unwrap_or_default();
                next = Some(next.map_or(until, |next: Duration| next.min(until)));
                if until <= SOON && !warned.contains_key(&key.id) {
                    warned.insert(key.id, now);
                    warn(&key, expiry);
                }
            }
            (left, last) = (left - batch, up_to);
            tokio::task::yield_now().await;
        }
        meter.next_expiry(next);
    }
}

/// When a key expires that would be admitted now.
fn expiry(key: &ApiKey, now: SystemTime) -> Option<SystemTime> {
    key.expires_at
        .filter(|_| key.state_at(now) == KeyState::Active)
}

fn warn(key: &ApiKey, expiry: SystemTime) {
    tracing::warn!(
        key.id = key.id,
        key.name = key.name,
        key.hint = %key.hint,
        expires_at = %format_rfc3339_seconds(expiry),
        "a key in use expires soon, or the text that its caller sends does: rotate the key, or extend it"
    );
}
