//! Where keys are kept: what verification asks of a store ([`Lookup`]), what an owner asks of it
//! ([`KeyStore`]), and the stores that come with the crate.

mod address;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod connections;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod copy;
#[cfg(feature = "environment")]
mod environment;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "odoo"))]
mod error;
#[cfg(feature = "postgres")]
mod grants;
mod key_store;
mod lookup;
mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migrations;
#[cfg(feature = "odoo")]
mod odoo;
#[cfg(feature = "admin")]
mod operator_session;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

pub(crate) use self::address::{address, scheme, unsupported};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[doc(hidden)] // for the command line
pub use self::copy::{CopyError, CopyProgress, copy};
#[cfg(feature = "environment")]
pub use self::environment::EnvironmentKeys;
#[cfg(feature = "environment")]
pub(crate) use self::environment::Overlay;
#[cfg(feature = "odoo")]
#[doc(hidden)] // shown in the module `odoo` of the crate
pub use self::odoo::OdooStore;
#[cfg(feature = "admin")]
pub(crate) use self::operator_session::MemorySessions;
#[cfg(feature = "admin")]
pub use self::operator_session::{NewSession, SessionStore};
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
pub use self::{
    key_store::{Change, ChangesByHand, KeyStore, Renewal, Stored},
    lookup::{Changed, Lookup, News, PepperCheck, StoredDigest, UnfinishedCopy, Watch},
    memory::MemoryStore,
};

/// How many look-ups a store makes at a time unless this is set.
pub(crate) const CONNECTIONS: u32 = 4;
