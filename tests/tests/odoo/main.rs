//! Keys that an Odoo keeps, and answers as Odoo gives them.

mod demo;
mod restored;
mod stored;
