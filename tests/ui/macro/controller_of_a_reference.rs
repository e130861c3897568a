use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl (Shop,) {
    //~^ 6
    #[route("/orders")]
    async fn orders(&self) {}
}

fn main() {}
