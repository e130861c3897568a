//! The guard of all pages: who may see them, who may change something, and which requests are refused.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    body::{Body, to_bytes},
    extract::{Extension, OriginalUri, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, header::Entry, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use cookie::{Cookie, SameSite};
use futures_util::future::{BoxFuture, FutureExt as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Shared;
use crate::{error::Error, key::Digest, rejection::Reason, route::AuthMethod, store::SessionStore};

/// The forms that change nothing: viewers may send them.
pub(super) const SEARCH_KEYS: &str = "/search-keys";
pub(super) const SEARCH_TRAIL: &str = "/search-trail";
/// The longest form, in bytes.
const FORM: usize = 64 * 1024;
const SESSION: &str = "api-keys";
const FORM_TOKEN: &str = "api-keys-form";
const LANGUAGE: &str = "api-keys-language";

/// A browser's token: 256 random bits.
#[derive(Clone, Copy)]
pub(super) struct Token([u8; 32]);

impl Token {
    pub(super) fn new() -> Result<Self, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.into()))?;
        Ok(Self(bytes))
    }

    /// A code, as printed.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(self.0))
    }

    fn read(text: &str) -> Option<Self> {
        BASE64.decode(text).ok()?.try_into().ok().map(Self)
    }

    fn under(&self, purpose: &str) -> Digest {
        let mut digest = Sha256::new_with_prefix(purpose);
        digest.update(self.0);
        Digest::from(<[u8; 32]>::from(digest.finalize()))
    }

    /// The digest for the store.
    pub(super) fn stored(&self) -> Digest {
        self.under("session")
    }

    /// What each form carries, so that no other page can send one.
    pub(super) fn form(&self) -> String {
        BASE64.encode(self.under("form").as_bytes())
    }

    /// Whether this is the form of the token. Compares digests, so that the time it takes reveals nothing.
    fn is_form(&self, form: &str) -> bool {
        Sha256::digest(self.form()) == Sha256::digest(form)
    }
}

/// A code, and until when it works; `None` after its use.
type Code = Mutex<Option<(Digest, SystemTime)>>;

/// Who may sign in.
pub(super) enum Access {
    /// Who has a key of one of these groups.
    Groups {
        managers: String,
        viewers: Option<String>,
    },
    /// Who has the code, until it is used or too old; and their name.
    Code { actor: String, code: Code },
    /// Whom the program knows, by its own method.
    Method(OwnMethod),
}

/// An [`AuthMethod`] with its state.
pub(super) type OwnMethod =
    Box<dyn Fn(&mut Parts) -> BoxFuture<'_, Result<Operator, Response>> + Send + Sync>;

/// An operator whom the program knows: what an [`AuthMethod`] of
/// [`admin_pages_by`](crate::Authenticator::admin_pages_by) gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    name: String,
    is_manager: bool,
}

impl Operator {
    /// Somebody who may see and change everything. The [trail](crate::guide::trail) has the name.
    pub fn manager(name: impl Into<String>) -> Self {
        let (name, is_manager) = (name.into(), true);
        Self { name, is_manager }
    }

    /// Somebody who may see everything, and change nothing.
    pub fn viewer(name: impl Into<String>) -> Self {
        let (name, is_manager) = (name.into(), false);
        Self { name, is_manager }
    }
}

pub(super) fn method<M>(state: M::State) -> Access
where
    M: AuthMethod<Identity = Operator>,
    M::State: 'static,
{
    let state = Arc::new(state);
    Access::Method(Box::new(move |parts| {
        let state = Arc::clone(&state);
        let refused = |rejection: M::Rejection| rejection.into_response();
        async move { M::authenticate(parts, &state).await.map_err(refused) }.boxed()
    }))
}

impl Access {
    /// The group whose keys may change something.
    pub(super) fn managers(&self) -> Option<&str> {
        match self {
            Self::Groups { managers, .. } => Some(managers),
            Self::Code { .. } | Self::Method(_) => None,
        }
    }

    /// The groups whose keys may see the pages.
    pub(super) fn groups(&self) -> Vec<&str> {
        match self {
            Self::Groups { managers, viewers } => {
                let viewers = viewers.as_deref();
                viewers.into_iter().chain([managers.as_str()]).collect()
            }
            Self::Code { .. } | Self::Method(_) => Vec::new(),
        }
    }
}

/// Uses the code up, if this is it and it still works.
pub(super) fn redeem(code: &Code, text: &str, now: SystemTime) -> bool {
    let sent = Token::read(text).map(|token| token.stored());
    let mut code = code.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |(code, until): &mut (Digest, SystemTime)| Some(*code) == sent && now < *until;
    code.take_if(is_it).is_some()
}

/// Who is signed in.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The name under which they change keys.
    pub(super) name: String,
    /// The key that they signed in with, if it was one.
    pub(super) key: Option<i64>,
    pub(super) is_manager: bool,
    pub(super) token: Token,
}

/// The cookies of one mount: two routers of one host do not take those of each other.
#[derive(Clone, Debug)]
pub(super) struct Cookies {
    /// A prefix that ties cookies to one host.
    host: &'static str,
    mount: String,
    is_https: bool,
}

impl Cookies {
    fn of(shared: &Shared, request_path: &str, original: &str) -> Self {
        let mount = original.strip_suffix(request_path).unwrap_or_default();
        let named = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("-{byte:02x}"),
        };
        let mount = mount.bytes().map(named).collect();
        let is_https = shared.origin.is_https;
        // Safari takes no `__Host-` over plain HTTP.
        let host = if is_https { "__Host-" } else { "" };
        Self {
            host,
            mount,
            is_https,
        }
    }

    fn named(&self, purpose: &str) -> String {
        format!("{}{purpose}{}", self.host, self.mount)
    }

    fn get(headers: &HeaderMap, name: &str) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).into_iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
        let found = cookies.find(|cookie| cookie.name() == name)?;
        Some(found.value().to_owned())
    }

    /// The token of the session.
    pub(super) fn token(&self, headers: &HeaderMap) -> Option<Token> {
        Token::read(&Self::get(headers, &self.named(SESSION))?)
    }

    /// The token of the form to sign in.
    pub(super) fn form_token(&self, headers: &HeaderMap) -> Option<Token> {
        Token::read(&Self::get(headers, &self.named(FORM_TOKEN))?)
    }

    pub(super) fn chosen_language(&self, headers: &HeaderMap) -> Option<String> {
        Self::get(headers, &self.named(LANGUAGE))
    }

    fn set(
        &self,
        purpose: &str,
        value: String,
        lasts: Option<cookie::time::Duration>,
    ) -> HeaderValue {
        let cookie = Cookie::build((self.named(purpose), value))
            .path("/")
            .http_only(true)
            .secure(self.is_https)
            .same_site(SameSite::Strict);
        let cookie = match lasts {
            Some(lasts) => cookie.max_age(lasts),
            None => cookie,
        };
        let value = HeaderValue::try_from(cookie.to_string());
        let mut value = value.expect("a cookie of ASCII");
        value.set_sensitive(true);
        value
    }

    pub(super) fn keep(&self, token: &Token) -> HeaderValue {
        self.set(SESSION, BASE64.encode(token.0), None)
    }

    pub(super) fn keep_form(&self, token: &Token) -> HeaderValue {
        self.set(FORM_TOKEN, BASE64.encode(token.0), None)
    }

    pub(super) fn forget(&self) -> HeaderValue {
        let at_once = cookie::time::Duration::ZERO;
        self.set(SESSION, String::new(), Some(at_once))
    }

    pub(super) fn choose_language(&self, tag: &str) -> HeaderValue {
        let year = cookie::time::Duration::days(365);
        self.set(LANGUAGE, tag.to_owned(), Some(year))
    }
}

impl Shared {
    pub(super) fn sessions(&self) -> &dyn SessionStore {
        let store = match &self.access {
            Access::Groups { .. } => self.auth.store().ok(),
            // A session without a key is nobody's but this process's.
            Access::Code { .. } | Access::Method(_) => None,
        };
        let kept = store.and_then(|store| store.sessions());
        kept.unwrap_or(&self.own_sessions)
    }

    pub(super) fn now(&self) -> SystemTime {
        self.auth.clock().now()
    }
}

/// For all pages: refuses requests for other hosts and forms from other pages, and sets headers that keep
/// other pages out.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let original = request.extensions().get::<OriginalUri>();
    let original = original.map_or(request.uri(), |OriginalUri(original)| original);
    let cookies = Cookies::of(&shared, request.uri().path(), original.path());
    let is_form = request.method() == Method::POST;
    let mut answer = if !shared.origin.is_host_of(original, request.headers()) {
        let refused = "the pages are on another host: see `admin_pages`";
        (StatusCode::MISDIRECTED_REQUEST, refused).into_response()
    } else if is_form && !shared.origin.has_sent(request.headers()) {
        forged().into_response()
    } else {
        request.extensions_mut().insert(cookies);
        if let Entry::Occupied(mut sent) = request.headers_mut().entry(header::COOKIE) {
            sent.iter_mut().for_each(|value| value.set_sensitive(true));
        }
        next.run(request).await
    };
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        let value = HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
    }
    answer
}

fn forged() -> (StatusCode, &'static str) {
    let refused =
        "this form was not sent by one of the pages: open the page again, and send its form";
    (StatusCode::FORBIDDEN, refused)
}

/// For all forms, also to sign in: each must be made for the browser that sends it.
pub(super) async fn check_form(
    Extension(cookies): Extension<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut fields = form_urlencoded::parse(&body);
    let sent = fields.find(|(name, _)| name == "form");
    let tokens = [
        cookies.token(&parts.headers),
        cookies.form_token(&parts.headers),
    ];
    let mut tokens = tokens.into_iter().flatten();
    match sent {
        Some((_, form)) if tokens.any(|token| token.is_form(&form)) => {
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        _ => forged().into_response(),
    }
}

/// Around all pages but that for signing in: only for who is signed in, and whose key would be admitted
/// now. Only managers may send forms that change something.
pub(super) async fn signed_in(
    State(shared): State<Arc<Shared>>,
    Extension(cookies): Extension<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let found = match &shared.access {
        Access::Method(method) => known(method, &mut parts, &cookies).await,
        Access::Code { actor, .. } => {
            let resumed = resumed(&shared, &parts, &cookies).await;
            resumed.map(|(token, _)| Visitor {
                name: actor.clone(),
                key: None,
                is_manager: true,
                token,
            })
        }
        Access::Groups { managers, .. } => by_key(&shared, managers, &parts, &cookies).await,
    };
    let visitor = match found {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let is_search = [SEARCH_KEYS, SEARCH_TRAIL].contains(&parts.uri.path());
    let is_change = parts.method == Method::POST && !is_search;
    if is_change && !visitor.is_manager {
        let refused = "you may see these pages, and change nothing";
        return (StatusCode::FORBIDDEN, refused).into_response();
    }
    let kept = match cookies.form_token(&parts.headers) {
        None if matches!(shared.access, Access::Method(_)) => {
            Some(cookies.keep_form(&visitor.token))
        }
        _ => None,
    };
    parts.extensions.insert(visitor);
    // One change after the other, so that none is made on what another has just altered.
    let _turn = match is_change {
        true => Some(shared.changes.lock().await),
        false => None,
    };
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    if let Some(kept) = kept {
        answer.headers_mut().append(header::SET_COOKIE, kept);
    }
    answer
}

/// Whom the program knows. What belongs to their forms is in a cookie by itself.
async fn known(
    method: &OwnMethod,
    parts: &mut Parts,
    cookies: &Cookies,
) -> Result<Visitor, Response> {
    let Operator { name, is_manager } = method(parts).await?;
    let token = match cookies.form_token(&parts.headers) {
        Some(token) => token,
        None => Token::new().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())?,
    };
    Ok(Visitor {
        name,
        key: None,
        is_manager,
        token,
    })
}

fn nobody() -> Response {
    Redirect::to("sign-in").into_response()
}

fn unavailable() -> Response {
    let text = "the key store cannot be asked: try again in a moment";
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

/// The session of who has signed in, and the digests of their key.
async fn resumed(
    shared: &Shared,
    parts: &Parts,
    cookies: &Cookies,
) -> Result<(Token, Vec<Digest>), Response> {
    let token = cookies.token(&parts.headers).ok_or_else(nobody)?;
    let (sessions, stored) = (shared.sessions(), token.stored());
    let resumed = sessions.resume(&stored, shared.now()).await;
    let resumed = resumed.map_err(|error| {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "the sessions of the pages cannot be read");
        unavailable()
    })?;
    Ok((token, resumed.ok_or_else(nobody)?))
}

async fn by_key(
    shared: &Shared,
    managers: &str,
    parts: &Parts,
    cookies: &Cookies,
) -> Result<Visitor, Response> {
    let (token, digests) = resumed(shared, parts, cookies).await?;
    let groups = shared.access.groups();
    let address = shared
        .auth
        .caller_address(&parts.headers, &parts.extensions);
    match shared.auth.verify_again(&digests, &groups, address).await {
        Ok(key) => Ok(Visitor {
            name: key.name.clone(),
            key: Some(key.id),
            is_manager: key.in_group(managers),
            token,
        }),
        Err(Reason::Unavailable) => Err(unavailable()),
        Err(reason) => {
            // It does not go on if the key is admitted again. At another address it may.
            if !matches!(reason, Reason::UnknownNetwork | Reason::ForbiddenNetwork)
                && let Err(error) = shared.sessions().end(&token.stored()).await
            {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "a session of the pages cannot be ended");
            }
            Err(nobody())
        }
    }
}
