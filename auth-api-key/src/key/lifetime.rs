//! How long keys may live.

use std::time::{Duration, SystemTime};

use super::time::{from_millis, to_millis};
use crate::error::InputError;

/// The lifetime of keys that get no expiry, and the longest lifetime of any key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lifetimes {
    pub(crate) default: Option<Duration>,
    pub(crate) max: Option<Duration>,
}

impl Lifetimes {
    /// The expiry that a key gets now, if this one is given for it.
    pub(crate) fn expiry(
        &self,
        name: &str,
        given: Option<SystemTime>,
        now: SystemTime,
    ) -> Result<Option<SystemTime>, InputError> {
        let default = || self.default.and_then(|lifetime| now.checked_add(lifetime));
        let expiry = given.or_else(default);
        self.check(name, expiry, now)?;
        Ok(expiry.map(to_millis).transpose()?.map(from_millis))
    }

    /// An error for an expiry beyond the maximum.
    pub(crate) fn check(
        &self,
        name: &str,
        expiry: Option<SystemTime>,
        now: SystemTime,
    ) -> Result<(), InputError> {
        let Some((max, latest)) = self
            .max
            .and_then(|max| Some((max, now.checked_add(max)?)))
            .filter(|(_, latest)| expiry.is_none_or(|expiry| expiry > *latest))
        else {
            return Ok(());
        };
        Err(InputError::BeyondMaxLifetime {
            name: name.to_owned(),
            expires_at: expiry,
            max,
            latest,
        })
    }
}
