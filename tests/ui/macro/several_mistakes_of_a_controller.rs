use auth_api_key::{ApiKey, Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none", methods = ["GTE"])]
//~^ 49
impl Shop {
    #[route("/orders/")]
    async fn orders(&mut self) {}
    //~^ 21

    #[route("stock", auth = "public")]
    //~^ 13
    async fn stock(key: ApiKey) {
        //~^ 25
        let _ = key;
    }
}

fn main() {
    let _: Routes<()> = routes![Shop];
}
