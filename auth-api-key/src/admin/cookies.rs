//! The cookies of the pages: the token of a session, the token of a form, the language.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use cookie::{Cookie, SameSite};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Shared;
use crate::{error::Error, key::Digest};

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

    pub(super) fn read(text: &str) -> Option<Self> {
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
    pub(super) fn is_form(&self, form: &str) -> bool {
        Sha256::digest(self.form()) == Sha256::digest(form)
    }
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
    pub(super) fn of(shared: &Shared, request_path: &str, original: &str) -> Self {
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

    /// The token of the form to sign in, or a new one, which `kept` keeps in the browser. Other pages of the
    /// browser may have forms with the one that it has.
    pub(super) fn form_token_or_new(
        &self,
        headers: &HeaderMap,
        kept: &mut Option<HeaderValue>,
    ) -> Result<Token, Error> {
        if let Some(token) = self.form_token(headers) {
            return Ok(token);
        }
        let token = Token::new()?;
        *kept = Some(self.set(FORM_TOKEN, BASE64.encode(token.0), None));
        Ok(token)
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

    pub(super) fn forget(&self) -> HeaderValue {
        let at_once = cookie::time::Duration::ZERO;
        self.set(SESSION, String::new(), Some(at_once))
    }

    pub(super) fn choose_language(&self, tag: &str) -> HeaderValue {
        let year = cookie::time::Duration::days(365);
        self.set(LANGUAGE, tag.to_owned(), Some(year))
    }
}
