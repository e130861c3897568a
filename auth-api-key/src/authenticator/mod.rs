//! From a header to a decision, and what an owner of keys does with them.

mod builder;
mod cache;
mod caller;
mod expiring;
mod follow;
#[cfg(feature = "test")]
mod for_tests;
mod foreign;
mod groups;
mod header;
#[cfg(feature = "odoo")]
mod import;
mod keys;
mod likely;
mod lookups;
mod maintenance;
mod meter;
mod owner;
mod pending;
mod policy;
mod renew;
mod users;
mod uses;
mod verified;
mod verify;
mod watch;

#[cfg(feature = "odoo")]
#[doc(hidden)] // shown in the module `odoo` of the crate
pub use self::import::{Imported, SkipReason, Skipped};
pub(crate) use self::verify::Begun;
pub use self::{
    builder::Builder, follow::Ended, groups::Groups, keys::Keys, maintenance::Maintenance,
    policy::ArchivedUsers, users::Users, verify::Authenticator,
};
