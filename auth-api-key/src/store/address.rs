//! The addresses of databases.

#[cfg(any(feature = "odoo", feature = "postgres"))]
use super::error::DbError;
use crate::{
    error::OpenError,
    key::{is_invisible, without_mark},
};

/// The parameters of an address that sqlx knows.
#[cfg(any(feature = "odoo", feature = "postgres"))]
const PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// An address, trimmed, without a byte-order mark, with its scheme in lower case.
///
/// # Errors
///
/// [`OpenError::UnusableAddress`], which shows nothing of a password.
pub(crate) fn address(given: &str) -> Result<String, OpenError> {
    let url = without_mark(given).trim_ascii();
    let (scheme, rest) = (scheme(url).to_ascii_lowercase(), &url[scheme(url).len()..]);
    let unusable = |problem: String| OpenError::UnusableAddress {
        scheme: scheme.clone(),
        problem,
    };
    if let Some(character) = url.chars().find(|c| c.is_control() || is_invisible(*c)) {
        return Err(unusable(format!(
            "it holds the invisible character U+{:04X}; remove it, or percent-encode it",
            u32::from(character)
        )));
    }
    if matches!(scheme.as_str(), "postgres" | "postgresql") {
        let Some(rest) = rest.strip_prefix("://") else {
            return Err(unusable(format!("write `{scheme}://user@host/database`")));
        };
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // Such a character belongs to a password that is not percent-encoded. sqlx would take its pieces for
        // a host or a database, and show them.
        if authority.matches('@').count() > 1 || rest.contains(['@', '#']) {
            return Err(unusable(
                "percent-encode each `@`, `#`, `?` and `/` in the user's name and the password: \
                 write %40 for @, %23 for #, %3F for ? and %2F for /"
                    .to_owned(),
            ));
        }
    }
    Ok(format!("{scheme}{rest}"))
}

/// The scheme: all of an address that is safe to show. The rest may have a password anywhere.
pub(crate) fn scheme(url: &str) -> &str {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        true => scheme,
        false => "",
    }
}

/// The error for an address that no store takes.
pub(crate) fn unsupported(scheme: &str) -> OpenError {
    OpenError::UnsupportedDatabase {
        scheme: scheme.to_owned(),
        remedy: match scheme {
            "sqlite" => "enable the feature `sqlite` of auth-api-key",
            "postgres" | "postgresql" => "enable the feature `postgres` of auth-api-key",
            _ => "write \"sqlite:keys.db\" for a file, or \"postgres://user@host/database\"",
        },
    }
}

/// How to connect to the database at an address that [`address`] gave.
#[cfg(any(feature = "odoo", feature = "postgres"))]
pub(super) fn options(url: &str) -> Result<sqlx::postgres::PgConnectOptions, OpenError> {
    let found = scheme(url);
    if !["postgres", "postgresql"].contains(&found) {
        // sqlx would read it as one of PostgreSQL.
        return Err(OpenError::UnsupportedDatabase {
            scheme: found.to_owned(),
            remedy: "write \"postgres://user@host/database\"",
        });
    }
    let (place, parameters) = url.split_once('?').unwrap_or((url, ""));
    let is_known = |name: &str| PARAMETERS.contains(&name) || name.starts_with("options[");
    let begin = format!("{place}?");
    let length = begin.len();
    let mut known = form_urlencoded::Serializer::for_suffix(begin, length);
    let mut unknown = Vec::new();
    for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
        match is_known(&name) {
            true => {
                known.append_pair(&name, &value);
            }
            // sqlx would log it with its value, and it may be a `passwd`.
            false => unknown.push(name),
        }
    }
    if !unknown.is_empty() {
        // An `&` that is not percent-encoded ends a password, and its rest looks like a name.
        let names = match parameters.contains("password=") {
            true => "…".to_owned(),
            false => unknown.join(", "),
        };
        tracing::warn!("unknown parameters of the database's address are ignored: {names}");
    }
    let options = known.finish().parse();
    options.map_err(|error: sqlx::Error| OpenError::UnusableAddress {
        scheme: scheme(url).to_owned(),
        problem: format!(
            "{error}; write `postgres://user:password@host:port/database`, and percent-encode what \
             is neither a letter nor a digit in the user's name and the password"
        ),
    })
}

/// A database that cannot be connected to.
#[cfg(any(feature = "odoo", feature = "postgres"))]
pub(super) fn unopened(
    options: &sqlx::postgres::PgConnectOptions,
    error: sqlx::Error,
) -> OpenError {
    let (host, port) = (options.get_host(), options.get_port());
    let database = options.get_database().unwrap_or_default();
    OpenError::Unopened {
        path: format!("{host}:{port}/{database}"),
        error: DbError(error).into(),
    }
}

/// An address that leads to a database, without a password and other parameters.
#[cfg(feature = "postgres")]
pub(super) fn shown(options: &sqlx::postgres::PgConnectOptions) -> String {
    let (user, host) = (options.get_username(), options.get_host());
    let port = options.get_port().to_string();
    let database = options.get_database().unwrap_or(user);
    let is_plain = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    if [user, host, database].into_iter().all(is_plain) {
        return format!("postgres://{user}@{host}:{port}/{database}");
    }
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("host", host),
        ("port", &port),
        ("dbname", database),
        ("user", user),
    ] {
        parameters.append_pair(name, value);
    }
    format!("postgres:///?{}", parameters.finish())
}

/// Logs a warning if a connection leaves this machine and may not be encrypted.
#[cfg(any(feature = "odoo", feature = "postgres"))]
pub(super) fn report_plain_text(options: &sqlx::postgres::PgConnectOptions) {
    use sqlx::postgres::PgSslMode;

    let (host, mode) = (options.get_host(), options.get_ssl_mode());
    let may_fall_back = matches!(mode, PgSslMode::Allow | PgSslMode::Prefer);
    if may_fall_back && options.get_socket().is_none() && !host.starts_with('/') {
        tracing::info!(
            sslmode = ?mode,
            "the connection to {host} falls back to plain text where the server offers no TLS: add \
             `sslmode=verify-full` to the address, or `sslmode=disable` where that is meant"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_what_was_meant() {
        for (given, meant) in [
            ("Postgres://me@host/db", "postgres://me@host/db"),
            ("POSTGRESQL://host", "postgresql://host"),
            (
                "postgres://me:p%40ss@host/db\r\n",
                "postgres://me:p%40ss@host/db",
            ),
            (
                "postgres://host/db?user=me&password=a/b?c",
                "postgres://host/db?user=me&password=a/b?c",
            ),
            (
                "\u{feff}SQLite:Keys@1#2.db?mode=rw\n",
                "sqlite:Keys@1#2.db?mode=rw",
            ),
            ("swordfish@host", "swordfish@host"),
        ] {
            assert_eq!(address(given).unwrap(), meant);
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn unknown_parameters_are_ignored() {
        let url =
            "postgres://host/db?user=m%26e&sslmod=x&port=1&options[jit]=off&application_name=a+b";
        let options = options(url).unwrap();
        assert_eq!((options.get_username(), options.get_port()), ("m&e", 1));
        assert_eq!(options.get_application_name(), Some("a b"));
        assert_eq!(options.get_options(), Some("-c jit=off"));
    }

    #[test]
    fn password_to_percent_encode_is_not_shown() {
        for url in [
            "postgres://me:hunter@gouda@host/db",
            "postgres://me:hunter#gouda@host/db",
            "postgres://me:hunter?gouda@host/db",
            "postgres://me:hunter/gouda@host/db",
            "postgres://me:12/gouda@host/db",
            "postgres://me:12?gouda=hunter@host/db",
            "postgres://me:12#gouda@host/db",
            "Postgres://me:hunter@1/gouda@host/db",
            "postgres://host/db?user=me&password=hunter@gouda",
            "postgres://host/db?password=hunter#gouda",
        ] {
            let error = address(url).unwrap_err().to_string();
            assert!(error.contains("percent-encode"), "{error}");
            for piece in ["hunter", "gouda", "12", "me:"] {
                assert!(!error.contains(piece), "{error}");
            }
        }
    }

    #[test]
    fn character_that_cannot_be_seen_is_named() {
        for (url, character) in [
            ("postgres://me:hunter\u{200b}gouda@host/db", "U+200B"),
            ("postgres://me:huntergouda@host/db\u{a0}", "U+00A0"),
            ("postgres://me:hunter\ngouda@host/db", "U+000A"),
            ("sqlite:keys\u{feff}.db", "U+FEFF"),
        ] {
            let error = address(url).unwrap_err().to_string();
            assert!(
                error.contains(character) && !error.contains("gouda"),
                "{error}"
            );
        }
        address("postgres:me:huntergouda@host/db").unwrap_err();
    }
}
