//! Keys: how they are kept in each store, changed on several nodes, verified, and not shown.

mod changed;
mod configparser;
mod created;
mod environment;
mod faults;
mod files;
mod floods;
mod lists;
mod metered;
mod nodes;
mod observed;
mod peppers;
mod restores;
mod secrets;
mod servers;
mod settings;
mod streams;
mod time;
mod verification;
