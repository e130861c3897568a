//! The checks of a key: what must hold of a key that was found before it is admitted.

use std::net::IpAddr;

use crate::{
    key::{Clock, KeyRecord, Lifetimes, network},
    rejection::Reason,
};

/// Whether keys of archived users are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArchivedUsers {
    /// Their keys are refused.
    #[default]
    Refuse,
    /// Their keys keep working, as they do in Odoo by default.
    Ignore,
}

/// What must hold of every key that is admitted, and of those that are made.
pub(super) struct Policy {
    pub(super) archived_users: ArchivedUsers,
    pub(super) lifetimes: Lifetimes,
    pub(super) clock: Clock,
}

impl Policy {
    /// Why a request with this key is refused, if it is; `holds` says whether the key is in a group. The
    /// caller's address is asked for only if the key has networks.
    pub(super) fn check(
        &self,
        key: &KeyRecord,
        holds: impl Fn(&str) -> bool,
        groups: &[&str],
        address: impl FnOnce() -> Option<IpAddr>,
    ) -> Result<(), Reason> {
        if !key.damages.is_empty() {
            return Err(Reason::UnreadableKey);
        }
        if !key.active {
            return Err(Reason::ArchivedKey);
        }
        if key
            .expires_at
            .is_some_and(|expiry| expiry <= self.clock.now())
        {
            return Err(Reason::ExpiredKey);
        }
        if !key.user_active && self.archived_users == ArchivedUsers::Refuse {
            return Err(Reason::ArchivedUser);
        }
        if !groups.is_empty() && !groups.iter().any(|group| holds(group)) {
            return Err(Reason::ForbiddenGroup);
        }
        if !key.networks.is_empty() {
            let address = address().ok_or(Reason::UnknownNetwork)?;
            if !network::hold(&key.networks, address) {
                return Err(Reason::ForbiddenNetwork);
            }
        }
        Ok(())
    }
}
