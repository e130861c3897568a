//! Whether keys are stored under peppers that this node does not have. If so, the node cannot say that an
//! unknown text is not a key.

use std::collections::BTreeSet;

use coarsetime::{Duration, Instant};
use tokio::sync::Mutex;

use crate::{error::Error, key::Clock, store::Lookup};

/// How long a result of the store is used, as long as nothing is changed.
const BELIEVED_FOR: Duration = Duration::from_secs(5);

/// `G` is a value that differs after keys were changed.
pub(super) struct ForeignPeppers<G> {
    /// The versions of this node's peppers.
    ours: Vec<u32>,
    clock: Clock,
    found: Mutex<Found<G>>,
}

struct Found<G> {
    /// After which change and when the store was asked, and whether such keys exist.
    last: Option<(G, Instant, bool)>,
    /// The versions that were logged.
    reported: BTreeSet<u32>,
}

impl<G: PartialEq> ForeignPeppers<G> {
    pub(super) fn new(ours: Vec<u32>, clock: Clock) -> Self {
        let (last, reported) = (None, BTreeSet::new());
        Self {
            ours,
            clock,
            found: Mutex::new(Found { last, reported }),
        }
    }

    /// Whether a text that still works is stored under such a pepper. Callers that ask at the same time
    /// share one question to the store.
    pub(super) async fn are_in_use(&self, store: &dyn Lookup, now: G) -> Result<bool, Error> {
        let mut found = self.found.lock().await;
        let asked = self.clock.coarse();
        if let Some((since, last, any)) = &found.last
            && *since == now
            && asked.duration_since(*last) < BELIEVED_FOR
        {
            return Ok(*any);
        }
        let mut foreign = store.pepper_checks().await?;
        foreign.retain(|check| check.in_use && !self.ours.contains(&check.version));
        for check in &foreign {
            if found.reported.insert(check.version) {
                report(check.version);
            }
        }
        found.last = Some((now, asked, !foreign.is_empty()));
        Ok(!foreign.is_empty())
    }
}

fn report(version: u32) {
    match version {
        0 => tracing::error!(
            "keys are stored without a pepper since this node was started: it answers with 503 to texts \
             that it does not know until it is started again"
        ),
        version => tracing::error!(
            version,
            "keys are stored under a pepper that this node does not have: it answers with 503 to texts \
             that it does not know until it is started with that pepper, too"
        ),
    }
}
