//! Counts through the crate `metrics`, or does nothing without the feature of that name.

#[cfg(feature = "metrics")]
pub(super) use counting::Meter;
#[cfg(not(feature = "metrics"))]
pub(super) use nothing::Meter;

#[cfg(feature = "metrics")]
mod counting {
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

    use crate::rejection::Reason;

    /// Handles of the metrics, so that counting looks up no name.
    pub(in crate::authenticator) struct Meter {
        admitted: Counter,
        refused: Vec<(Reason, Counter)>,
        hits: Counter,
        misses: Counter,
        look_ups: Histogram,
        confirmed: Gauge,
        next_expiry: Gauge,
    }

    impl Default for Meter {
        fn default() -> Self {
            let decisions = |outcome: &'static str| counter!("auth_api_key_decisions_total", "outcome" => outcome);
            let cache =
                |result: &'static str| counter!("auth_api_key_cache_total", "result" => result);
            let refused = Reason::LABELS.map(|(reason, label)| (reason, decisions(label)));
            Self {
                admitted: decisions("admitted"),
                refused: refused.into(),
                hits: cache("hit"),
                misses: cache("miss"),
                look_ups: histogram!("auth_api_key_store_seconds"),
                confirmed: gauge!("auth_api_key_confirmed_timestamp_seconds"),
                next_expiry: gauge!("auth_api_key_next_expiry_seconds"),
            }
        }
    }

    impl Meter {
        pub(in crate::authenticator) fn decided(&self, decision: Result<(), Reason>) {
            match decision {
                Ok(()) => self.admitted.increment(1),
                Err(refused) => {
                    let counter = self.refused.iter().find(|(reason, _)| *reason == refused);
                    if let Some((_, counter)) = counter {
                        counter.increment(1);
                    }
                }
            }
        }

        pub(in crate::authenticator) fn cached(&self, hit: bool) {
            match hit {
                true => self.hits.increment(1),
                false => self.misses.increment(1),
            }
        }

        pub(in crate::authenticator) fn looked_up(&self, took: Duration) {
            self.look_ups.record(took);
        }

        /// A confirmation counts from when the question was sent.
        pub(in crate::authenticator) fn confirmed(&self, asked: Instant) {
            let at = SystemTime::now() - asked.elapsed();
            if let Ok(since) = at.duration_since(UNIX_EPOCH) {
                self.confirmed.set(since.as_secs_f64());
            }
        }

        /// In how long the first of the keys in use expires, if any does.
        pub(in crate::authenticator) fn next_expiry(&self, left: Option<Duration>) {
            let seconds = left.map_or(f64::INFINITY, |left| left.as_secs_f64());
            self.next_expiry.set(seconds);
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod nothing {
    use std::time::{Duration, Instant};

    use crate::rejection::Reason;

    #[derive(Default)]
    pub(in crate::authenticator) struct Meter;

    impl Meter {
        pub(in crate::authenticator) fn decided(&self, _: Result<(), Reason>) {}
        pub(in crate::authenticator) fn cached(&self, _: bool) {}
        pub(in crate::authenticator) fn looked_up(&self, _: Duration) {}
        pub(in crate::authenticator) fn confirmed(&self, _: Instant) {}
        pub(in crate::authenticator) fn next_expiry(&self, _: Option<Duration>) {}
    }
}
