use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Default for Shop {
    //~^ 6
    #[route("/orders")]
    fn default() -> Self {
        Self
    }
}

fn main() {
    let _: Shop = Default::default();
    let _: Routes<()> = routes![Shop];
}
