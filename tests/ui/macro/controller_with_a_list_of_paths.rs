use auth_api_key::controller;

struct Shop;

#[controller(["/shop/{id}", "/store/{id}"], auth = "api_key")]
//~^ 14
impl Shop {
    #[route("/orders")]
    async fn orders(id: u8) {
        let _ = id;
    }
}

fn main() {}
