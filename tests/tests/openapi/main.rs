//! OpenAPI documents: what is said of each kind of route, and that it is true of running servers.

mod kinds;
mod odoo;
mod page;
mod tools;
