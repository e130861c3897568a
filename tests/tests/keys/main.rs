//! Keys: how they are kept in each store, changed on several nodes, verified, and not shown.

mod configparser;
mod environment;
mod faults;
mod floods;
mod lists;
mod metered;
mod nodes;
mod observed;
mod restores;
mod secrets;
mod settings;
mod stores;
mod streams;
mod verification;
