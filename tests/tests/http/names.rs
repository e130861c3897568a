//! In tests the name of a handler is also a type, for `unguarded`. The name can still be used for other
//! things.

use auth_api_key::{ApiKey, Authenticator, Routes, key::KeyRecord, route, routes};

/// A module with the same name as a handler in it, which is imported next to the module.
mod orders {
    use auth_api_key::{ApiKey, route};

    #[route("/orders", auth = "api_key")]
    pub(super) async fn orders(key: ApiKey) -> String {
        format!("orders of {}", key.name)
    }

    #[route("/lines", auth = "none")]
    pub(super) async fn lines() -> &'static str {
        lines::TEXT
    }

    mod lines {
        pub(super) const TEXT: &str = "lines";
    }

    mod tests {
        use super::*;

        #[tokio::test]
        async fn unguarded_is_found_in_a_module_below() {
            let orders = orders::unguarded(crate::names::key());
            assert_eq!(orders.await, "orders of ours");
        }
    }
}

use orders::{lines, orders};

#[route("/events?events", auth = "api_key")]
async fn events(_: ApiKey, events: Option<String>) -> String {
    match events {
        Some(events) if !events.is_empty() => events,
        events => events.map_or("none".to_owned(), |_| "empty".to_owned()),
    }
}

fn key() -> ApiKey {
    ApiKey::unverified(KeyRecord::new(1, "ours", "user"))
}

mod tests {
    use super::*;

    #[tokio::test]
    async fn unguarded_is_found_by_a_glob_and_the_name_stays_free() {
        assert_eq!(events::unguarded(key(), None).await, "none");
        let events = 3;
        let orders = |orders: u8| match orders {
            events @ 4.. => events,
            orders => orders + events,
        };
        assert_eq!((orders(1), orders(4)), (4, 4));
    }
}

#[test]
fn handlers_named_like_modules_are_in_the_list() {
    let list: Routes<Authenticator> = routes![orders, lines, events];
    let handlers: Vec<_> = list.iter().map(|route| route.handler).collect();
    let names = ["orders::orders", "orders::lines", "events"];
    assert_eq!(handlers, names.map(|name| format!("http::names::{name}")));
}

#[tokio::test]
async fn handler_inside_a_function_has_unguarded() {
    #[route("/inside", auth = "api_key")]
    async fn inside(inside: ApiKey) -> String {
        inside.name.clone()
    }

    let list: Routes<Authenticator> = routes![inside];
    assert_eq!(list.iter().count(), 1);
    assert_eq!(inside::unguarded(key()).await, "ours");
    let inside = 1;
    assert_eq!(inside, 1);
}
