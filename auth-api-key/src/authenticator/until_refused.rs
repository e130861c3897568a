//! Waits until a key would be refused, for what lasts longer than a request, such as a WebSocket.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::future::OptionFuture;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{sleep, timeout},
};

use super::verify::{Authenticator, Inner};
use crate::{
    error::{Error, chain},
    key::{ApiKey, Clock, KeyRecord},
    rejection::Reason,
    store::Changed,
};

/// How old a result may be if a store cannot be watched.
const UNWATCHED: Duration = Duration::from_secs(60);
/// How long to wait after a failed question to the store.
const RETRY: Duration = Duration::from_millis(200);
/// The longest sleep: a clock that somebody set is noticed within it.
const NAP: Duration = Duration::from_secs(60 * 60);

/// Why [`Authenticator::until_refused`] completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ended {
    /// A request with the key would be refused.
    Refused(Reason),
    /// It is no longer certain that the key would be admitted. For
    /// [`Builder::confirm_within`](crate::Builder::confirm_within), either changes were not confirmed,
    /// or the store could not be asked.
    Unconfirmed,
}

impl Authenticator {
    /// Waits until a request with this key would be refused: its text was rotated or the overlap ended,
    /// it was archived or deleted, it expired, its user was archived, it is in none of `groups` any more
    /// (an empty list admits any key), or its networks no longer hold `address`, which is the caller's.
    ///
    /// Call this for what lasts longer than the request that was admitted, such as a WebSocket or a
    /// stream of events, and end that when this completes. It reads the key first, so that it misses
    /// nothing between the verification and this call. It then completes as soon as this node knows of
    /// the change, on every node. If this node makes the change, it completes as soon as the change
    /// begins. Dropping it is free.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, Reason, authenticator::Ended, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// let created = auth.keys().create(NewKey::new("webshop", "user-7")).await?;
    /// let key = auth.verify(created.secret.expose(), &[], None).await.unwrap();
    ///
    /// let (ended, archived) = tokio::join!(
    ///     auth.until_refused(&key, &[], None),
    ///     async { auth.keys().archive("webshop").await },
    /// );
    /// assert_eq!(ended, Ended::Refused(Reason::ArchivedKey));
    /// # archived?; Ok(()) }
    /// ```
    ///
    /// A key that was not verified, which the feature `test` can make, is refused at once.
    pub async fn until_refused(
        &self,
        key: &ApiKey,
        groups: &[&str],
        address: Option<IpAddr>,
    ) -> Ended {
        let ended = self.follow(key, groups, address).await;
        let (id, name, hint) = (key.id, key.name.as_str(), &key.hint);
        tracing::info!(
            ?ended,
            key.id = id,
            key.name = name,
            key.hint = %hint,
            "`until_refused` completes"
        );
        ended
    }

    async fn follow(&self, key: &ApiKey, groups: &[&str], address: Option<IpAddr>) -> Ended {
        let Inner {
            cache,
            pending,
            policy,
            ..
        } = &*self.0;
        // Before the key is read, so that no change after that is missed.
        let mut changes = cache.changes();
        let mut new_changes = pending.new_changes();
        loop {
            let record = tokio::select! {
                read = self.read_again(key) => read,
                () = cache.until_untrusted() => None,
            };
            let Some(record) = record else {
                return Ended::Unconfirmed;
            };
            let Some(record) = record else {
                return Ended::Refused(Reason::UnknownKey);
            };
            let check = |record: &KeyRecord| {
                policy.check(record, |code| record.in_group(code), groups, || address)
            };
            if let Err(reason) = check(&record) {
                return Ended::Refused(reason);
            }
            // On this node a change counts from the call that begins it.
            let taken = async {
                loop {
                    if let Err(reason) = pending.check(&record, &policy.clock, check) {
                        break reason;
                    }
                    new_changes.next().await;
                }
            };
            let expiry =
                OptionFuture::from(record.expires_at.map(|time| until(&policy.clock, time)));
            let is_watched = cache.is_watched();
            let unwatched =
                OptionFuture::from((!is_watched).then(|| policy.clock.sleep(UNWATCHED)));
            tokio::select! {
                reason = taken => return Ended::Refused(reason),
                () = concerned(&mut changes, key.id) => {}
                Some(()) = expiry => {}
                Some(()) = unwatched => {}
                () = cache.until_untrusted() => return Ended::Unconfirmed,
            }
        }
    }

    /// The key that the store has now for the text that was sent. `None` if the store cannot be asked
    /// for as long as changes may stay unconfirmed.
    async fn read_again(&self, key: &ApiKey) -> Option<Option<KeyRecord>> {
        let Inner {
            lookup,
            bound,
            following,
            ..
        } = &*self.0;
        let Some(digests) = key.digests() else {
            return Some(None);
        };
        let asking = async {
            loop {
                // Many tasks may follow one key, and each asks when it changes. They take turns, since
                // requests need the store's connections.
                let turn = following.acquire().await;
                // In a separate task: a caller that leaves must not take a connection along.
                let (lookup, digests) = (Arc::clone(lookup), digests.to_vec());
                let found = tokio::spawn(async move { lookup.find(&digests).await }).await;
                drop(turn);
                match found.unwrap_or_else(|error| Err(Error::store(error))) {
                    Ok(found) => return found.filter(|record| record.id == key.id),
                    Err(error) => report(&error),
                }
                sleep(RETRY).await;
            }
        };
        timeout(*bound, asking).await.ok()
    }
}

fn report(error: &Error) {
    tracing::warn!(
        error = %chain(error),
        "the key of a stream cannot be read again"
    );
}

/// Waits for a change that may concern this key.
async fn concerned(changes: &mut broadcast::Receiver<Arc<Changed>>, id: i64) {
    loop {
        match changes.recv().await.as_deref() {
            Ok(Changed::NoKnownKey) => {}
            Ok(Changed::Keys(ids)) if !ids.contains(&id) => {}
            Ok(Changed::Keys(_) | Changed::All) | Err(RecvError::Lagged(_)) => return,
            // It does not happen: the sender lives as long as the authenticator.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn until(clock: &Clock, time: SystemTime) {
    while let Ok(left) = time.duration_since(clock.now()) {
        // A timer may end less than a millisecond early: then this sleeps once more.
        clock.sleep(left.clamp(Duration::from_millis(1), NAP)).await;
    }
}
