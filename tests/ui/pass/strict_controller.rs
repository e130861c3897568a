//! A controller in a crate that denies all that can be denied.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused)]
#![deny(clippy::pedantic, non_local_definitions, private_bounds, private_interfaces)]
#![forbid(unused_mut, unused_variables)]
#![no_implicit_prelude]

use ::auth_api_key::{ApiKey, controller, routes};

/// A shop.
#[derive(Clone, Debug)]
pub struct Shop(u8);

impl ::axum::extract::FromRef<::auth_api_key::Authenticator> for Shop {
    fn from_ref(_: &::auth_api_key::Authenticator) -> Self {
        Self(1)
    }
}

/// Numbers, so many of them.
#[derive(Debug)]
pub struct Ids<const N: usize>(pub [u8; N]);

/// Its routes.
#[controller("/shop/{id}", auth = "api_key", groups = [Self::GROUP])]
impl Shop {
    /// Who may enter.
    const GROUP: &'static str = "shop";

    /// Its orders.
    #[route("/orders?page")]
    #[must_use]
    pub async fn orders(
        &self,
        key: ApiKey,
        id: u8,
        page: ::std::option::Option<u8>,
        ::axum::extract::State(shop): ::axum::extract::State<Self>,
    ) -> impl ::axum::response::IntoResponse {
        let _ = (key, id, page, shop, self.0);
    }

    #[deprecated]
    #[route("/old", auth = "none")]
    async fn r#type(id: u8) -> ::std::string::String {
        ::std::string::ToString::to_string(&id)
    }

    #[route("/absent", methods = ["GET"])]
    #[cfg(any())]
    pub(crate) async fn absent(id: ATypeThatDoesNotExist) {}

    /// Is no route.
    #[must_use]
    pub const fn plain<const N: usize>(&self) -> Ids<{ 1 + 1 }> {
        Ids([self.0; 2])
    }
}

/// The list of them.
///
/// # Panics
///
/// If one is missing.
pub fn main() {
    #[derive(Clone, Debug)]
    struct Desk;

    #[controller(auth = "none")]
    impl Desk {
        #[route("/desk")]
        async fn desk() {}
    }

    let routes: ::auth_api_key::Routes<::auth_api_key::Authenticator> = routes![Shop, Desk];
    ::std::assert_eq!(::std::iter::ExactSizeIterator::len(&routes.iter()), 3);
    let _ = (Desk, Shop(1).plain::<0>());
}
