//! Prints what a command probably waits for, if it takes long.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use crate::output::note;

/// How often to check.
const LOOK: Duration = Duration::from_millis(500);
/// How many checks to wait for before the message.
const CHECKS: u32 = 4;

/// Does the work. After two seconds, prints what the work probably waits for.
pub(crate) async fn saying_why<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut waited = 0;
    while waited < CHECKS {
        let began = Instant::now();
        match timeout(LOOK, &mut work).await {
            Ok(done) => return done,
            // The work blocked this thread, to ask or to read standard input: it did not wait for a
            // database.
            Err(_) if began.elapsed() > 2 * LOOK => waited = 0,
            Err(_) => waited += 1,
        }
    }
    note(
        "waiting for the database: it does not answer, or another program is changing it, such as an import, \
         which stores all keys in one transaction\n",
    );
    work.await
}
