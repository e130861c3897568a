use auth_api_key::{controller, route, route as http};

struct Shop;

#[controller(auth = "api_key")]
impl Shop {
    #[http("/orders", methods = ["GET"])]
    //~^ 5
    async fn orders(&self) {}
}

#[route("/health", auth = "none")]
async fn health() {}

fn main() {}
