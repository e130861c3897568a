//! Whether keys are stored under peppers that this node does not have. If so, the node cannot say that an
//! unknown text is not a key.

use std::collections::BTreeSet;

use coarsetime::{Duration, Instant};
use tokio::sync::Mutex;

use crate::{error::Error, key::Clock, store::Lookup};

/// How long a result of the store is used, as long as nothing is changed.
const BELIEVED_FOR: Duration = Duration::from_secs(5);

/// `G` is a value that differs after keys were changed.
pub(super) struct MissingPeppers<G> {
    /// The versions of this node's peppers.
    ours: Vec<u32>,
    clock: Clock,
    state: Mutex<State<G>>,
}

struct State<G> {
    /// After which change and when the store was asked, and whether such keys exist.
    last: Option<(G, Instant, bool)>,
    /// The versions that were logged.
    reported: BTreeSet<u32>,
}

impl<G: PartialEq> MissingPeppers<G> {
    pub(super) fn new(ours: Vec<u32>, clock: Clock) -> Self {
        let (last, reported) = (None, BTreeSet::new());
        Self {
            ours,
            clock,
            state: Mutex::new(State { last, reported }),
        }
    }

    /// Whether a text that still works is stored under such a pepper. Callers that ask at the same time
    /// share one question to the store.
    pub(super) async fn are_in_use(&self, store: &dyn Lookup, now: G) -> Result<bool, Error> {
        let mut state = self.state.lock().await;
        let asked = self.clock.coarse();
        if let Some((since, last, any)) = &state.last
            && *since == now
            && asked.duration_since(*last) < BELIEVED_FOR
        {
            return Ok(*any);
        }
        let mut missing = store.pepper_checks().await?;
        missing.retain(|check| check.in_use && !self.ours.contains(&check.version));
        for check in &missing {
            if state.reported.insert(check.version) {
                report(check.version);
            }
        }
        state.last = Some((now, asked, !missing.is_empty()));
        Ok(!missing.is_empty())
    }
}

fn report(version: u32) {
    match version {
        0 => tracing::error!(
            "keys were stored without a pepper after this node was started, so it answers 503 to texts that \
             it does not know: start it again"
        ),
        version => tracing::error!(
            version,
            "keys are stored under a pepper that this node does not have, so it answers 503 to texts that it \
             does not know: start it again with that pepper, too"
        ),
    }
}
