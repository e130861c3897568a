use auth_api_key::{Routes, route, routes};

mod shop {
    use auth_api_key::{Routes, route, routes};

    #[route("/orders", auth = "none")]
    pub async fn orders() {}

    #[route("/users", auth = "none")]
    pub async fn users() {}

    pub fn routes() -> Routes<()> {
        routes![orders, users]
    }
}

#[route("/health", auth = "none")]
async fn health() {}

fn main() {
    let _ = shop::routes();
    let _: Routes<()> = routes![health, routes![shop::orders]];
    //~^ 41
}
