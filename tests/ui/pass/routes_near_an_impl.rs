//! Whether a route is in an `impl` is known by the source text. These are not, whatever the text looks like.

#![deny(warnings)]

use std::convert::Infallible;

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};

struct Shop;

impl Shop {
    #[inline]
    fn of_a_function() -> Routes<Authenticator> {
        // A brace that ends nothing: }
        #[route("/of_a_function", auth = "api_key")]
        async fn of_a_function() {}

        routes![of_a_function]
    }

    #[rustfmt::skip]
    /* impl Shop { */ fn behind_a_comment() -> Routes<Authenticator> { #[route("/behind_a_comment", auth = "api_key")] async fn behind_a_comment() {} routes![behind_a_comment] }

    const OF_A_CONSTANT: fn() -> Routes<Authenticator> = {
        #[route("/of_a_constant", auth = "api_key")]
        async fn of_a_constant() {}

        || routes![of_a_constant]
    };
}

mod below_a_text {
    use auth_api_key::route;

    pub(super) const TEXT: &str = r#"
impl Shop {
    "{"#;

    #[route("/below_a_text", auth = "api_key")]
    pub(super) async fn below_a_text() -> &'static str {
        TEXT
    }
}

#[doc(alias("the impl of a shop"))]
mod below_an_attribute {
    use auth_api_key::{Authenticator, Routes, route, routes};

    pub(super) fn listed(_: [u8; 32], _: impl Send) -> Routes<Authenticator> {
        #[route("/below_an_attribute", auth = "api_key")]
        async fn below_an_attribute() {}

        routes![below_an_attribute]
    }

    #[route("/tiles,type=png", auth = "api_key")]
    pub(super) async fn tiles() {}
}

/// A type of the name of an extractor, and a pattern of it.
mod own_types {
    use std::convert::Infallible;

    use auth_api_key::{Authenticator, Routes, controller, route, routes};
    use axum::{extract::FromRequestParts, http::request::Parts};

    struct Json(u8);

    impl<S: Sync> FromRequestParts<S> for Json {
        type Rejection = Infallible;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
            Ok(Self(1))
        }
    }

    mod model {
        #[derive(Clone)]
        pub(super) struct Order;
    }

    type Order = axum::Extension<model::Order>;

    #[route("/own_json", auth = "api_key")]
    async fn own_json(Json(number): Json) -> String {
        number.to_string()
    }

    #[route("/alias", auth = "api_key")]
    async fn alias(axum::Extension(order): Order) {
        let model::Order = order;
    }

    struct Shop;

    #[cfg(any())]
    #[controller("/shop", auth = "api_key")]
    impl Shop {
        #[route("/orders")]
        async fn orders() {}
    }

    #[cfg(not(any()))]
    #[controller("/shop", auth = "api_key")]
    impl Shop {
        #[route("/orders")]
        async fn orders() {}
    }

    pub(super) fn listed() -> Routes<Authenticator> {
        let Shop = Shop;
        routes![own_json, alias, Shop]
    }
}

macro_rules! by_a_macro {
    ($name:ident, $path:literal) => {
        #[route($path, auth = "api_key")]
        async fn $name() {}
    };
}

by_a_macro!(made, "/made");

/// An extractor that has the name of a query parameter, and reads it itself.
struct Lang;

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[route("/own?lang", auth = "api_key")]
async fn own(lang: Lang, Query(all): Query<Vec<(String, String)>>) -> String {
    let Lang = lang;
    all.len().to_string()
}

pub fn main() {
    use below_a_text::below_a_text;

    let Shop = Shop;
    let all = [
        Shop::of_a_function(),
        Shop::behind_a_comment(),
        (Shop::OF_A_CONSTANT)(),
        below_an_attribute::listed([0; 32], ()),
        routes![below_an_attribute::tiles],
        own_types::listed(),
        routes![below_a_text, made, own],
    ];
    let routes = all.iter().map(|routes| routes.iter().count());
    assert_eq!(routes.sum::<usize>(), 11);
}
