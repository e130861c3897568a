use auth_api_key::controller;

struct Shop;

#[controller(concat!("/api", "/shop"), auth = "api_key")]
//~^ 14
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {}
}

fn main() {}
