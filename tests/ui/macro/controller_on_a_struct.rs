use auth_api_key::{Routes, controller, routes};

#[controller("/shop", auth = "api_key")]
struct Shop;
//~^ 8

fn main() {
    let _: Routes<()> = routes![Shop];
}
