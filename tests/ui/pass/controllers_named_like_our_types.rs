//! What the expansion calls its own types, controllers may be called, too.

#![allow(clippy::upper_case_acronyms)]

use auth_api_key::{Routes, controller, routes};

macro_rules! controllers {
    ($($name:ident $path:literal,)*) => {
        $(
            struct $name;

            #[controller($path, auth = "none")]
            impl $name {
                #[route("/")]
                async fn handler() {}
            }
        )*

        pub fn main() {
            let list: Routes<()> = routes![$($name),*];
            assert_eq!(list.iter().count(), 16);
        }
    };
}

controllers! {
    S "/s",
    M "/m",
    LENGTH "/length",
    NAMES "/names",
    ROUTES "/routes",
    Answer "/answer",
    Controller "/controller",
    Handler "/handler",
    ListCheck "/list_check",
    List "/list",
    Method "/method",
    Pass "/pass",
    Route "/route",
    RouteInfo "/route_info",
    Stub "/stub",
    r#Type "/type",
}
