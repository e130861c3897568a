use auth_api_key::{Authenticator, Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) -> String {
        "none yet".to_owned()
    }

    #[route("/dashboard")]
    async fn dashboard(&self) -> String {
        let orders = self.orders().await;
        //~^ 27
        format!("orders: {orders}")
    }
}

fn main() {
    let _: Routes<Authenticator> = routes![Shop];
}
