//! From a request to a decision: this is the only place that admits or refuses. The checks are in `policy.rs`.

use std::{
    cell::LazyCell,
    collections::HashSet,
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::{Extensions, HeaderMap, HeaderValue, request::Parts};
use coarsetime::Instant;
use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tokio::{sync::Semaphore, task::AbortHandle};

use super::{
    cache::{Cache, Cached},
    caller_address::caller_address,
    header::KeyHeader,
    lookup_queue::{LookupQueue, Outcome, Unavailable},
    metrics::Meter,
    pending::Pending,
    policy::Policy,
    uses::Uses,
    verified::{Admissions, AdmittedKey},
};
#[cfg(feature = "admin")]
use crate::key::{Clock, Digest, Lifetimes};
use crate::{
    error::StateError,
    key::{ApiKey, KeyRecord, Peppers},
    rejection::{Answers, Reason, Rejection, grpc},
    store::{KeyStore, Lookup},
};

/// Verifies API keys, and creates, rotates and archives them.
///
/// Put one into the router's state: every guarded handler finds it there. It is a shared pointer to
/// a cache and a store; clone it, and do not open a store twice.
///
/// ```no_run
/// use auth_api_key::{ApiKey, Authenticator, NewKey, route, routes};
/// use axum::{Router, extract::FromRef};
///
/// #[derive(Clone)]
/// struct AppState {
///     auth: Authenticator,
/// }
///
/// impl FromRef<AppState> for Authenticator {
///     fn from_ref(state: &AppState) -> Self {
///         state.auth.clone()
///     }
/// }
///
/// #[route("/my_service", auth = "api_key")]
/// async fn my_service(key: ApiKey) -> String {
///     format!("hello {}", key.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// let auth = Authenticator::connect("sqlite:keys.db").await?;
/// let created = auth.keys().create(NewKey::new("webshop", "user-7")).await?;
/// println!("{}", created.secret.expose());
///
/// let app: Router = Router::new().merge(routes![my_service]).with_state(AppState { auth });
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Authenticator(pub(super) Arc<Inner>);

pub(super) struct Inner {
    /// Finds keys: the store, or a layer over it.
    pub(super) lookup: Arc<dyn Lookup>,
    /// Lists and changes keys; `None` if this node can only verify them.
    pub(super) store: Option<Arc<dyn KeyStore>>,
    pub(super) peppers: Peppers,
    pub(super) cache: Arc<Cache>,
    pub(super) lookup_queue: Arc<LookupQueue>,
    pub(super) meter: Arc<Meter>,
    pub(super) uses: Uses,
    pub(super) pending: Arc<Pending>,
    /// Tasks that end with the authenticator.
    pub(super) tasks: Vec<AbortHandle>,
    /// How long changes may stay unconfirmed.
    pub(super) bound: Duration,
    /// How many tasks that follow keys may ask the store at a time.
    pub(super) following: Semaphore,
    pub(super) header: KeyHeader,
    pub(super) proxies: Vec<IpNet>,
    pub(super) policy: Policy,
    pub(super) answers: Arc<Answers>,
    /// Keys with unreadable rows that were logged.
    pub(super) damaged: Mutex<HashSet<i64>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What memory alone decides. [`finish`](Authenticator::finish) makes it final.
pub(crate) enum EarlyDecision {
    /// From memory: the key is refused.
    Refused(Refusal),
    /// From memory: the key is admitted, unless something has changed when the decision is used.
    Admitted(ApiKey, Recheck),
    /// The store is asked. Also the caller's address.
    AskStore(BoxFuture<'static, Outcome>, Option<IpAddr>),
}

/// What `finish` needs to check an early admission again, which may be much later.
pub(crate) struct Recheck {
    /// When it was decided.
    at: Instant,
    /// [`Cache::forgotten`] before the decision.
    forgotten: u64,
    /// The caller's address, if the key has networks.
    address: Option<IpAddr>,
}

/// A refusal, and the key that was refused, if it exists.
pub(crate) struct Refusal {
    reason: Reason,
    key: Option<ApiKey>,
    /// Whether it was decided from memory.
    cached: bool,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            key: None,
            cached: false,
        }
    }
}

impl Authenticator {
    /// Verifies the key that a request carries, and that it is in one of `groups` (an empty list admits
    /// any key). Marks the header's value as sensitive.
    ///
    /// Most programs use [`ApiKeyLayer`](crate::ApiKeyLayer), the [`ApiKey`] extractor, or the
    /// [`route`](macro@crate::route) attribute instead.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] to answer with. The reason is logged, with the key's name, never its text.
    pub async fn authenticate(
        &self,
        parts: &mut Parts,
        groups: &[&str],
    ) -> Result<ApiKey, Rejection> {
        self.0.header.mark_sensitive(&mut parts.headers);
        let begun = self.begin(&parts.headers, &parts.extensions, groups);
        self.finish_just_begun(begun, groups)
            .await
            .map_err(|refusal| self.refuse(refusal, grpc(&parts.headers)))
    }

    /// As [`authenticate`](Self::authenticate), but a request without a key is `None`. In the style of
    /// [Odoo](crate::rejection::AnswerStyle::Odoo), every request is `None`.
    ///
    /// # Errors
    ///
    /// As [`authenticate`](Self::authenticate), but in the style of Odoo no key is refused.
    pub async fn authenticate_optional(
        &self,
        parts: &mut Parts,
    ) -> Result<Option<ApiKey>, Rejection> {
        self.0.header.mark_sensitive(&mut parts.headers);
        let begun = self.begin(&parts.headers, &parts.extensions, &[]);
        self.finish_optional(begun, || grpc(&parts.headers)).await
    }

    /// As [`authenticate`](Self::authenticate), inside a guard that may have verified the same key
    /// already. It verifies the key again, since it may have been revoked in between, but does not log
    /// and count an admitted key again.
    pub(crate) async fn authenticate_inside(&self, parts: &mut Parts) -> Result<ApiKey, Rejection> {
        self.0.header.mark_sensitive(&mut parts.headers);
        let begun = self.begin(&parts.headers, &parts.extensions, &[]);
        let decided = self.complete_inside(begun, parts).await;
        decided.map_err(|refusal| self.refuse(refusal, grpc(&parts.headers)))
    }

    /// As [`authenticate_inside`](Self::authenticate_inside), but a request without a key is `None`.
    pub(crate) async fn authenticate_optional_inside(
        &self,
        parts: &mut Parts,
    ) -> Result<Option<ApiKey>, Rejection> {
        self.0.header.mark_sensitive(&mut parts.headers);
        let begun = self.begin(&parts.headers, &parts.extensions, &[]);
        let decision = self.complete_inside(begun, parts);
        self.optional(decision, || grpc(&parts.headers)).await
    }

    /// The decision was begun in this poll.
    async fn complete_inside(
        &self,
        begun: EarlyDecision,
        parts: &Parts,
    ) -> Result<ApiKey, Refusal> {
        let (key, cached_at) = match begun {
            EarlyDecision::Admitted(key, recheck) => (key, Some(recheck.at)),
            begun => self.decision(begun, &[]).await?,
        };
        if !self.has_admitted(parts, &key) {
            self.record_admission(&key, cached_at);
        }
        Ok(key)
    }

    /// A request without a key is `None`. A wrong key is still refused, unless keys are ignored as in
    /// Odoo.
    pub(crate) async fn finish_optional(
        &self,
        begun: EarlyDecision,
        grpc: impl FnOnce() -> Option<HeaderValue>,
    ) -> Result<Option<ApiKey>, Rejection> {
        self.optional(self.finish(begun, &[]), grpc).await
    }

    async fn optional(
        &self,
        decision: impl Future<Output = Result<ApiKey, Refusal>>,
        grpc: impl FnOnce() -> Option<HeaderValue>,
    ) -> Result<Option<ApiKey>, Rejection> {
        if self.0.answers.is_odoo() {
            return Ok(None);
        }
        match decision.await {
            Ok(key) => Ok(Some(key)),
            Err(refusal) if refusal.reason == Reason::MissingKey => Ok(None),
            Err(refusal) => Err(self.refuse(refusal, grpc())),
        }
    }

    /// Verifies a key that did not come in an HTTP header but, for example, in a message of a
    /// WebSocket. `text` is the key as sent; `address` is the caller's, if it is known.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, NewKey, Reason, store::MemoryStore};
    ///
    /// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    /// auth.keys().create(NewKey::new("webshop", "user-7").text("swordfish").groups(["shop"])).await?;
    ///
    /// let key = auth.verify("swordfish", &["shop"], None).await.unwrap();
    /// assert_eq!(key.name, "webshop");
    /// let refused = auth.verify("swordfish", &["erp"], None).await.unwrap_err();
    /// assert_eq!(refused, Reason::ForbiddenGroup);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the key is refused; it is logged, too.
    pub async fn verify(
        &self,
        text: impl AsRef<[u8]>,
        groups: &[&str],
        address: Option<IpAddr>,
    ) -> Result<ApiKey, Reason> {
        let begun = self.begin_with(text.as_ref(), groups, || address);
        self.finish_just_begun(begun, groups)
            .await
            .map_err(|refusal| self.record_refusal(&refusal))
    }

    /// Verifies once more a key that was verified before, by the digests of its text. The store is asked.
    #[cfg(feature = "admin")]
    pub(crate) async fn verify_again(
        &self,
        digests: &[Digest],
        groups: &[&str],
        address: Option<IpAddr>,
    ) -> Result<ApiKey, Reason> {
        let found = self.0.lookup_queue.find_at_once(digests).await;
        let found = found.map_err(|Unavailable| Reason::Unavailable)?;
        let decided = self.decide(found, groups, address);
        decided.map_err(|refusal| self.record_refusal(&refusal))
    }

    /// The key that has this text, whatever its state.
    #[cfg(feature = "admin")]
    pub(crate) async fn with_text(&self, text: &str) -> Result<Option<ApiKey>, Reason> {
        let digests = self.0.peppers.digests(text.as_bytes());
        let found = self.0.lookup_queue.find_at_once(&digests).await;
        found.map_err(|Unavailable| Reason::Unavailable)
    }

    /// Waits until the last uses of keys are written. Call it at the end of a program, after its server
    /// was shut down. If the store fails, they are not written, and the log says so.
    ///
    /// Dropping the last clone of an authenticator also writes them, as long as the runtime lives.
    pub async fn flush(&self) {
        self.0.uses.flush().await;
    }

    /// Decides at once if memory is enough; otherwise begins to ask the store. It does not wait, so that
    /// a caller does not have to keep the request for a decision that is there.
    pub(crate) fn begin(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        groups: &[&str],
    ) -> EarlyDecision {
        match self.0.header.sent(headers) {
            Ok(text) => self.begin_with(text, groups, || self.caller_address(headers, extensions)),
            Err(reason) => EarlyDecision::Refused(reason.into()),
        }
    }

    /// The caller's address, if it is known.
    pub(crate) fn caller_address(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Option<IpAddr> {
        caller_address(headers, extensions, &self.0.proxies)
    }

    fn begin_with(
        &self,
        text: &[u8],
        groups: &[&str],
        address: impl FnOnce() -> Option<IpAddr>,
    ) -> EarlyDecision {
        let Inner {
            lookup_queue,
            peppers,
            cache,
            meter,
            ..
        } = &*self.0;
        if text.is_empty() {
            return EarlyDecision::Refused(Reason::MissingKey.into());
        }
        let (cache_key, forgotten) = (cache.key(text), cache.forgotten());
        let refused = |reason: Reason| {
            meter.cached(true);
            EarlyDecision::Refused(Refusal {
                cached: true,
                ..reason.into()
            })
        };
        let address = LazyCell::new(address);
        match cache.get(&cache_key, |key| self.check(key, groups, || *address)) {
            Cached::Known(key, checked, at) => {
                meter.cached(true);
                match checked {
                    Ok(()) => {
                        let address = (!key.networks.is_empty()).then(|| *address).flatten();
                        let recheck = Recheck {
                            at,
                            forgotten,
                            address,
                        };
                        EarlyDecision::Admitted(key, recheck)
                    }
                    Err(reason) => EarlyDecision::Refused(Refusal {
                        reason,
                        key: Some(key),
                        cached: true,
                    }),
                }
            }
            Cached::Unknown => refused(Reason::UnknownKey),
            Cached::Undecided => refused(Reason::Unavailable),
            Cached::Miss => {
                meter.cached(false);
                let digests = peppers.digests(text);
                let answer = Arc::clone(lookup_queue).find(cache_key, digests);
                EarlyDecision::AskStore(Box::pin(answer), *address)
            }
        }
    }

    /// Completes a decision that was begun in this poll, so nothing has changed since.
    async fn finish_just_begun(
        &self,
        begun: EarlyDecision,
        groups: &[&str],
    ) -> Result<ApiKey, Refusal> {
        match begun {
            EarlyDecision::Admitted(key, recheck) => {
                self.record_admission(&key, Some(recheck.at));
                Ok(key)
            }
            begun => self.finish(begun, groups).await,
        }
    }

    /// Completes a decision that was begun, perhaps long ago, if memory has admitted the key and still does.
    pub(crate) fn finish_from_memory(&self, begun: EarlyDecision) -> Result<ApiKey, EarlyDecision> {
        let (key, now) = self.still_admitted(begun)?;
        self.record_admission(&key, Some(now));
        Ok(key)
    }

    /// Completes a decision that was begun, perhaps long ago.
    pub(crate) async fn finish(
        &self,
        begun: EarlyDecision,
        groups: &[&str],
    ) -> Result<ApiKey, Refusal> {
        let (key, cached_at) = self.decision(begun, groups).await?;
        self.record_admission(&key, cached_at);
        Ok(key)
    }

    /// The key that is admitted and, if memory has decided it, when.
    async fn decision(
        &self,
        begun: EarlyDecision,
        groups: &[&str],
    ) -> Result<(ApiKey, Option<Instant>), Refusal> {
        let (found, address) = match self.still_admitted(begun) {
            Ok((key, now)) => return Ok((key, Some(now))),
            Err(EarlyDecision::Refused(refusal)) => return Err(refusal),
            Err(EarlyDecision::Admitted(key, recheck)) => {
                let digests = key.digests().unwrap_or_default();
                // Boxed, so that it does not make the future of each request larger.
                let found = Box::pin(self.0.lookup_queue.find_at_once(digests)).await;
                (found, recheck.address)
            }
            Err(EarlyDecision::AskStore(answer, address)) => (answer.await, address),
        };
        let found = found.map_err(|Unavailable| Reason::Unavailable)?;
        Ok((self.decide(found, groups, address)?, None))
    }

    /// The key, and the time, if memory has admitted it and nothing has changed since. A program may await a
    /// route long after it has called it.
    fn still_admitted(&self, begun: EarlyDecision) -> Result<(ApiKey, Instant), EarlyDecision> {
        let EarlyDecision::Admitted(key, recheck) = begun else {
            return Err(begun);
        };
        match self.time_if_still_admitted(&key, &recheck) {
            Some(now) => Ok((key, now)),
            None => Err(EarlyDecision::Admitted(key, recheck)),
        }
    }

    /// The time, if a key that was admitted is certainly still admitted.
    fn time_if_still_admitted(&self, key: &ApiKey, recheck: &Recheck) -> Option<Instant> {
        let Inner {
            cache,
            policy,
            pending,
            ..
        } = &*self.0;
        let now = cache.trusted_now()?;
        let holds = cache.forgotten() == recheck.forgotten
            && pending.are_none()
            && (key.expires_at).is_none_or(|expiry| policy.clock.now() < expiry);
        holds.then_some(now)
    }

    /// Admits or refuses what the store has found.
    fn decide(
        &self,
        found: Option<ApiKey>,
        groups: &[&str],
        address: Option<IpAddr>,
    ) -> Result<ApiKey, Refusal> {
        let key = found.ok_or(Reason::UnknownKey)?;
        match self.check(&key, groups, || address) {
            Ok(()) => Ok(key),
            Err(reason) => Err(Refusal {
                key: Some(key),
                ..reason.into()
            }),
        }
    }

    /// Returns the reason if a request with this key is refused. The check is not recorded as a use.
    pub(crate) fn check(
        &self,
        key: &ApiKey,
        groups: &[&str],
        address: impl Fn() -> Option<IpAddr>,
    ) -> Result<(), Reason> {
        let Inner {
            policy, pending, ..
        } = &*self.0;
        policy.check(key, |code| key.in_group_fast(code), groups, &address)?;
        let check =
            |left: &KeyRecord| policy.check(left, |code| left.in_group(code), groups, &address);
        let left = pending.check(key, &policy.clock, check);
        left.map_err(|_| Reason::Unavailable)
    }

    /// Logs and counts an admitted key, and notes its use. `cached_at`: when memory decided it, if it did.
    fn record_admission(&self, key: &ApiKey, cached_at: Option<Instant>) {
        // The fields are read only if somebody listens: they are far from what a decision reads.
        tracing::debug!(
            key.id = key.id,
            key.name = key.name.as_str(),
            key.hint = %key.hint,
            cached = cached_at.is_some(),
            "admitted"
        );
        self.0.meter.decided(Ok(()));
        let now = cached_at.unwrap_or_else(|| self.0.policy.clock.coarse());
        self.0.uses.note(key, now);
    }

    /// Puts the admitted key into the request's extensions: as `ApiKey` to read, and as [`Admissions`].
    pub(crate) fn share(&self, parts: &mut Parts, key: Option<&ApiKey>) {
        // A key that another guard or layer has put there is not the one that was admitted here.
        parts.extensions.remove::<ApiKey>();
        if let Some(key) = key {
            parts.extensions.insert(key.clone());
            if let Ok(text) = self.0.header.sent(&parts.headers) {
                let admission = AdmittedKey {
                    by: Arc::clone(&self.0.cache),
                    id: key.id,
                    sent: self.0.cache.key(text),
                };
                Admissions::note(&mut parts.extensions, admission);
            }
        }
    }

    /// Whether this authenticator has already admitted this key by the same text.
    fn has_admitted(&self, parts: &Parts, key: &ApiKey) -> bool {
        Admissions::holds(&parts.extensions, |admission| {
            let text = self.0.header.sent(&parts.headers);
            Arc::ptr_eq(&admission.by, &self.0.cache)
                && admission.id == key.id
                && text.is_ok_and(|text| admission.sent == self.0.cache.key(text))
        })
    }

    #[cold]
    pub(crate) fn refuse(&self, refusal: Refusal, grpc: Option<HeaderValue>) -> Rejection {
        let reason = self.record_refusal(&refusal);
        Rejection::new(reason, refusal.key, grpc, Arc::clone(&self.0.answers))
    }

    /// Logs and counts a refusal.
    fn record_refusal(&self, refusal: &Refusal) -> Reason {
        let Refusal {
            reason,
            key,
            cached,
        } = refusal;
        let id = key.as_ref().map(|key| key.id);
        let name = key.as_ref().map(|key| key.name.as_str());
        let hint = key.as_ref().map(|key| tracing::field::display(&key.hint));
        tracing::info!(
            ?reason,
            key.id = id,
            key.name = name,
            key.hint = hint,
            cached,
            "refused"
        );
        if let (Reason::UnreadableKey, Some(key)) = (reason, key) {
            self.report_damages(key);
        }
        if *reason == Reason::UnknownNetwork {
            tracing::warn!(
                "a key with networks needs the caller's address: serve the router by \
                 `into_make_service_with_connect_info::<SocketAddr>()`, and let your proxies write \
                 addresses into `X-Forwarded-For`"
            );
        }
        self.0.meter.decided(Err(*reason));
        *reason
    }

    /// Logs a key with an unreadable row, once.
    fn report_damages(&self, key: &ApiKey) {
        let mut reported = self
            .0
            .damaged
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if reported.insert(key.id) {
            let damages: Vec<String> = key.damages.iter().map(ToString::to_string).collect();
            let damages = damages.join("; ");
            tracing::error!(
                key.id = key.id,
                key.name = key.name,
                damages,
                "a key is refused, because its row cannot be read: repair or delete the row"
            );
        }
    }

    /// The headers that carry a key.
    pub(crate) fn header(&self) -> &KeyHeader {
        &self.0.header
    }

    /// What time it is for keys.
    #[cfg(feature = "admin")]
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.policy.clock
    }

    /// How long keys may live.
    #[cfg(feature = "admin")]
    pub(crate) fn lifetimes(&self) -> Lifetimes {
        self.0.policy.lifetimes
    }

    /// The store that lists and changes keys.
    pub(crate) fn store(&self) -> Result<&Arc<dyn KeyStore>, StateError> {
        self.0.store.as_ref().ok_or(StateError::VerifyOnly)
    }

    pub(crate) fn answers(&self) -> &Answers {
        &self.0.answers
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("store", &self.0.lookup)
            .field("pepper_versions", &self.0.peppers)
            .field("cache", &self.0.cache)
            .field("header", &self.0.header.name)
            .finish_non_exhaustive()
    }
}
