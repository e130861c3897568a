//! Says why a change takes long: only one is made at a time.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use crate::output::note;

/// How often it is looked whether the work is done.
const LOOK: Duration = Duration::from_millis(500);
/// How often it was not done before something is said.
const PATIENCE: u32 = 4;

/// Works, and says after two seconds what it probably waits for.
pub(crate) async fn saying_why<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut waited = 0;
    while waited < PATIENCE {
        let began = Instant::now();
        match timeout(LOOK, &mut work).await {
            Ok(done) => return done,
            // Somebody was asked meanwhile, or standard input was read: no database was waited for.
            Err(_) if began.elapsed() > 2 * LOOK => waited = 0,
            Err(_) => waited += 1,
        }
    }
    note(
        "waiting for the database: it has not answered yet, or another program is changing it, such as an \
         import, which is stored all at once\n",
    );
    work.await
}
