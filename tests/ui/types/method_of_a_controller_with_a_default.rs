use auth_api_key::{Authenticator, Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders?page")]
    async fn orders(page: u32 = 1) {
        //~^ 21
        //~^^ 31
        let _ = page;
    }
}

fn main() {
    let _: Routes<Authenticator> = routes![Shop];
}
