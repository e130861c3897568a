//! What `#[cfg]` takes out of a list is neither mounted, nor compared with the others, nor looked for.

#![deny(warnings)]
#![allow(clippy::non_minimal_cfg)]

use auth_api_key::{Routes, controller, route, routes};

#[route("/orders", auth = "none")]
async fn orders() {}

#[cfg(all())]
#[route("/debug", auth = "none")]
async fn debug() {}

#[cfg(not(all()))]
#[route("/debug", auth = "none")]
async fn debug_of_another_build() {}

#[route("/orders", auth = "none")]
async fn other_orders() {}

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

struct Of<T>(T);

#[controller("/of/bytes", auth = "none")]
impl Of<u8> {
    #[route("/first")]
    async fn first() {}

    #[route("/second")]
    async fn second() {}
}

macro_rules! listed {
    ($($(#[$condition:meta])* $name:path),*) => {
        routes![$($(#[$condition])* $name),*]
    };
}

fn handlers(list: Routes<()>) -> Vec<&'static str> {
    let last = |name: &'static str| name.rsplit("::").next().unwrap();
    list.iter().map(|route| last(route.handler)).collect()
}

pub fn main() {
    let of_one_path = routes![
        #[cfg(all())]
        debug,
        #[cfg(not(all()))]
        debug_of_another_build,
        #[cfg_attr(all(), cfg(any()))]
        other_orders,
        #[cfg_attr(any(), cfg(any()))]
        orders,
    ];
    assert_eq!(handlers(of_one_path), ["debug", "orders"]);

    let in_the_middle = routes![orders, #[cfg(all())] #[cfg(any())] other_orders, debug];
    assert_eq!(handlers(in_the_middle), ["orders", "debug"]);

    let controllers = routes![#[cfg(any())] Absent, #[cfg(all())] Shop, #[cfg(any())] Shop::absent];
    assert_eq!(handlers(controllers), ["orders"]);

    let by_a_macro = listed![orders, #[cfg(false)] self::absent, #[cfg(true)] #[cfg(all())] debug];
    assert_eq!(handlers(by_a_macro), ["orders", "debug"]);

    let empty = routes![#[cfg(any())] absent, #[cfg(any())] Absent];
    assert_eq!(handlers(empty).len(), 0);

    // As types are written, too.
    assert_eq!(handlers(routes![Of<u8>, <Shop>::orders]), ["first", "second", "orders"]);
    assert_eq!(handlers(routes![Of<u8>::first, <Of<u8>>::second]), ["first", "second"]);

    let _ = (Of(0).0, handlers(routes![other_orders]));
}
