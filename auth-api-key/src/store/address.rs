//! The addresses of databases.

#[cfg(any(feature = "odoo", feature = "postgres"))]
use super::fault::DbError;
#[cfg(any(feature = "odoo", feature = "postgres"))]
use crate::error::OpenError;

/// What a database's address begins with, and nothing that may be a password: other addresses than
/// URLs have one anywhere.
pub(crate) fn scheme(url: &str) -> &str {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        true => scheme,
        false => "",
    }
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
