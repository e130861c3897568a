use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders/{id}")]
    async fn orders(id: i64) -> i64 {
        id
    }

    async fn first(&self) -> i64 {
        if true { Self::orders(1).await } else { 0 }
        //~^ 25
    }
}

fn main() {}
