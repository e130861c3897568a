//! The guide: a page for each task.
//!
//! | page | what it answers |
//! | --- | --- |
//! | [choosing] | When should I use this crate, and when a session, a JWT or a gateway? |
//! | [routes](mod@routes) | How do I mount and list routes, and put them together in controllers? |
//! | [keys] | How do I create, rotate and find keys, and where may their texts come from? |
//! | [groups] | Which keys may call which routes? |
//! | [command_line] | How do I manage keys without writing a program? |
//! | [pages] | How do operators manage keys in a browser? |
//! | [answers] | What does a caller get if the request is refused, and what do I see? |
//! | [testing] | How do I test my routes, and how do I make keys and move the clock in tests? |
//! | [openapi] | How do I describe the routes in an OpenAPI document? |
//! | [nodes] | How do several processes share keys, and how do I move and upgrade them? |
//! | [faults] | What happens when something fails, and how was it measured? |
//! | [trail] | Who changed which key, and when? |
//! | [lifetimes] | How long do keys live, and which of them expire soon or are not used? |
//! | [security] | How are keys kept, and what do I do before production? |
//! | [odoo] | How do I use the keys of Odoo? See also [coming from Odoo](crate::coming_from_odoo): what to write instead of Odoo's decorators |

#[doc = include_str!("choosing.md")]
pub mod choosing {}

#[doc = include_str!("routes.md")]
pub mod routes {}

#[doc = include_str!("keys.md")]
pub mod keys {}

#[doc = include_str!("groups.md")]
pub mod groups {}

#[doc = include_str!("command_line.md")]
pub mod command_line {}

#[doc = include_str!("pages.md")]
pub mod pages {}

#[doc = include_str!("answers.md")]
pub mod answers {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("openapi.md")]
pub mod openapi {}

#[doc = include_str!("nodes.md")]
pub mod nodes {}

#[doc = include_str!("faults.md")]
pub mod faults {}

#[doc = include_str!("trail.md")]
pub mod trail {}

#[doc = include_str!("lifetimes.md")]
pub mod lifetimes {}

#[doc = include_str!("security.md")]
pub mod security {}

#[doc = include_str!("odoo.md")]
pub mod odoo {}
