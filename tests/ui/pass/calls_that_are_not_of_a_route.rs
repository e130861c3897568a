//! A controller's method may call what has the name of a route and is not one.

use auth_api_key::{Authenticator, Routes, controller, routes};
use axum::extract::FromRef;

#[derive(Clone)]
struct Book;

impl Book {
    fn orders(&self) -> u8 {
        1
    }
}

fn orders() -> u8 {
    2
}

#[derive(Clone)]
struct Shop {
    book: Book,
}

impl FromRef<Authenticator> for Shop {
    fn from_ref(_: &Authenticator) -> Self {
        Self { book: Book }
    }
}

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) -> String {
        trait Counted {
            fn orders(&self) -> u8;
            fn twice(&self) -> u8 {
                2 * self.orders()
            }
        }
        impl Counted for u8 {
            fn orders(&self) -> u8 {
                *self
            }
            fn twice(&self) -> u8 {
                self.orders() + self.orders()
            }
        }
        let all = self.book.orders() + orders() + 3_u8.twice() + self.count();
        all.to_string()
    }

    fn count(&self) -> u8 {
        Book::orders(&self.book)
    }
}

pub fn main() {
    let list: Routes<Authenticator> = routes![Shop];
    assert_eq!(list.iter().count(), 1);
}
