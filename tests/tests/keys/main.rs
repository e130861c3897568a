//! Keys: how they are kept in each store, changed on several nodes, verified, and not shown.

mod changed;
mod configparser;
mod created;
mod damaged;
mod environment;
mod faults;
mod files;
mod floods;
mod identity;
mod lists;
mod metered;
mod missing_peppers;
mod nodes;
mod observed;
mod opened;
mod peppers;
mod refused;
mod renewals;
mod restores;
mod schemas;
mod secrets;
mod servers;
mod settings;
mod streams;
mod time;
mod verification;
