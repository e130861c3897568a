//! The commands: a file for each, or for a family, with its arguments and what it does.

#[cfg(feature = "admin")]
pub(crate) mod admin;
pub(crate) mod archive;
pub(crate) mod completions;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) mod copy;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod group;
pub(crate) mod import;
#[cfg(feature = "odoo")]
pub(crate) mod import_odoo;
pub(crate) mod list;
pub(crate) mod migrate;
pub(crate) mod neutralize;
pub(crate) mod rotate;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod trail;
pub(crate) mod update;
pub(crate) mod user;
pub(crate) mod verify;
