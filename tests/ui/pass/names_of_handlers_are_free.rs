//! A handler's name is one of a function: whatever else is called so beside it, nothing is in its way.

#![deny(warnings)]
#![allow(clippy::let_and_return)]

use auth_api_key::{ApiKey, Authenticator, Routes, controller, route, routes};
use axum::{Router, routing::get};

#[route("/events?events", auth = "api_key")]
async fn events(events: Option<String>) -> String {
    let events = events.unwrap_or_default();
    events
}

/// A type, a field and a module of the name.
#[allow(non_camel_case_types)]
struct events {
    events: u8,
}

mod orders {
    use auth_api_key::route;

    #[route("/orders", auth = "api_key")]
    pub(crate) async fn orders() {}
}

use orders::orders;

#[route("/partner", auth = "none")]
async fn partner() {}

mod partner {
    pub(crate) const PARTNER: u8 = 1;
}

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/partner")]
    async fn partner() {}
}

fn greet(partner: &str, events: u8) -> String {
    let orders = |orders: u8| orders + events;
    match orders(1) {
        partner::PARTNER => "one".to_owned(),
        events if events > 9 => format!("{partner}: {events}"),
        orders => format!("{partner}: {orders}"),
    }
}

pub fn main() {
    let events { events } = events { events: 2 };
    assert_eq!(greet("partner", events), "partner: 3");
    for partner in ["a", "b"] {
        if let Some(orders) = Some(partner) {
            assert_eq!(orders, partner);
        }
    }

    let by_hand: Router<Authenticator> = Router::new().route("/events", get(self::events));
    let _ = by_hand.fallback(orders);
    let list: Routes<Authenticator> = routes![self::events, orders, partner, Shop];
    let partner = list.iter().count();
    assert_eq!(partner, 4);
}

#[allow(dead_code)]
fn in_a_function() -> Routes<Authenticator> {
    #[route("/stock", auth = "api_key")]
    async fn stock(key: ApiKey) -> String {
        key.name.clone()
    }

    let list = routes![stock];
    let stock = list;
    stock
}
