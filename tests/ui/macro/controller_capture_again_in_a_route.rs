use auth_api_key::controller;

struct Shop;

#[controller("/shop/{id}", auth = "api_key")]
impl Shop {
    #[route("/orders/{id}")]
    //~^ 13
    async fn orders(id: u8) {
        let _ = id;
    }
}

fn main() {}
