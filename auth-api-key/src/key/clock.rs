//! The time, which tests can move forward.

use std::time::{Duration, SystemTime};

use coarsetime::Instant;
#[cfg(feature = "test")]
use {std::sync::Arc, tokio::sync::watch};

/// What time it is for one authenticator.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    /// How far a test has moved it.
    #[cfg(feature = "test")]
    ahead: Arc<watch::Sender<Duration>>,
}

impl Clock {
    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now() + self.ahead()
    }

    /// The time to a few milliseconds. It costs less than the exact time.
    pub(crate) fn coarse(&self) -> Instant {
        Instant::now_without_cache_update() + self.ahead().into()
    }

    /// Waits for this duration, or until a test moves the time.
    pub(crate) async fn sleep(&self, duration: Duration) {
        #[cfg(feature = "test")]
        {
            let mut moved = self.ahead.subscribe();
            let _ = tokio::time::timeout(duration, moved.changed()).await;
        }
        #[cfg(not(feature = "test"))]
        tokio::time::sleep(duration).await;
    }

    #[cfg(feature = "test")]
    fn ahead(&self) -> Duration {
        *self.ahead.borrow()
    }

    #[cfg(not(feature = "test"))]
    fn ahead(&self) -> Duration {
        Duration::ZERO
    }

    #[cfg(feature = "test")]
    pub(crate) fn advance(&self, by: Duration) {
        self.ahead.send_modify(|ahead| *ahead += by);
    }
}
