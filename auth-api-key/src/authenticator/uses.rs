//! Records when keys were last admitted: gathers uses in memory and writes them in batches, so that no
//! request waits.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout, timeout_at},
};

use crate::{
    error::{Error, chain},
    key::{ApiKey, Clock, NOTED_EVERY},
    store::Lookup,
};

/// How many uses may wait to be written. More are forgotten, and noted again after a minute.
const WAITING: usize = 100_000;
/// How long uses are gathered after a batch was written: a small batch takes as long as a large one.
const GATHER: Duration = Duration::from_secs(1);
/// How long the store may take to write.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait after a failed question to the store.
const RETRY: Duration = Duration::from_secs(1);

enum Note {
    Use(i64, SystemTime),
    /// Asks to write everything that was noted before.
    Flush(oneshot::Sender<()>),
}

impl Note {
    fn is_flush(&self) -> bool {
        matches!(self, Self::Flush(_))
    }
}

/// Takes notes of uses. When the last `Uses` is dropped, its task writes what waits, and ends.
pub(super) struct Uses {
    notes: mpsc::Sender<Note>,
    clock: Clock,
}

impl Uses {
    pub(super) fn new(store: Arc<dyn Lookup>, clock: Clock) -> Self {
        let (notes, noted) = mpsc::channel(WAITING);
        tokio::spawn(write(store, noted, clock.clone()));
        Self { notes, clock }
    }

    /// Notes that a key is used now, unless a use within the last minute is noted already.
    pub(super) fn note(&self, key: &ApiKey, now: coarsetime::Instant) {
        if key.is_use_due(now) && key.take_use(now) {
            let _ = self.notes.try_send(Note::Use(key.id, self.clock.now()));
        }
    }

    /// Waits until everything noted before is written, or cannot be.
    pub(super) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.notes.send(Note::Flush(done)).await.is_ok() {
            let _ = flushed.await;
        }
    }
}

async fn write(store: Arc<dyn Lookup>, mut notes: mpsc::Receiver<Note>, clock: Clock) {
    let mut written: HashMap<i64, SystemTime> = HashMap::new();
    // Uses that wait, also those that could not be written before.
    let mut uses: HashMap<i64, SystemTime> = HashMap::new();
    let mut batch = Vec::new();
    let mut failing = false;
    let mut gathered = Instant::now();
    loop {
        let mut noted = match failing {
            true => timeout(RETRY, notes.recv_many(&mut batch, WAITING)).await,
            false => Ok(notes.recv_many(&mut batch, WAITING).await),
        };
        let mut looked_at = 0;
        while batch.len() < WAITING && !batch[looked_at..].iter().any(Note::is_flush) {
            looked_at = batch.len();
            let more = notes.recv_many(&mut batch, WAITING);
            match timeout_at(gathered, more).await {
                Ok(0) => {
                    noted = Ok(0);
                    break;
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        if noted == Ok(0) && uses.is_empty() && batch.is_empty() {
            return;
        }
        // A key may be looked up again before its use is written.
        let now = clock.now();
        written.retain(|_, used| now.duration_since(*used).is_ok_and(|age| age < NOTED_EVERY));
        let mut flushed = Vec::new();
        for note in batch.drain(..) {
            match note {
                Note::Use(id, time) if !written.contains_key(&id) => {
                    if uses.len() < WAITING || uses.contains_key(&id) {
                        uses.insert(id, time);
                    }
                }
                Note::Use(..) => {}
                Note::Flush(done) => flushed.push(done),
            }
        }
        let mut sorted: Vec<(i64, SystemTime)> = uses.iter().map(|(id, at)| (*id, *at)).collect();
        // Every node writes in the same order: otherwise two of them could wait for each other.
        sorted.sort_unstable_by_key(|(id, _)| *id);
        let recorded = timeout(PATIENCE, store.record_uses(&sorted)).await;
        let overdue = |_| {
            Err(Error::store(format!(
                "the store gave no result within {PATIENCE:?}"
            )))
        };
        match recorded.unwrap_or_else(overdue) {
            Ok(()) => {
                written.extend(uses.drain());
                failing = false;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(
                        error = %chain(&error),
                        keys = uses.len(),
                        "last uses cannot be written: this node keeps them and tries again"
                    );
                }
                failing = true;
            }
        }
        gathered = Instant::now() + GATHER;
        let is_over = noted == Ok(0);
        if failing && flushed.is_empty() && !is_over {
            sleep(RETRY).await;
        }
        for done in flushed {
            let _ = done.send(());
        }
        if is_over {
            return;
        }
    }
}
