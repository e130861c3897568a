use auth_api_key::{Routes, routes};

struct Shop;

fn main() {
    let _: Routes<()> = routes![Shop];
    //~^ 33
}
