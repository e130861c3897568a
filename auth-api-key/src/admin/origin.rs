//! The origin of the pages: whether a request is for it, and whether its page sent a form. `access` refuses.

use std::{fmt, net::IpAddr};

use axum::http::{HeaderMap, Uri, header, uri::Scheme};

/// Why an origin cannot be that of the pages.
#[derive(Debug, thiserror::Error)]
#[error(
    "{origin:?} {problem}; give the address under which browsers find the pages, without a path, such as \
     \"https://keys.example.com\""
)]
#[non_exhaustive]
pub struct OriginError {
    origin: String,
    problem: &'static str,
}

/// The scheme, host and port under which browsers find the pages (RFC 6454).
#[derive(Clone, Debug)]
pub(super) struct Origin {
    text: String,
    authority: String,
    pub(super) is_https: bool,
}

impl Origin {
    pub(super) fn read(origin: &str) -> Result<Self, OriginError> {
        let wrong = |problem| OriginError {
            origin: origin.to_owned(),
            problem,
        };
        let uri: Uri = origin.parse().map_err(|_| wrong("is not an address"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(wrong("does not say `https://` and a host"));
        };
        if uri.path() != "/" || uri.query().is_some() {
            return Err(wrong("has a path"));
        }
        if authority.as_str().contains('@') {
            return Err(wrong("has a user"));
        }
        let is_https = *scheme == Scheme::HTTPS;
        if !is_https && *scheme != Scheme::HTTP {
            return Err(wrong("is neither `https` nor `http`"));
        }
        let host = authority.host().trim_matches(['[', ']']);
        let is_loopback = host.eq_ignore_ascii_case("localhost")
            || host
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback());
        if !is_https && !is_loopback {
            return Err(wrong(
                "is plain `http`, so everybody on the way could read keys: only a loopback address may be",
            ));
        }
        let authority = without_default_port(authority.as_str(), is_https);
        Ok(Self {
            text: format!("{scheme}://{authority}"),
            authority,
            is_https,
        })
    }

    /// Whether a request is for this host: another name that leads here may be an attacker's.
    pub(super) fn is_host_of(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).map(|host| host.to_str());
        let host = match host {
            Some(host) => host.ok(),
            // HTTP/2 has it in the address.
            None => uri.authority().map(|authority| authority.as_str()),
        };
        host.is_some_and(|host| without_default_port(host, self.is_https) == self.authority)
    }

    /// Whether a page of this origin has sent a form, as far as the browser says so.
    pub(super) fn has_sent(&self, headers: &HeaderMap) -> bool {
        let value = |name| {
            headers
                .get(name)
                .map(|value: &axum::http::HeaderValue| value.as_bytes())
        };
        match value("sec-fetch-site") {
            Some(site) => site == b"same-origin",
            None => value("origin") == Some(self.text.as_bytes()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn without_default_port(authority: &str, is_https: bool) -> String {
    let authority = authority.to_ascii_lowercase();
    let default = if is_https { ":443" } else { ":80" };
    match authority.strip_suffix(default) {
        Some(host) => host.to_owned(),
        None => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_of_the_pages_is_a_host_with_tls_or_this_machine() {
        for (given, origin) in [
            ("https://Keys.example.com", "https://keys.example.com"),
            ("https://keys.example.com:443/", "https://keys.example.com"),
            (
                "https://keys.example.com:8443",
                "https://keys.example.com:8443",
            ),
            ("http://localhost:8070", "http://localhost:8070"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:8070", "http://[::1]:8070"),
        ] {
            assert_eq!(Origin::read(given).unwrap().text, origin);
        }
        for (given, problem) in [
            ("keys.example.com", "does not say `https://`"),
            ("/admin", "does not say `https://`"),
            ("", "is not an address"),
            ("https://keys.example.com/admin", "has a path"),
            ("https://keys.example.com?a", "has a path"),
            ("https://user@keys.example.com", "has a user"),
            ("ftp://keys.example.com", "neither"),
            ("http://keys.example.com", "everybody on the way"),
            ("http://localhost.example.com", "everybody on the way"),
            ("http://10.0.0.1", "everybody on the way"),
        ] {
            let error = Origin::read(given).unwrap_err().to_string();
            assert!(error.contains(problem) && error.contains(given), "{error}");
        }
    }
}
