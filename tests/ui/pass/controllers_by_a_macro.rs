//! A `macro_rules!` may write a controller.

use auth_api_key::{Routes, controller, routes};

macro_rules! health_of {
    ($controller:ty, $path:literal, $answer:ty, $body:block) => {
        #[controller($path, auth = "none")]
        impl $controller {
            #[route("/health")]
            async fn health() -> $answer $body
        }
    };
}

struct Shop;
struct Stock<T>(T);
type Numbers = Stock<u8>;

health_of!(Shop, "/shop", &'static str, { "well" });
health_of!(self::Stock<u8>, "/stock", (), {});

pub fn main() {
    let list: Routes<()> = routes![Shop, Numbers];
    assert_eq!(list.iter().count(), 2);
}
