//! Keeps a node's cache current: it forgets what others change, and is trusted only while it cannot have
//! missed a change.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::Notify,
    time::{sleep, sleep_until, timeout},
};

use super::cache::Cache;
use crate::{
    error::{Error, chain},
    store::{Changed, Lookup, News, Watch},
};

/// How long a watch may take to begin, at least.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait after a failed question to the store, and at least between the beginnings of two
/// watches.
const RETRY: Duration = Duration::from_millis(200);

/// Begins to watch a store. `None` if the store cannot be watched.
pub(super) async fn begin(
    store: &Arc<dyn Lookup>,
    cache: &Cache,
    bound: Duration,
) -> Result<Option<Box<dyn Watch>>, Error> {
    let begun = Instant::now();
    // A short bound must not end what takes a moment, such as opening another file.
    let patience = bound.max(PATIENCE);
    let watch = timeout(patience, store.watch(bound));
    let watch = watch.await.map_err(|_| overdue(patience))??;
    if watch.is_some() {
        // The cache may have missed a change before the watch began.
        cache.forget(&Changed::All);
        cache.confirm(begun, bound);
    }
    Ok(watch)
}

/// Forgets and confirms what a watch reports, and begins another watch when it ends, until the task is
/// aborted. Says when something has changed.
pub(super) async fn keep_current(
    mut watch: Box<dyn Watch>,
    store: Arc<dyn Lookup>,
    cache: Arc<Cache>,
    bound: Duration,
    changed: Arc<Notify>,
) {
    loop {
        let begun = Instant::now();
        let lost = until_lost(&mut *watch, &cache, bound, &changed).await;
        tracing::warn!(
            error = %chain(&lost),
            "this node may miss changes of keys: it begins a new watch"
        );
        drop(watch);
        // Not more often, since each beginning forgets everything that is cached.
        sleep_until((begun + RETRY).into()).await;
        let mut logged = String::new();
        watch = loop {
            match begin(&store, &cache, bound).await {
                Ok(Some(watch)) => break watch,
                Ok(None) => return,
                Err(error) => {
                    let error = chain(&error);
                    if error != logged {
                        tracing::warn!(%error, "the key store cannot be watched");
                        logged = error;
                    }
                    sleep(RETRY).await;
                }
            }
        };
        tracing::info!("this node watches changes of keys again");
        changed.notify_one();
    }
}

async fn until_lost(
    watch: &mut dyn Watch,
    cache: &Cache,
    bound: Duration,
    heard: &Notify,
) -> Error {
    loop {
        match timeout(bound, watch.next()).await {
            Ok(Ok(News::Confirmed(asked))) => cache.confirm(asked, bound),
            Ok(Ok(News::Changed(changed))) => {
                cache.forget(&changed);
                heard.notify_one();
            }
            Ok(Err(error)) => return error,
            Err(_) => return overdue(bound),
        }
    }
}

fn overdue(bound: Duration) -> Error {
    Error::store(format!("the store gave no result within {bound:?}"))
}
