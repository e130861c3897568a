use auth_api_key::controller;

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    default async fn orders() {}
    //~^ 5
}

fn main() {}
