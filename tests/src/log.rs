//! Keeps the log in memory.

use std::{
    io,
    sync::{Arc, OnceLock},
};

use tokio::sync::watch;
use tracing::{Level, Subscriber, instrument::WithSubscriber};
use tracing_subscriber::fmt::MakeWriter;

use crate::until::DEADLINE;

/// What a subscriber has written. Clones share it.
#[derive(Clone, Default)]
pub struct Log(Arc<watch::Sender<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send_modify(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// The log of some work, and its result.
    pub async fn of<T>(work: impl IntoFuture<Output = T>) -> (String, T) {
        // All threads need a subscriber: a log line that a thread without one reaches first would stay
        // disabled.
        Self::of_process();
        let log = Self::default();
        let done = work
            .into_future()
            .with_subscriber(subscriber(log.clone()))
            .await;
        (log.text(), done)
    }

    /// What all threads and tasks of the process log from now on, also those of other tests.
    ///
    /// # Panics
    ///
    /// If the process has another subscriber.
    pub fn of_process() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self::default();
            tracing::subscriber::set_global_default(subscriber(log.clone())).unwrap();
            log
        })
    }

    pub fn text(&self) -> String {
        self.after(0)
    }

    /// What is logged after its first `begin` bytes. To look through all that a process logs takes seconds, in
    /// which no task of the test's thread goes on.
    pub fn after(&self, begin: usize) -> String {
        String::from_utf8(self.0.borrow()[begin..].to_vec()).unwrap()
    }

    /// Waits until the log has this text, for half a minute at most.
    ///
    /// # Panics
    ///
    /// If it never has.
    pub async fn until(&self, said: &str) {
        let (said, mut looked_at) = (said.as_bytes(), 0);
        let mut log = self.0.subscribe();
        let logged = log.wait_for(|log| {
            let from = std::mem::replace(&mut looked_at, log.len());
            let new = &log[from.saturating_sub(said.len())..];
            new.windows(said.len()).any(|text| text == said)
        });
        match tokio::time::timeout(DEADLINE, logged).await {
            Ok(logged) => drop(logged.unwrap()),
            Err(_) => panic!("{:?} was not logged", String::from_utf8_lossy(said)),
        }
    }
}

/// Writes everything.
fn subscriber(log: Log) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_writer(log)
        .with_ansi(false)
        .finish()
}
