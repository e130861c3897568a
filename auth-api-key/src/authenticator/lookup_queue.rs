//! Asks the store for texts that the cache does not know. Callers that ask for one text at the same time
//! share one look-up, which no caller can cancel. Few look-ups may wait, and likely keys go first.

use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::future::{FutureExt, Shared, WeakShared};
use tokio::{sync::oneshot, time::timeout};
use tracing::{Dispatch, Instrument as _, Span, dispatcher, instrument::WithSubscriber as _};

use super::{
    cache::{Cache, CacheKey, Generation, lock},
    likely::Likely,
};
use crate::{
    error::Error,
    key::{ApiKey, Digest},
    store::Lookup,
};

/// How many look-ups may wait for their turn.
const WAITING: usize = 2048;
/// How many of them may be for texts that are unlikely to be keys.
const UNLIKELY: usize = WAITING / 4;
/// How often a look-up is made at most if a change comes before each result.
const ATTEMPTS: usize = 16;
/// How long a caller waits.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a look-up may take, so that a store that never answers does not block the queue.
const GIVEN_UP: Duration = Duration::from_secs(2 * PATIENCE.as_secs());

/// The store gave no result, or one that decides nothing. The log says why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unavailable;

pub(crate) type Outcome = Result<Option<ApiKey>, Unavailable>;

/// What the store has found, and the changes that this process knew when it asked.
#[derive(Clone)]
struct LookupResult {
    found: Option<ApiKey>,
    generation: Generation,
}

/// Where all callers that ask for one text await the result.
type Awaited = Shared<oneshot::Receiver<Result<LookupResult, Unavailable>>>;

/// A look-up under way.
struct Flight {
    /// Distinguishes it from a later look-up of the same text.
    number: u64,
    awaited: WeakShared<oneshot::Receiver<Result<LookupResult, Unavailable>>>,
    /// Set when the store is asked. It keeps the result for later callers, even if all others left.
    begun: Option<(Generation, Awaited)>,
}

/// A look-up that waits for its turn.
struct Turn {
    cache_key: CacheKey,
    number: u64,
    digests: Vec<Digest>,
    result: oneshot::Sender<Result<LookupResult, Unavailable>>,
    /// The log of the first request that asked.
    span: Span,
    log: Dispatch,
}

#[derive(Default)]
struct Queue {
    running: usize,
    /// These go first. If the filter knows nothing of the store yet, all look-ups are here.
    likely: VecDeque<Turn>,
    unlikely: VecDeque<Turn>,
    /// Whether the log says that texts are refused.
    reported: bool,
}

impl Queue {
    fn waiting(&self) -> usize {
        self.likely.len() + self.unlikely.len()
    }
}

#[derive(Default)]
struct Flights {
    started: u64,
    under_way: HashMap<CacheKey, Flight>,
    queue: Queue,
}

pub(super) struct LookupQueue {
    cache: Arc<Cache>,
    store: Arc<dyn Lookup>,
    likely: Arc<Likely>,
    at_a_time: usize,
    flights: Mutex<Flights>,
}

impl LookupQueue {
    pub(super) fn new(cache: Arc<Cache>, store: Arc<dyn Lookup>, likely: Arc<Likely>) -> Self {
        Self {
            cache,
            likely,
            at_a_time: store.look_ups_at_a_time().clamp(1, WAITING),
            store,
            flights: Mutex::default(),
        }
    }

    /// Asks the store. Callers that ask for the same text at the same time share one look-up.
    pub(super) async fn find(
        self: Arc<Self>,
        cache_key: CacheKey,
        digests: Vec<Digest>,
    ) -> Outcome {
        let result = timeout(PATIENCE, self.latest(cache_key, &digests)).await;
        result.unwrap_or_else(|_| {
            tracing::error!("the key store gave no result within {PATIENCE:?}");
            Err(Unavailable)
        })
    }

    /// Asks the store for a key that was admitted a moment ago, before all that wait. Caches nothing.
    pub(super) async fn find_at_once(&self, digests: &[Digest]) -> Outcome {
        let generation = self.cache.generation();
        let result = timeout(PATIENCE, self.ask(digests, generation)).await;
        match result {
            Ok(Ok((found, true))) => Ok(found),
            _ => Err(Unavailable),
        }
    }

    async fn latest(self: &Arc<Self>, cache_key: CacheKey, digests: &[Digest]) -> Outcome {
        let mut attempt = 1;
        loop {
            let result = self.join(cache_key, digests).ok_or(Unavailable)?;
            let LookupResult { found, generation } = result.await.unwrap_or(Err(Unavailable))?;
            // After the last attempt any result will do: it is newer than the request.
            if attempt == ATTEMPTS
                || generation.still_good(self.cache.generation(), found.is_some())
            {
                return Ok(found);
            }
            attempt += 1;
        }
    }

    /// The look-up of this text that knows all changes up to now, or a new one. `None` if too many wait.
    fn join(self: &Arc<Self>, cache_key: CacheKey, digests: &[Digest]) -> Option<Awaited> {
        let generation = self.cache.generation();
        let mut flights = lock(&self.flights);
        let Flights {
            started,
            under_way,
            queue,
        } = &mut *flights;
        if let Some(flight) = under_way.get(&cache_key) {
            let good = flight
                .begun
                .as_ref()
                .is_none_or(|(begun, _)| *begun == generation);
            if let Some(awaited) = flight.awaited.upgrade().filter(|_| good) {
                return Some(awaited);
            }
        }
        let unlikely = self.likely.excludes(digests, generation);
        let full = queue.waiting() >= WAITING || unlikely && queue.unlikely.len() >= UNLIKELY;
        if queue.running == self.at_a_time && full {
            if !std::mem::replace(&mut queue.reported, true) {
                tracing::warn!(
                    waiting = queue.waiting(),
                    "too many look-ups wait for the key store: this node answers 503 to further texts that \
                     it does not know, until fewer look-ups wait"
                );
            }
            return None;
        }
        *started += 1;
        let (result, awaited) = oneshot::channel();
        let awaited = awaited.shared();
        let turn = Turn {
            cache_key,
            number: *started,
            digests: digests.to_vec(),
            result,
            span: tracing::debug_span!("look up an API key"),
            log: dispatcher::get_default(Clone::clone),
        };
        let flight = Flight {
            number: turn.number,
            awaited: awaited.downgrade()?,
            begun: None,
        };
        under_way.insert(cache_key, flight);
        if queue.running < self.at_a_time {
            queue.running += 1;
            tokio::spawn(Arc::clone(self).work(turn));
        } else if unlikely {
            queue.unlikely.push_back(turn);
        } else {
            queue.likely.push_back(turn);
        }
        Some(awaited)
    }

    /// Makes this look-up, and then those that wait.
    async fn work(self: Arc<Self>, turn: Turn) {
        let mut next = Some(turn);
        while let Some(turn) = next {
            if let Some(generation) = self.begin(&turn) {
                self.look_up(turn, generation).await;
            }
            next = self.next();
        }
    }

    fn next(&self) -> Option<Turn> {
        let mut flights = lock(&self.flights);
        let queue = &mut flights.queue;
        let next = queue.likely.pop_front();
        let next = next.or_else(|| queue.unlikely.pop_front());
        if next.is_none() {
            queue.running -= 1;
        }
        if queue.waiting() < UNLIKELY / 2 {
            queue.reported = false;
        }
        next
    }

    /// Begins a look-up, and gives the changes that are known now. `None` if nobody awaits the result.
    fn begin(&self, turn: &Turn) -> Option<Generation> {
        let generation = self.cache.generation();
        let mut flights = lock(&self.flights);
        let flight = flights.under_way.get_mut(&turn.cache_key);
        let flight = flight.filter(|flight| flight.number == turn.number)?;
        match flight.awaited.upgrade() {
            Some(awaited) => {
                flight.begun = Some((generation, awaited));
                Some(generation)
            }
            None => {
                flights.under_way.remove(&turn.cache_key);
                None
            }
        }
    }

    async fn look_up(&self, turn: Turn, generation: Generation) {
        let asked = self.cache.clock.coarse();
        let asking = self.ask(&turn.digests, generation);
        let result = asking.instrument(turn.span);
        let result = result.with_subscriber(turn.log).await;
        if let Ok((found, decided)) = &result {
            let found = found.clone();
            (self.cache).keep(turn.cache_key, generation, found, *decided, asked);
        }
        let mut flights = lock(&self.flights);
        let flight = flights.under_way.get(&turn.cache_key);
        if flight.is_some_and(|flight| flight.number == turn.number) {
            flights.under_way.remove(&turn.cache_key);
        }
        drop(flights);
        // Nobody may be waiting any more.
        let _ = turn.result.send(match result {
            Ok((found, true)) => Ok(LookupResult { found, generation }),
            Ok((_, false)) | Err(Unavailable) => Err(Unavailable),
        });
    }

    /// The key, and whether the result decides anything: a text that is not found may be stored under a
    /// pepper that this node does not have.
    async fn ask(
        &self,
        digests: &[Digest],
        generation: Generation,
    ) -> Result<(Option<ApiKey>, bool), Unavailable> {
        let began = Instant::now();
        let asking = async {
            let found = self.store.find(digests).await?;
            let missing = &self.cache.missing_peppers;
            let decided = found.is_some() || !missing.are_in_use(&*self.store, generation).await?;
            Ok::<_, Error>((found, decided))
        };
        let result = AssertUnwindSafe(asking).catch_unwind();
        let result = timeout(GIVEN_UP, result).await;
        self.cache.meter.looked_up(began.elapsed());
        match result {
            Ok(Ok(Ok((record, decided)))) => {
                let found = record.map(|record| ApiKey::found(record, digests));
                Ok((found, decided))
            }
            Ok(Ok(Err(error))) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "a look-up failed");
                Err(Unavailable)
            }
            Ok(Err(_panic)) => {
                tracing::error!("the key store panicked");
                Err(Unavailable)
            }
            Err(_) => {
                tracing::error!("a look-up had no result within {GIVEN_UP:?}, and was ended");
                Err(Unavailable)
            }
        }
    }
}
