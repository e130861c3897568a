//! What an owner of keys asks of a store: changes and lists.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use futures_util::future::{BoxFuture, FutureExt, ready};

use super::lookup::{Changed, Lookup};
#[cfg(feature = "admin")]
use super::operator_session::SessionStore;
use crate::{
    error::{Error, StateError},
    key::{
        Digest, Group, KeyFilter, KeyRecord, KeyState, KeyUpdate, Page, Paging, StoredSecret,
        TrailEvent, TrailFilter, User,
    },
};

/// Changes that were made by hand.
#[derive(Debug)]
pub struct ChangesByHand {
    /// The oldest of them, in their order.
    pub events: Vec<TrailEvent>,
    /// Whether these are all.
    pub are_all: bool,
    /// The number of the newest event in the trail, whoever made the change; 0 if there is none.
    pub newest: i64,
}

/// Where keys are kept, listed and changed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store whose keys can be changed",
    label = "does not implement `KeyStore`",
    note = "if this is an address, call `.connect(\"sqlite:keys.db\").await?` instead",
    note = "if this store implements only `Lookup`, call `build_lookup` instead"
)]
pub trait KeyStore: Lookup {
    /// Whether somebody else changes the keys, so that [`change`](Self::change) always fails.
    fn is_read_only(&self) -> bool {
        false
    }

    /// Where the sessions of the [pages for operators](crate::admin) are kept. Unless you implement this,
    /// each process keeps its own.
    #[cfg(feature = "admin")]
    fn sessions(&self) -> Option<&dyn SessionStore> {
        None
    }

    /// Keeps the check values of those versions that have none yet.
    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>>;

    /// Makes a change, or none of it. After [`Error::Store`] nobody knows which; after any other error it was
    /// not made. When the future completes, it is durable, and the [`Authenticator`](crate::Authenticator)
    /// forgets the keys concerned.
    ///
    /// Gives those keys as they are now, or as they were before they were deleted. `actor` is who makes the
    /// change, for the [trail](Self::trail), if that is known.
    fn change<'a>(
        &'a self,
        change: &'a Change,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>>;

    /// A page of what was changed, when and by whom. [`StateError::NoTrail`] if the store does not keep it.
    fn trail<'a>(
        &'a self,
        _filter: &'a TrailFilter,
    ) -> BoxFuture<'a, Result<Page<TrailEvent>, Error>> {
        ready(Err(StateError::NoTrail.into())).boxed()
    }

    /// Deletes the events from before this time, and gives their number. If there were any, the deletion is
    /// an event, too. [`StateError::NoTrail`] if the store does not keep a trail.
    fn prune<'a>(
        &'a self,
        _before: SystemTime,
        _actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        ready(Err(StateError::NoTrail.into())).boxed()
    }

    /// Since when last uses are recorded without a gap. `None` if they are not recorded, or if this is not
    /// known. A week in which no use of any key was recorded is a gap.
    fn uses_recorded_since(&self) -> BoxFuture<'_, Result<Option<SystemTime>, Error>> {
        ready(Ok(None)).boxed()
    }

    /// For the log of each node: what was changed by hand, in SQL, after the event with this number. Without a
    /// number, gives no events, only the number of the newest. `None` if the store keeps no trail, or this program may
    /// not read it.
    fn changes_by_hand(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<ChangesByHand>, Error>> {
        let _ = after;
        ready(Ok(None)).boxed()
    }

    /// Waits until all changes that were under way at the call, here or elsewhere, are made or given up, and
    /// no lock keeps keys from being changed. After an error, ask again.
    ///
    /// Until then an [`Authenticator`](crate::Authenticator) refuses the keys from which a failed change was
    /// to take rights. Then it reads them again.
    fn until_changeable(&self) -> BoxFuture<'_, Result<(), Error>> {
        ready(Ok(())).boxed()
    }

    /// Repairs the triggers of the tables that are missing, disabled or replaced, such as those that a restore has
    /// disabled, and gives their names. Also repairs what these triggers keep, such as lists. Then each node
    /// forgets its cache, so that no change stays unnoticed.
    fn repair(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        ready(Ok(Vec::new())).boxed()
    }

    /// The key with this name.
    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>>;

    /// A page of the keys that a filter selects. [`KeyFilter::page`] makes one of keys in memory. A store may
    /// look at some keys and give those that are selected, with a `next` after the last one that it looked at.
    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>>;

    /// How many keys a filter selects, on all pages.
    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>>;

    /// A page of all groups, in the order of their codes.
    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>>;

    /// A page of all users, in the order of their ids.
    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>>;
}

/// What is done to keys, their groups and their users.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// Adds keys. The store sets their `id` and `hint`, and makes missing users and groups. [`Error::State`]
    /// if a name, a technical name or a text is taken.
    Create {
        /// The keys, each with its text.
        keys: Vec<(KeyRecord, StoredSecret)>,
        /// Here the store counts the keys that it has added.
        stored: Stored,
    },
    /// Changes a key, but not its texts.
    Update {
        /// The key's name.
        name: String,
        /// What changes.
        update: KeyUpdate,
    },
    /// Gives a key a new text. Deletes texts that have ended.
    Rotate {
        /// The key's name.
        name: String,
        /// The new text.
        secret: StoredSecret,
        /// When the present texts end, unless they, or the key before its renewal, end sooner. `None`: they
        /// do not change.
        until: Option<SystemTime>,
        /// What time it is.
        now: SystemTime,
        /// The key's new lifetime. `None`: it does not change.
        renewal: Option<Renewal>,
    },
    /// Ends texts of a key, unless they, or the key before its renewal, end sooner. Deletes texts that have
    /// ended.
    EndTexts {
        /// The key's name.
        name: String,
        /// The digest of a text of the key.
        digest: Digest,
        /// Whether all other texts end instead of this one.
        others: bool,
        /// When they end.
        until: SystemTime,
        /// What time it is.
        now: SystemTime,
        /// The key's new lifetime. `None`: it does not change.
        renewal: Option<Renewal>,
    },
    /// Archives or unarchives a key.
    SetActive {
        /// The key's name.
        name: String,
        /// Whether it may be used.
        active: bool,
    },
    /// Deletes a key.
    Delete {
        /// The key's name.
        name: String,
    },
    /// Archives or unarchives a user. Concerns all their keys.
    SetUserActive {
        /// The user's id.
        user: String,
        /// Whether their keys may be used.
        active: bool,
    },
    /// Makes a group, or renames it. Concerns no key.
    PutGroup {
        /// The name that routes use.
        code: String,
        /// The name for people.
        name: String,
    },
    /// Deletes a group. Concerns the keys that were in it.
    DeleteGroup {
        /// The group's code.
        code: String,
    },
    /// Puts a key into a group, or takes it out.
    SetMember {
        /// The group's code.
        group: String,
        /// The key's name.
        key: String,
        /// Whether the key is to be in the group.
        member: bool,
    },
    /// Archives all keys and forgets their texts and the peppers. Gives no keys.
    Neutralize,
    /// Makes another change if the group has a key that works and that the change does not concern. Otherwise
    /// gives [`StateError::LastInGroup`].
    Keeping {
        /// The group's code.
        group: String,
        /// What time it is.
        now: SystemTime,
        /// What is done.
        change: Box<Change>,
    },
}

/// The beginning of a new lifetime of a key.
#[derive(Clone, Copy, Debug)]
pub struct Renewal {
    /// When it begins: the key's [`renewed_at`](KeyRecord::renewed_at) from now on.
    pub at: SystemTime,
    /// The key's new expiry. `None`: it does not change.
    pub expires_at: Option<SystemTime>,
}

impl Renewal {
    pub(crate) fn apply(self, key: &mut KeyRecord) {
        key.renewed_at = Some(self.at);
        key.expires_at = self.expires_at.or(key.expires_at);
    }
}

/// Counts keys while they are stored, to show the progress.
#[derive(Clone, Debug, Default)]
pub struct Stored(Arc<AtomicUsize>);

impl Stored {
    /// Adds to the number.
    pub fn add(&self, keys: usize) {
        self.0.fetch_add(keys, Ordering::Relaxed);
    }

    /// How many there are.
    pub fn number(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Change {
    /// What is done, for the log.
    pub(crate) fn action(&self) -> &'static str {
        match self {
            Self::Create { .. } => "created",
            Self::Update { .. } => "updated",
            Self::Rotate { .. } => "rotated",
            Self::EndTexts { others: true, .. } => "older texts ended",
            Self::EndTexts { others: false, .. } => "text ended",
            Self::SetActive { active: true, .. } => "unarchived",
            Self::SetActive { active: false, .. } => "archived",
            Self::Delete { .. } => "deleted",
            Self::SetUserActive { active: true, .. } => "user unarchived",
            Self::SetUserActive { active: false, .. } => "user archived",
            Self::PutGroup { .. } => "group put",
            Self::DeleteGroup { .. } => "group deleted",
            Self::SetMember { member: true, .. } => "added to group",
            Self::SetMember { member: false, .. } => "removed from group",
            Self::Neutralize => "neutralized",
            Self::Keeping { change, .. } => change.action(),
        }
    }

    /// Whether it may make a node refuse keys that it admitted before.
    pub(crate) fn takes_rights(&self) -> bool {
        match self {
            Self::Create { .. }
            | Self::PutGroup { .. }
            | Self::Rotate { until: None, .. }
            | Self::SetActive { active: true, .. }
            | Self::SetUserActive { active: true, .. }
            | Self::SetMember { member: true, .. } => false,
            Self::Update { .. }
            | Self::Rotate { .. }
            | Self::EndTexts { .. }
            | Self::SetActive { active: false, .. }
            | Self::Delete { .. }
            | Self::SetUserActive { active: false, .. }
            | Self::DeleteGroup { .. }
            | Self::SetMember { member: false, .. }
            | Self::Neutralize => true,
            Self::Keeping { change, .. } => change.takes_rights(),
        }
    }

    /// Whether it is about this key, if it [takes rights](Self::takes_rights).
    pub(crate) fn concerns(&self, key: &KeyRecord) -> bool {
        match self {
            Self::Update { name, .. }
            | Self::Rotate { name, .. }
            | Self::EndTexts { name, .. }
            | Self::SetActive { name, .. }
            | Self::Delete { name }
            | Self::SetMember { key: name, .. } => *name == key.name,
            Self::SetUserActive { user, .. } => *user == key.user,
            Self::DeleteGroup { code } => key.in_group(code),
            Self::Neutralize => true,
            Self::Create { .. } | Self::PutGroup { .. } => false,
            Self::Keeping { change, .. } => change.concerns(key),
        }
    }

    /// An error unless another one of these keys of the group works.
    pub(crate) fn require_another(
        &self,
        group: &str,
        keys: &[KeyRecord],
        now: SystemTime,
    ) -> Result<(), StateError> {
        // A key with networks does not count: nobody may be able to call from them.
        let works = |key: &KeyRecord| {
            key.state_at(now) == KeyState::Active
                && key.damages.is_empty()
                && key.networks.is_empty()
        };
        match keys.iter().any(|key| works(key) && !self.concerns(key)) {
            true => Ok(()),
            false => Err(StateError::LastInGroup {
                group: group.to_owned(),
            }),
        }
    }

    /// What the change makes of a key that was found by a present text. `None` if the key is not found any
    /// more.
    pub(crate) fn result_for(&self, key: &KeyRecord, now: SystemTime) -> Option<KeyRecord> {
        let mut key = key.clone();
        match self {
            Self::Update { update, .. } => return Some(update.apply(key.clone()).unwrap_or(key)),
            Self::Rotate {
                until: Some(until), ..
            }
            | Self::EndTexts { until, .. } => {
                if *until <= now {
                    return None;
                }
                key.expires_at = Some(key.expires_at.map_or(*until, |time| time.min(*until)));
            }
            Self::SetActive { active, .. } => key.active = *active,
            Self::SetUserActive { active, .. } => key.user_active = *active,
            Self::DeleteGroup { code } => key.groups.retain(|group| group != code),
            Self::SetMember { group, .. } => key.groups.retain(|code| code != group),
            Self::Delete { .. } | Self::Neutralize => return None,
            Self::Keeping { change, .. } => return change.result_for(&key, now),
            Self::Create { .. } | Self::PutGroup { .. } | Self::Rotate { until: None, .. } => {}
        }
        Some(key)
    }

    /// What an authenticator must forget after this change, which gave these keys.
    pub(crate) fn changed(&self, keys: &[KeyRecord]) -> Changed {
        match self {
            Self::Create { .. } | Self::PutGroup { .. } => Changed::NoKnownKey,
            Self::Update { .. }
            | Self::Rotate { .. }
            | Self::EndTexts { .. }
            | Self::SetActive { .. }
            | Self::Delete { .. }
            | Self::SetUserActive { .. }
            | Self::DeleteGroup { .. }
            | Self::SetMember { .. } => Changed::Keys(keys.iter().map(|key| key.id).collect()),
            Self::Neutralize => Changed::All,
            Self::Keeping { change, .. } => change.changed(keys),
        }
    }
}
