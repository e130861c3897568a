use auth_api_key::{ApiKey, Routes, route, routes};

#[route("/orders", auth = "api_key", methods = ["GET", "POST"])]
async fn orders(key: ApiKey) -> String {
    key.user.clone()
}

mod shop {
    use auth_api_key::route;

    #[route("/orders", auth = "none", methods = ["PUT", "POST"])]
    pub async fn order() {}
}

fn main() {
    let _: Routes<auth_api_key::Authenticator> = routes![orders, shop::order];
    //~^ 72
}
