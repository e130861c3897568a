//! Signs in and out, and remembers a language.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Extension, Form, OriginalUri, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    access::{Cookies, Token},
    frame::{Frame, shown},
    language::Language,
};
use crate::{extract::Caller, rejection::Reason};

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    frame: Frame,
    refused: Option<String>,
}

/// `/`: the list of keys. The browser may have asked without the last slash.
pub(super) async fn index(OriginalUri(uri): OriginalUri) -> Redirect {
    match uri.path().rsplit('/').next() {
        None | Some("") => Redirect::to("keys"),
        Some(last) => Redirect::to(&format!("{last}/keys")),
    }
}

pub(super) async fn page(frame: Frame, Extension(cookies): Extension<Cookies>) -> Response {
    answered(frame, &cookies, None)
}

/// The page with a new token for its form, which is no session.
fn answered(mut frame: Frame, cookies: &Cookies, refused: Option<&str>) -> Response {
    let token = match Token::new() {
        Ok(token) => token,
        Err(error) => return frame.failed(&error),
    };
    frame.form = token.form();
    "sign-in".clone_into(&mut frame.page);
    let refused = refused.map(|id| frame.t(id));
    let status = match refused {
        Some(_) => StatusCode::UNAUTHORIZED,
        None => StatusCode::OK,
    };
    let set = AppendHeaders([(header::SET_COOKIE, cookies.keep_form(&token))]);
    (status, set, shown(&SignInPage { frame, refused })).into_response()
}

pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    Extension(cookies): Extension<Cookies>,
    frame: Frame,
    Caller(address): Caller,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let text = sent.get("key").map_or("", |key| key.trim());
    let key = match shared.auth.verify(text, &shared.groups(), address).await {
        Ok(key) => key,
        Err(Reason::Unavailable) => {
            return answered(frame, &cookies, Some("sign-in-unavailable"));
        }
        Err(Reason::ForbiddenGroup) => {
            return answered(frame, &cookies, Some("sign-in-not-an-operator"));
        }
        Err(_) => return answered(frame, &cookies, Some("sign-in-refused")),
    };
    let begun = async {
        let token = Token::new()?;
        let digests = key.digests().unwrap_or_default();
        let sessions = shared.sessions();
        sessions
            .begin(&token.stored(), digests, shared.now())
            .await?;
        Ok(token)
    };
    match begun.await {
        Ok(token) => {
            tracing::info!(
                key.id = key.id,
                key.name = key.name,
                "signed in to the pages"
            );
            let set = AppendHeaders([(header::SET_COOKIE, cookies.keep(&token))]);
            (set, Redirect::to("keys")).into_response()
        }
        Err(error) => frame.failed(&error),
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
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let field = |name: &str| sent.get(name).map_or("", String::as_str);
    let Some(language) = Language::tagged(field("language")) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let set = AppendHeaders([(
        header::SET_COOKIE,
        cookies.choose_language(&language.tag.to_string()),
    )]);
    // A page of this mount: the name of one, and its query.
    let page = field("here");
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
