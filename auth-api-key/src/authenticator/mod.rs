//! From a header to a decision, and what an owner of keys does with them.

mod builder;
mod by_hand;
mod cache;
mod caller_address;
mod expiring;
#[cfg(feature = "test")]
mod for_tests;
mod groups;
mod header;
#[cfg(feature = "odoo")]
mod import_odoo;
mod keep_current;
mod keys;
mod likely;
mod lookup_queue;
mod maintenance;
mod metrics;
mod missing_peppers;
mod owner;
mod pending;
mod pepper_checks;
mod policy;
mod refresh;
mod until_refused;
mod users;
mod uses;
mod verified;
mod verify;

#[cfg(feature = "odoo")]
#[doc(hidden)] // shown in the module `odoo` of the crate
pub use self::import_odoo::{Imported, SkipReason, Skipped};
pub(crate) use self::verify::EarlyDecision;
pub use self::{
    builder::{Builder, Connect},
    groups::Groups,
    keys::Keys,
    maintenance::Maintenance,
    policy::ArchivedUsers,
    until_refused::Ended,
    users::Users,
    verify::Authenticator,
};
