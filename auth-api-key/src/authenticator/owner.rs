//! Changes of keys on behalf of an owner: each takes effect before its call returns.

use std::{
    fmt,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
};

use futures_util::future::FutureExt;

use super::verify::{Authenticator, Inner};
use crate::{
    error::{Error, InputError, StateError, UncertainChange},
    key::{KeyRecord, check_actor},
    store::{Change, Changed, KeyStore},
};

/// What the handles of an [`Authenticator`] share: whose keys they are, and who acts.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) authenticator: Authenticator,
    actor: Option<Arc<str>>,
    /// The group that is not to be left without a key that works.
    keeping: Option<Arc<str>>,
}

impl Owner {
    pub(super) fn new(authenticator: &Authenticator) -> Self {
        Self {
            authenticator: authenticator.clone(),
            actor: None,
            keeping: None,
        }
    }

    pub(super) fn acting_as(mut self, actor: &str) -> Self {
        self.actor = Some(actor.into());
        self
    }

    #[cfg(feature = "admin")]
    pub(super) fn keeping(mut self, group: Option<&str>) -> Self {
        self.keeping = group.map(Arc::from);
        self
    }

    pub(super) fn store(&self) -> Result<&Arc<dyn KeyStore>, StateError> {
        self.authenticator.store()
    }

    /// Who acts, if that is known.
    pub(super) fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    pub(super) fn check_actor(&self) -> Result<(), InputError> {
        self.actor().map_or(Ok(()), check_actor)
    }

    pub(super) async fn change_one(&self, change: Change) -> Result<KeyRecord, Error> {
        let mut changed = self.change(change).await?;
        changed
            .pop()
            .ok_or_else(|| Error::store("the store gave no key"))
    }

    /// Makes a change in a separate task, so that it completes, and the cache knows of it, even if the
    /// caller is cancelled. Keys from which it takes rights are refused from now on, and after an error of
    /// the store until they are read again.
    pub(super) async fn change(&self, change: Change) -> Result<Vec<KeyRecord>, Error> {
        let store = Arc::clone(self.store()?);
        self.check_actor()?;
        let Inner {
            cache,
            pending,
            policy,
            ..
        } = &*self.authenticator.0;
        let (cache, pending) = (Arc::clone(cache), Arc::clone(pending));
        let change = match &self.keeping {
            Some(group) => Change::Keeping {
                group: group.as_ref().to_owned(),
                now: policy.clock.now(),
                change: Box::new(change),
            },
            None => change,
        };
        let (change, actor) = (Arc::new(change), self.actor.clone());
        let begun = pending.begin(&change);
        let changing = tokio::spawn(async move {
            let making = AssertUnwindSafe(async { store.change(&change, actor.as_deref()).await });
            let made = making.catch_unwind().await;
            match &made {
                Ok(Ok(keys)) => {
                    cache.forget(&change.changed(keys));
                    log(&change, keys, actor.as_deref());
                }
                // A store that failed may have committed before.
                Ok(Err(Error::Store(_))) | Err(_) => cache.forget(&Changed::All),
                Ok(Err(_)) => {}
            }
            let Some(number) = begun else {
                return made;
            };
            match made {
                Ok(Err(Error::Store(error))) => {
                    pending.settle(number, store, cache);
                    Ok(Err(Error::store(UncertainChange(error))))
                }
                Err(panic) => {
                    pending.settle(number, store, cache);
                    Err(panic)
                }
                made => {
                    pending.end(number);
                    made
                }
            }
        });
        match changing.await.map_err(Error::store)? {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Leaves a line in the log for each key that was created, rotated, archived, changed or deleted.
fn log(change: &Change, keys: &[KeyRecord], actor: Option<&str>) {
    let action = change.action();
    match change {
        Change::PutGroup { code, .. } | Change::DeleteGroup { code } => {
            tracing::info!(actor, group = code, "{action}");
        }
        Change::SetUserActive { user, .. } => {
            tracing::info!(actor, user, keys = keys.len(), "{action}");
        }
        Change::Neutralize => tracing::info!(actor, "{action}"),
        Change::Keeping { change, .. } => log(change, keys, actor),
        _ => {
            for key in keys {
                let (id, name, hint) = (key.id, key.name.as_str(), &key.hint);
                tracing::info!(
                    actor,
                    key.id = id,
                    key.name = name,
                    key.hint = %hint,
                    "{action}"
                );
            }
        }
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner")
            .field("authenticator", &self.authenticator)
            .field("actor", &self.actor)
            .finish()
    }
}
