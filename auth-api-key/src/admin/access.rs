//! The guard of all pages: who may see them, who may change something, and which requests are refused.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    body::{Body, to_bytes},
    extract::{Extension, FromRequestParts as _, OriginalUri, Request, State},
    http::{HeaderValue, Method, StatusCode, header, header::Entry, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use futures_util::future::{BoxFuture, FutureExt as _};

use super::{
    Shared,
    cookies::{Cookies, Token},
    frame::Frame,
    visitor::Visitor,
};
use crate::{key::Digest, rejection::Reason, route::AuthMethod, store::SessionStore};

/// The forms that change nothing: viewers may send them.
pub(super) const SEARCH_KEYS: &str = "/search-keys";
pub(super) const SEARCH_TRAIL: &str = "/search-trail";
/// A form for managers that changes nothing.
pub(super) const CHECK_KEY: &str = "/check-key";
/// The longest form, in bytes.
const FORM: usize = 64 * 1024;

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
    /// Somebody who may see and change everything. The [trail](crate::guide::trail) has the name, with ` (no key)`
    /// after it if it has ` (key ` in it.
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

impl Shared {
    pub(super) fn sessions(&self) -> &dyn SessionStore {
        let store = match &self.access {
            Access::Groups { .. } => self.auth.store().ok(),
            // These sessions have no key, so only this process keeps them.
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
        let refused = format!("the address of these pages begins with {}\n", shared.origin);
        (StatusCode::MISDIRECTED_REQUEST, refused).into_response()
    } else if is_form && !shared.origin.has_sent(request.headers()) {
        invalid_form(&shared, &mut request.into_parts().0).await
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

/// The answer to a form that no page of this origin has sent in this browser, or whose session has ended.
async fn invalid_form(shared: &Arc<Shared>, parts: &mut Parts) -> Response {
    refused(shared, parts, StatusCode::FORBIDDEN, "refused-form").await
}

/// The page that says with this text why there is no other one.
async fn refused(
    shared: &Arc<Shared>,
    parts: &mut Parts,
    status: StatusCode,
    text: &str,
) -> Response {
    let Ok(frame) = Frame::from_request_parts(parts, shared).await;
    frame.refusal(status, text, String::new())
}

/// For all forms, also to sign in: each must be made for the browser that sends it.
pub(super) async fn check_form(
    State(shared): State<Arc<Shared>>,
    Extension(cookies): Extension<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
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
        _ => invalid_form(&shared, &mut parts).await,
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
    let mut kept = None;
    let found = match &shared.access {
        Access::Method(method) => known(method, &mut parts, &cookies, &mut kept).await,
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
        Err(NotSignedIn::Refused(refused)) => return refused,
        Err(NotSignedIn::Unavailable) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return refused(&shared, &mut parts, status, "failed-store").await;
        }
    };
    let is_search = [SEARCH_KEYS, SEARCH_TRAIL].contains(&parts.uri.path());
    let is_of_managers = parts.method == Method::POST && !is_search;
    if is_of_managers && !visitor.is_manager {
        return refused(&shared, &mut parts, StatusCode::FORBIDDEN, "viewer-help").await;
    }
    parts.extensions.insert(visitor);
    // One change after the other, so that none is made on what another has just altered.
    let _turn = match is_of_managers && parts.uri.path() != CHECK_KEY {
        true => Some(shared.changes.lock().await),
        false => None,
    };
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    if let Some(kept) = kept {
        answer.headers_mut().append(header::SET_COOKIE, kept);
    }
    answer
}

/// Whom the program knows. What belongs to their forms is in a cookie by itself: `kept`, if it is new.
async fn known(
    method: &OwnMethod,
    parts: &mut Parts,
    cookies: &Cookies,
    kept: &mut Option<HeaderValue>,
) -> Result<Visitor, NotSignedIn> {
    let Operator { name, is_manager } = method(parts).await.map_err(NotSignedIn::Refused)?;
    let token = cookies.form_token_or_new(&parts.headers, kept);
    let failed = |_| NotSignedIn::Refused(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    let token = token.map_err(failed)?;
    Ok(Visitor {
        name,
        key: None,
        is_manager,
        token,
    })
}

/// Why a page is not shown.
enum NotSignedIn {
    /// The answer says so.
    Refused(Response),
    /// The store cannot be asked.
    Unavailable,
}

fn nobody() -> NotSignedIn {
    NotSignedIn::Refused(Redirect::to("sign-in").into_response())
}

/// The session of who has signed in, and the digests of their key.
async fn resumed(
    shared: &Shared,
    parts: &Parts,
    cookies: &Cookies,
) -> Result<(Token, Vec<Digest>), NotSignedIn> {
    let token = cookies.token(&parts.headers).ok_or_else(nobody)?;
    let (sessions, stored) = (shared.sessions(), token.stored());
    let resumed = sessions.resume(&stored, shared.now()).await;
    let resumed = resumed.map_err(|error| {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "the sessions of the pages cannot be read");
        NotSignedIn::Unavailable
    })?;
    Ok((token, resumed.ok_or_else(nobody)?))
}

async fn by_key(
    shared: &Shared,
    managers: &str,
    parts: &Parts,
    cookies: &Cookies,
) -> Result<Visitor, NotSignedIn> {
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
        Err(Reason::Unavailable) => Err(NotSignedIn::Unavailable),
        Err(reason) => {
            // The session ends, so that it does not go on when the key is usable again. After a refusal for its
            // network it stays: the operator may come back from another address.
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
