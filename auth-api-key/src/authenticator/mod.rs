//! From a header to a decision: the one place that decides yes or no.

mod administration;
mod builder;
mod cache;
mod caller;
mod meter;
#[cfg(feature = "odoo")]
mod odoo;
mod uses;
mod watch;

use std::{fmt, net::IpAddr, sync::Arc, time::SystemTime};

use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, Entry},
    request::Parts,
};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tokio::task::AbortHandle;

pub use self::builder::Builder;
#[cfg(feature = "odoo")]
pub use self::odoo::{Imported, SkipReason, Skipped};
use self::{
    cache::{Cache, Cached, Outcome, Unavailable},
    caller::caller,
    meter::Meter,
    uses::Uses,
};
use crate::{
    ApiKey, Error, KeyRecord, KeyStore, Reason, Rejection, key::Peppers, rejection::Answers,
};

/// Verifies API keys, and creates, rotates and archives them.
///
/// Put one into the router's state: every guarded handler finds it there. It is a shared pointer
/// with a cache behind it; clone it rather than opening a store twice.
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
/// let created = auth.create(NewKey::new("webshop", "user-7")).await?;
/// println!("{}", created.secret.expose());
///
/// let app: Router = Router::new().merge(routes![my_service]).with_state(AppState { auth });
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

struct Inner {
    store: Arc<dyn KeyStore>,
    /// What keys are found in: the store, or what lies over it.
    lookup: Arc<dyn KeyStore>,
    peppers: Peppers,
    cache: Arc<Cache>,
    meter: Arc<Meter>,
    uses: Uses,
    watching: Option<AbortHandle>,
    header: HeaderName,
    bearer: bool,
    proxies: Vec<IpNet>,
    archived_users: ArchivedUsers,
    answers: Arc<Answers>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(watching) = &self.watching {
            watching.abort();
        }
    }
}

/// What becomes of the keys of an archived user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArchivedUsers {
    /// Their keys are refused.
    #[default]
    Reject,
    /// Their keys go on working, as in Odoo unless it is told otherwise.
    Ignore,
}

/// A decision that may still wait for the store.
pub(crate) enum Begun {
    Decided(Result<ApiKey, Refusal>),
    /// The store's answer, and the caller's address.
    Asking(BoxFuture<'static, Outcome>, Option<IpAddr>),
}

/// A refusal, and the key that was refused where there is one.
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
    /// Opens the store at `url`, with the default settings: see [`Builder::connect`].
    ///
    /// # Errors
    ///
    /// As [`Builder::connect`].
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::builder().connect(url).await
    }

    /// Settings other than the default ones, or a store of one's own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Verifies the key that a request carries, and that it is in one of `groups` (any key will do
    /// where there are none). Marks the header's value as sensitive.
    ///
    /// This is what the [`ApiKey`] extractor and [`ApiKeyLayer`](crate::ApiKeyLayer) call; most
    /// programs use one of these, or the [`route`](macro@crate::route) attribute, instead.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] to answer with. The reason is logged, with the key's name, never its text.
    pub async fn authenticate<G: AsRef<str>>(
        &self,
        parts: &mut Parts,
        groups: &[G],
    ) -> Result<ApiKey, Rejection> {
        self.mark_sensitive(&mut parts.headers);
        let begun = self.begin(&parts.headers, &parts.extensions, groups);
        self.finish(begun, groups)
            .await
            .map_err(|refusal| self.refuse(refusal))
    }

    /// As [`authenticate`](Self::authenticate), but a request without a key is `None`; as
    /// [Odoo](crate::AnswerStyle::Odoo) answers, one with a key, too.
    ///
    /// # Errors
    ///
    /// As [`authenticate`](Self::authenticate); a wrong key is still refused.
    pub async fn authenticate_optional(
        &self,
        parts: &mut Parts,
    ) -> Result<Option<ApiKey>, Rejection> {
        self.mark_sensitive(&mut parts.headers);
        let begun = self.begin::<&str>(&parts.headers, &parts.extensions, &[]);
        self.finish_optional(begun).await
    }

    /// No key is nobody; a wrong key is still refused, unless keys are ignored as in Odoo.
    pub(crate) async fn finish_optional(&self, begun: Begun) -> Result<Option<ApiKey>, Rejection> {
        if self.0.answers.is_odoo() {
            return Ok(None);
        }
        match self.finish::<&str>(begun, &[]).await {
            Ok(key) => Ok(Some(key)),
            Err(refusal) if refusal.reason == Reason::MissingKey => Ok(None),
            Err(refusal) => Err(self.refuse(refusal)),
        }
    }

    /// Verifies a key that came by another way than an HTTP header, such as a message of a
    /// WebSocket: `text` is the key as sent, `address` that of the caller, where it is known.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
    /// use auth_api_key::{Authenticator, MemoryStore, NewKey, Reason};
    ///
    /// let auth = Authenticator::builder().store(MemoryStore::new()).await?;
    /// auth.create(NewKey::new("webshop", "user-7").text("swordfish").groups(["shop"])).await?;
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
    pub async fn verify<G: AsRef<str>>(
        &self,
        text: impl AsRef<[u8]>,
        groups: &[G],
        address: Option<IpAddr>,
    ) -> Result<ApiKey, Reason> {
        let begun = self.begin_with(text.as_ref(), groups, || address);
        self.finish(begun, groups)
            .await
            .map_err(|refusal| self.refused(&refusal))
    }

    /// Decides at once where memory can; otherwise asks the store. Nothing waits yet, so that a
    /// caller need not keep the request for a decision that is there.
    pub(crate) fn begin<G: AsRef<str>>(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        groups: &[G],
    ) -> Begun {
        match self.sent_key(headers) {
            Ok(text) => self.begin_with(text, groups, || {
                caller(headers, extensions, &self.0.proxies)
            }),
            Err(reason) => Begun::Decided(Err(reason.into())),
        }
    }

    fn begin_with<G: AsRef<str>>(
        &self,
        text: &[u8],
        groups: &[G],
        address: impl FnOnce() -> Option<IpAddr>,
    ) -> Begun {
        let Inner {
            lookup,
            peppers,
            cache,
            meter,
            ..
        } = &*self.0;
        if text.is_empty() {
            return Begun::Decided(Err(Reason::MissingKey.into()));
        }
        let cache_key = cache.key(text);
        let found = match cache.get(&cache_key) {
            Cached::Known(key) => Some(key),
            Cached::Unknown => None,
            Cached::Miss => {
                meter.cached(false);
                let digests = peppers.digests(text);
                let answer = Arc::clone(cache).load(cache_key, Arc::clone(lookup), digests);
                return Begun::Asking(Box::pin(answer), address());
            }
        };
        meter.cached(true);
        Begun::Decided(self.admit(found, groups, address, true))
    }

    /// Waits for a decision that was begun.
    pub(crate) async fn finish<G: AsRef<str>>(
        &self,
        begun: Begun,
        groups: &[G],
    ) -> Result<ApiKey, Refusal> {
        match begun {
            Begun::Decided(decision) => decision,
            Begun::Asking(answer, address) => match answer.await {
                Ok(found) => self.admit(found, groups, || address, false),
                Err(Unavailable) => Err(Reason::Unavailable.into()),
            },
        }
    }

    /// Says yes or no.
    fn admit<G: AsRef<str>>(
        &self,
        found: Option<ApiKey>,
        groups: &[G],
        address: impl FnOnce() -> Option<IpAddr>,
        cached: bool,
    ) -> Result<ApiKey, Refusal> {
        let refusal = |reason, key| Refusal {
            reason,
            key,
            cached,
        };
        let key = found.ok_or_else(|| refusal(Reason::UnknownKey, None))?;
        match self.check(&key, groups, address) {
            Ok(()) => {
                let (id, name, hint) = (key.id, key.name.as_str(), key.hint.as_str());
                tracing::debug!(
                    key.id = id,
                    key.name = name,
                    key.hint = hint,
                    cached,
                    "admitted"
                );
                self.0.meter.decided(Ok(()));
                if key.is_first_use() {
                    self.0.uses.note(key.id);
                }
                Ok(key)
            }
            Err(reason) => Err(refusal(reason, Some(key))),
        }
    }

    /// The text of the one key that was sent.
    fn sent_key<'a>(&self, headers: &'a HeaderMap) -> Result<&'a [u8], Reason> {
        let own = headers.get_all(&self.0.header).iter();
        let mut texts = own.map(HeaderValue::as_bytes).chain(
            self.0
                .bearer
                .then(|| {
                    headers
                        .get_all(AUTHORIZATION)
                        .iter()
                        .filter_map(bearer_token)
                })
                .into_iter()
                .flatten(),
        );
        match (texts.next(), texts.next()) {
            (None, _) => Err(Reason::MissingKey),
            (Some(text), None) => Ok(text),
            (_, Some(_)) => Err(Reason::SentTwice),
        }
    }

    /// The header that carries the key.
    pub(crate) fn header(&self) -> &HeaderName {
        &self.0.header
    }

    /// Keeps what logs requests after the guard from showing the key.
    pub(crate) fn mark_sensitive(&self, headers: &mut HeaderMap) {
        let bearer = self.0.bearer.then_some(&AUTHORIZATION);
        for name in std::iter::once(&self.0.header).chain(bearer) {
            if let Entry::Occupied(mut values) = headers.entry(name) {
                values
                    .iter_mut()
                    .for_each(|value| value.set_sensitive(true));
            }
        }
    }

    fn check<G: AsRef<str>>(
        &self,
        key: &KeyRecord,
        groups: &[G],
        address: impl FnOnce() -> Option<IpAddr>,
    ) -> Result<(), Reason> {
        if !key.active {
            return Err(Reason::ArchivedKey);
        }
        if key
            .expires_at
            .is_some_and(|expiry| expiry <= SystemTime::now())
        {
            return Err(Reason::ExpiredKey);
        }
        if !key.user_active && self.0.archived_users == ArchivedUsers::Reject {
            return Err(Reason::ArchivedUser);
        }
        if !groups.is_empty() && !groups.iter().any(|group| key.in_group(group.as_ref())) {
            return Err(Reason::ForbiddenGroup);
        }
        if !key.networks.is_empty() {
            let address = address().ok_or(Reason::UnknownNetwork)?.to_canonical();
            if !key
                .networks
                .iter()
                .any(|network| network.contains(&address))
            {
                return Err(Reason::ForbiddenNetwork);
            }
        }
        Ok(())
    }

    #[cold]
    pub(crate) fn refuse(&self, refusal: Refusal) -> Rejection {
        let reason = self.refused(&refusal);
        Rejection::new(reason, refusal.key, Arc::clone(&self.0.answers))
    }

    /// Logs and counts a refusal.
    fn refused(&self, refusal: &Refusal) -> Reason {
        let Refusal {
            reason,
            key,
            cached,
        } = refusal;
        let id = key.as_ref().map(|key| key.id);
        let name = key.as_ref().map(|key| key.name.as_str());
        let hint = key.as_ref().map(|key| key.hint.as_str());
        tracing::info!(
            ?reason,
            key.id = id,
            key.name = name,
            key.hint = hint,
            cached,
            "refused"
        );
        if *reason == Reason::UnknownNetwork {
            tracing::warn!(
                "a key with networks needs the caller's address: serve the router with \
                 `into_make_service_with_connect_info::<SocketAddr>()`, and see that the proxies \
                 write addresses into `X-Forwarded-For`"
            );
        }
        self.0.meter.decided(Err(*reason));
        *reason
    }

    pub(crate) fn answers(&self) -> &Answers {
        &self.0.answers
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("store", &self.0.store)
            .field("pepper_versions", &self.0.peppers)
            .field("cache", &self.0.cache)
            .field("header", &self.0.header)
            .finish_non_exhaustive()
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750); other schemes are none of ours.
fn bearer_token(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked(7)?;
    scheme
        .eq_ignore_ascii_case(b"bearer ")
        .then(|| token.trim_ascii_start())
}
