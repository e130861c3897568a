use auth_api_key::controller;

struct Shop;

#[controller("/{tenant}/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(tenant: String) {
        let _ = tenant;
    }

    #[route("/stock")]
    async fn stock() {}
    //~^ 14
}

fn main() {}
