//! Leaves a line in the log for each change that somebody has made by hand, in SQL: no
//! node has logged it.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time::sleep};

use crate::{key::TrailEvent, store::KeyStore};

/// How long to wait after a failed question to the store.
const RETRY: Duration = Duration::from_secs(1);

/// From now on, reads the trail whenever something has changed, until the task is aborted.
pub(super) async fn log(
    store: Arc<dyn KeyStore>,
    changed: Arc<Notify>,
) -> impl Future<Output = ()> + Send {
    let mut found = store.changes_by_hand(None).await;
    async move {
        let mut newest = None;
        loop {
            match found {
                Ok(Some(by_hand)) => {
                    by_hand.events.iter().for_each(line);
                    if !by_hand.are_all {
                        tracing::info!("more was changed by hand: `auth-api-key trail` lists it");
                    }
                    newest = Some(by_hand.newest);
                    changed.notified().await;
                }
                Ok(None) => return,
                Err(error) => {
                    tracing::debug!(%error, "the trail cannot be read");
                    sleep(RETRY).await;
                }
            }
            found = store.changes_by_hand(newest).await;
        }
    }
}

fn line(event: &TrailEvent) {
    tracing::info!(
        actor = event.actor.as_deref(),
        role = event.session_user.as_deref(),
        key.id = event.key_id,
        key.name = event.key_name.as_deref(),
        key.hint = event.hint.as_deref(),
        group = event.group.as_deref(),
        user = event.user.as_deref(),
        "{} by hand",
        event.action
    );
}
