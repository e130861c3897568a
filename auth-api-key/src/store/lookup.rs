//! What verification asks of a store: keys by their digests, and what changes meanwhile.

use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::{BoxFuture, FutureExt, ready};

use crate::{
    error::Error,
    key::{Digest, KeyRecord},
};

/// Where keys are looked up.
///
/// It is all that verification needs. A store that somebody else administers implements no more,
/// and is given to [`Builder::build_lookup`](crate::Builder::build_lookup); one that an owner
/// changes is a [`KeyStore`](super::KeyStore), too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store of keys",
    label = "does not implement `Lookup`",
    note = "if this is an address, call `.connect(\"sqlite:keys.db\").await?` instead"
)]
pub trait Lookup: fmt::Debug + Send + Sync + 'static {
    /// The key stored under one of these digests, in one indexed look-up.
    ///
    /// The record's `expires_at` is that of this text, when it ends before the key does.
    fn find<'a>(&'a self, digests: &'a [Digest])
    -> BoxFuture<'a, Result<Option<KeyRecord>, Error>>;

    /// The keys that are stored under these digests, up to some thousand, each with its digest: as
    /// [`find`](Self::find), in any order.
    ///
    /// If the store is watched, an authenticator asks for each key that it knows again within a minute.
    /// Unless you implement this, each is a separate look-up.
    fn find_all<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Vec<(Digest, KeyRecord)>, Error>> {
        Box::pin(async move {
            let mut found = Vec::new();
            for digest in digests {
                let record = self.find(std::slice::from_ref(digest)).await?;
                found.extend(record.map(|record| (*digest, record)));
            }
            Ok(found)
        })
    }

    /// The digests of all texts, some thousand at a time, oldest first: those after the number `after`. An
    /// empty list is the end.
    ///
    /// From them an authenticator guesses which texts are likely to be keys, and looks these up first if many
    /// wait. Unless you implement this, all wait in one queue. It is called only if the store is watched.
    fn digests(
        &self,
        _after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<Vec<StoredDigest>>, Error>> {
        ready(Ok(None)).boxed()
    }

    /// The key with this technical name, whose text a configuration gives: see
    /// [`NewKey::technical_name`](crate::NewKey::technical_name). `None` unless the store keeps such names.
    fn find_technical_name<'a>(
        &'a self,
        _name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        ready(Ok(None)).boxed()
    }

    /// How many look-ups an authenticator makes at a time, at least 1; up to 2,048 more wait. Unless you
    /// implement this, 2,048.
    fn look_ups_at_a_time(&self) -> usize {
        usize::MAX
    }

    /// The check values of all pepper versions that it knows.
    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        ready(Ok(Vec::new())).boxed()
    }

    /// Whether its keys are a copy that `auth-api-key copy` has begun and not finished. A node that begins
    /// says so in its log.
    fn unfinished_copy(&self) -> BoxFuture<'_, Result<Option<UnfinishedCopy>, Error>> {
        ready(Ok(None)).boxed()
    }

    /// Begins to watch for changes that other processes make. `None` if there are none, or if they may go
    /// unnoticed for as long as a result is cached: 60 seconds for a key, 5 for a text that is not a key.
    ///
    /// The watch gives news at least twice within `bound`: see
    /// [`Builder::confirm_within`](crate::Builder::confirm_within).
    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>>;

    /// Records when keys were last admitted. Ignores keys that no longer exist.
    fn record_uses<'a>(
        &'a self,
        _uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        ready(Ok(())).boxed()
    }
}

/// What a store sees of changes that are made elsewhere; begun by [`Lookup::watch`].
///
/// It misses nothing after its beginning: an authenticator then forgets its cache, and trusts it until a
/// confirmation is overdue.
pub trait Watch: Send {
    /// Waits for news. An error, or no news for as long as a node may go without a confirmation,
    /// means that changes may have been missed: the watch is dropped, and another one begun.
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>>;
}

/// What a [`Watch`] has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Every change that was made before this time was reported: when the question was sent, and
    /// not when its answer came.
    Confirmed(Instant),
    /// Something was changed.
    Changed(Changed),
}

/// What was changed: what an authenticator forgets.
///
/// Whatever it is, texts that were not keys before it may be keys now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// No key that was there before: keys were added, or groups that no key is in.
    NoKnownKey,
    /// The keys with these numbers; keys may have been added, too.
    Keys(Vec<i64>),
    /// Any key may have been changed.
    All,
}

/// A digest in a store, as [`Lookup::digests`] lists it.
#[derive(Clone, Copy, Debug)]
pub struct StoredDigest {
    /// Higher than that of all digests that were added before.
    pub number: i64,
    /// Of the text of a key.
    pub digest: Digest,
}

/// The check value that a store keeps of a pepper version.
#[derive(Clone, Debug)]
pub struct PepperCheck {
    /// The version of the pepper; 0 is none.
    pub version: u32,
    /// What a node's own pepper of this version must give, too.
    pub check: [u8; 32],
    /// Whether a text that still works is stored under this version.
    pub in_use: bool,
}

/// A copy of keys that `auth-api-key copy` has begun and not finished. Its text says so, with the command
/// that finishes it.
#[derive(Clone, Debug)]
pub struct UnfinishedCopy {
    from: String,
    to: String,
}

impl UnfinishedCopy {
    /// From the database at one address to that at another.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn new(from: String, to: String) -> Self {
        Self { from, to }
    }
}

impl fmt::Display for UnfinishedCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        let [from_word, to_word] = [from, to].map(|url| url.replace('\'', r"'\''"));
        write!(
            f,
            "the keys in {to} are an unfinished copy of those in {from}: some may be missing, or as they \
             were before; to finish it, run `auth-api-key copy --from '{from_word}' --to '{to_word}'`"
        )
    }
}
