//! Changes under way that take rights from keys: this node refuses the keys as soon as the change begins,
//! before the database has it.

use std::{
    mem,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::FutureExt;
use tokio::{sync::watch, time::sleep};

use super::cache::Cache;
use crate::{
    error::{Error, chain},
    key::{Clock, KeyRecord},
    rejection::Reason,
    store::{Change, Changed, KeyStore},
};

/// How long to wait after a failed question to the store.
const RETRY: Duration = Duration::from_secs(1);

struct PendingChange {
    number: u64,
    change: Arc<Change>,
    /// Whether the call has failed: nobody knows whether the change was made.
    failed: bool,
}

#[derive(Default)]
struct Changes {
    begun: u64,
    under_way: Vec<PendingChange>,
}

#[derive(Default)]
pub(super) struct Pending {
    /// Whether a change is under way. Each request reads this.
    any: AtomicBool,
    changes: watch::Sender<Changes>,
}

impl Pending {
    /// Notes a change until it is [made](Self::end) or [settled](Self::settle). `None` if it takes no
    /// rights away.
    pub(super) fn begin(&self, change: &Arc<Change>) -> Option<u64> {
        if !change.takes_rights() {
            return None;
        }
        let mut number = 0;
        self.changes.send_modify(|changes| {
            changes.begun += 1;
            number = changes.begun;
            changes.under_way.push(PendingChange {
                number,
                change: Arc::clone(change),
                failed: false,
            });
            self.any.store(true, Ordering::SeqCst);
        });
        Some(number)
    }

    /// Removes a change that was made, or that certainly was not.
    pub(super) fn end(&self, number: u64) {
        self.retain(|pending| pending.number != number);
    }

    /// Whether no change is under way.
    pub(super) fn are_none(&self) -> bool {
        !self.any.load(Ordering::SeqCst)
    }

    fn retain(&self, keep: impl FnMut(&PendingChange) -> bool) {
        self.changes.send_if_modified(|changes| {
            changes.under_way.retain(keep);
            self.any
                .store(!changes.under_way.is_empty(), Ordering::SeqCst);
            false
        });
    }

    /// An error if a key that is admitted now would be refused after the changes under way. `check`
    /// decides about the changed key.
    pub(super) fn check(
        &self,
        key: &KeyRecord,
        clock: &Clock,
        check: impl FnOnce(&KeyRecord) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        if self.are_none() {
            return Ok(());
        }
        let mut left: Option<KeyRecord> = None;
        for PendingChange { change, .. } in &self.changes.borrow().under_way {
            if change.concerns(key) {
                let before = left.as_ref().unwrap_or(key);
                left = Some(
                    change
                        .result_for(before, clock.now())
                        .ok_or(Reason::UnknownKey)?,
                );
            }
        }
        left.map_or(Ok(()), |left| check(&left))
    }

    /// Reports changes that begin, to a task that follows a key.
    pub(super) fn new_changes(&self) -> NewChanges {
        NewChanges(self.changes.subscribe())
    }

    /// Keeps a change whose call has failed until the store can be changed again. Before that, somebody
    /// may still hold a lock on the rows; after that, a reading shows whether the change was made.
    pub(super) fn settle(
        self: &Arc<Self>,
        number: u64,
        store: Arc<dyn KeyStore>,
        cache: Arc<Cache>,
    ) {
        let mut settling = false;
        self.changes.send_if_modified(|Changes { under_way, .. }| {
            settling = under_way.iter().any(|pending| pending.failed);
            let pending = under_way
                .iter_mut()
                .find(|pending| pending.number == number);
            pending.expect("it is not ended").failed = true;
            false
        });
        if !settling {
            tokio::spawn(settle(Arc::downgrade(self), store, cache));
        }
    }

    fn failed(&self) -> Vec<u64> {
        let changes = self.changes.borrow();
        let failed = changes.under_way.iter().filter(|pending| pending.failed);
        failed.map(|pending| pending.number).collect()
    }

    /// Removes these changes. True if others have failed meanwhile.
    fn settled(&self, failed: &[u64]) -> bool {
        let mut others = false;
        self.retain(|pending| {
            let keep = !failed.contains(&pending.number);
            others |= keep && pending.failed;
            keep
        });
        others
    }
}

/// Settles failed changes, as long as the authenticator exists.
async fn settle(pending: Weak<Pending>, store: Arc<dyn KeyStore>, cache: Arc<Cache>) {
    let mut logged = false;
    while let Some(failed) = pending.upgrade().map(|pending| pending.failed()) {
        let changeable = AssertUnwindSafe(store.until_changeable()).catch_unwind();
        let changeable = changeable.await;
        let changeable = changeable.unwrap_or_else(|_| Err(Error::store("the key store panicked")));
        if let Err(error) = changeable {
            if !mem::replace(&mut logged, true) {
                tracing::warn!(
                    error = %chain(&error),
                    "a change that takes rights from keys failed: this node refuses these keys until the store can \
                     be changed again"
                );
            }
            sleep(RETRY).await;
            continue;
        }
        cache.forget(&Changed::All);
        tracing::info!(
            "the store can be changed again: this node reads the keys of failed changes again"
        );
        if !pending
            .upgrade()
            .is_some_and(|pending| pending.settled(&failed))
        {
            return;
        }
    }
}

/// Reports changes that begin.
pub(super) struct NewChanges(watch::Receiver<Changes>);

impl NewChanges {
    /// Waits for the next change.
    pub(super) async fn next(&mut self) {
        // It does not fail: the sender lives as long as the authenticator.
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }
}
