use auth_api_key::route;

struct Shop;

impl Shop {
    #[route("/orders", auth = "api_key")]
    async fn orders(&mut self) {}
    //~^ 21
}

fn main() {}
