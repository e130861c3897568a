//! Signs in and out, and remembers a language.

use std::{net::IpAddr, sync::Arc};

use askama::Template;
use axum::{
    extract::{Extension, OriginalUri, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    access::{Access, redeem},
    cookies::{Cookies, Token},
    frame::{Frame, retry_after, shown},
    language::Language,
    sent::Sent,
};
use crate::{extract::Caller, key::Digest, rejection::Reason, store::NewSession};

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage<'a> {
    frame: &'a Frame,
    refused: Option<String>,
    /// Whether a code of the command line is asked for, and not a key.
    is_by_code: bool,
}

/// `/`: the list of keys. The browser may have asked without the last slash.
pub(super) async fn index(OriginalUri(uri): OriginalUri) -> Redirect {
    match uri.path().rsplit('/').next() {
        None | Some("") => Redirect::to("keys"),
        Some(last) => Redirect::to(&format!("./{last}/keys")),
    }
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Extension(cookies): Extension<Cookies>,
    headers: HeaderMap,
) -> Response {
    let browser = (&cookies, &headers);
    answered(&shared, frame, browser, StatusCode::OK, None)
}

/// The page, with a token for its form only.
fn answered(
    shared: &Shared,
    mut frame: Frame,
    (cookies, headers): (&Cookies, &HeaderMap),
    status: StatusCode,
    refused: Option<&str>,
) -> Response {
    let mut kept = None;
    let token = match cookies.form_token_or_new(headers, &mut kept) {
        Ok(token) => token,
        Err(error) => return frame.failed(&error),
    };
    frame.form = token.form();
    "sign-in".clone_into(&mut frame.page);
    let refused = refused.map(|id| frame.t(id));
    let set = kept.map(|kept| (header::SET_COOKIE, kept));
    (
        status,
        AppendHeaders(set),
        shown(&SignInPage {
            is_by_code: matches!(shared.access, Access::Code { .. }),
            frame: &frame,
            refused,
        }),
    )
        .into_response()
}

pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    Extension(cookies): Extension<Cookies>,
    frame: Frame,
    Caller(address): Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    let browser = (&cookies, &headers);
    let attempt = match shared.attempt(sent.typed("key"), address) {
        Ok(attempt) => attempt,
        Err(left) => {
            let (status, refused) = (StatusCode::TOO_MANY_REQUESTS, "sign-in-too-many");
            let page = answered(&shared, frame, browser, status, Some(refused));
            return (retry_after(left), page).into_response();
        }
    };
    let admitted = match admitted(&shared, sent.typed("key"), address).await {
        Ok(admitted) => admitted,
        Err(refused) => {
            let status = match refused {
                "sign-in-unavailable" => {
                    shared.uncount(attempt);
                    StatusCode::SERVICE_UNAVAILABLE
                }
                _ => StatusCode::UNAUTHORIZED,
            };
            return answered(&shared, frame, browser, status, Some(refused));
        }
    };
    shared.uncount(attempt);
    let begun = async {
        let token = Token::new()?;
        shared.add_operator_groups().await?;
        let sessions = shared.sessions();
        if let Some(before) = cookies.token(&headers) {
            sessions.end(&before.stored()).await?;
        }
        let session = NewSession {
            token: &token.stored(),
            key_id: admitted.key_id.unwrap_or(0),
            digests: &admitted.digests,
            now: shared.now(),
        };
        sessions.begin(session).await?;
        Ok(token)
    };
    match begun.await {
        Ok(token) => {
            let Admitted { name, key_id, .. } = admitted;
            tracing::info!(name, key.id = key_id, "signed in to the pages");
            let set = AppendHeaders([(header::SET_COOKIE, cookies.keep(&token))]);
            (set, Redirect::to("keys")).into_response()
        }
        Err(error) => frame.failed(&error),
    }
}

/// Who may sign in.
struct Admitted {
    name: String,
    /// None if it is by a code.
    key_id: Option<i64>,
    digests: Vec<Digest>,
}

/// Who may sign in by this text, or the id of the text that says why nobody may.
async fn admitted(
    shared: &Shared,
    text: &str,
    address: Option<IpAddr>,
) -> Result<Admitted, &'static str> {
    match &shared.access {
        Access::Code { actor, code } if redeem(code, text, shared.now()) => Ok(Admitted {
            name: actor.clone(),
            key_id: None,
            digests: Vec::new(),
        }),
        Access::Code { .. } | Access::Method(_) => Err("sign-in-code-refused"),
        Access::Groups { .. } => {
            let groups = shared.access.groups();
            match shared.auth.verify(text, &groups, address).await {
                Ok(key) => Ok(Admitted {
                    name: key.name.clone(),
                    key_id: Some(key.id),
                    digests: key.digests().unwrap_or_default().to_vec(),
                }),
                Err(Reason::Unavailable) => Err("sign-in-unavailable"),
                Err(Reason::ForbiddenGroup) => Err("sign-in-not-an-operator"),
                Err(_) => Err("sign-in-refused"),
            }
        }
    }
}

pub(super) async fn sign_out(
    State(shared): State<Arc<Shared>>,
    Extension(cookies): Extension<Cookies>,
    frame: Frame,
    headers: HeaderMap,
) -> Response {
    if let Some(token) = cookies.token(&headers)
        && let Err(error) = shared.sessions().end(&token.stored()).await
    {
        return frame.failed(&error);
    }
    let set = AppendHeaders([(header::SET_COOKIE, cookies.forget())]);
    (set, Redirect::to("sign-in")).into_response()
}

/// Chooses a language, and goes back to the page on which it was chosen.
pub(super) async fn choose_language(
    Extension(cookies): Extension<Cookies>,
    sent: Sent,
) -> Response {
    let Some(language) = Language::tagged(sent.field("language")) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let set = AppendHeaders([(
        header::SET_COOKIE,
        cookies.choose_language(&language.tag.to_string()),
    )]);
    // A page of this mount: its name and query.
    let page = sent.field("here");
    let name = page.split('?').next().unwrap_or_default();
    let is_page = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && format!("/{page}").parse::<Uri>().is_ok()
        && HeaderValue::try_from(page).is_ok();
    let back = if is_page { page } else { "keys" };
    (set, Redirect::to(back)).into_response()
}
