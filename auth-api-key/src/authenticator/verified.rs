//! Notes in a request which keys were admitted, so that extractors inside a guard do not log and count
//! them again.

use std::sync::Arc;

use axum::http::Extensions;

use super::cache::{Cache, CacheKey};

/// In the extensions of a request: who has admitted it already, each authenticator once. Code outside this
/// crate cannot make one. It admits nobody: it only saves a second log line and count.
#[derive(Clone, Default)]
pub(super) struct Admissions(Vec<AdmittedKey>);

/// An authenticator has admitted a key by the text that was sent.
#[derive(Clone)]
pub(super) struct AdmittedKey {
    /// The cache identifies the authenticator: each has a different one.
    pub(super) by: Arc<Cache>,
    pub(super) id: i64,
    /// Neither the text nor anything that another process can compute from it.
    pub(super) sent: CacheKey,
}

impl Admissions {
    pub(super) fn note(extensions: &mut Extensions, new: AdmittedKey) {
        let Self(mut all) = extensions.remove().unwrap_or_default();
        all.retain(|admitted| !Arc::ptr_eq(&admitted.by, &new.by));
        all.push(new);
        extensions.insert(Self(all));
    }

    pub(super) fn holds(extensions: &Extensions, is: impl Fn(&AdmittedKey) -> bool) -> bool {
        extensions.get().is_some_and(|Self(all)| all.iter().any(is))
    }
}
