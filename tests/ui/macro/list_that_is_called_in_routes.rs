use auth_api_key::{Routes, route, routes};

#[route("/my_service", auth = "none")]
async fn my_service() {}

mod shop {
    use super::*;

    #[route("/orders", auth = "none")]
    async fn orders() {}

    pub fn listed() -> Routes<()> {
        routes![orders]
    }
}

fn main() {
    let _: Routes<()> = routes![my_service, shop::listed()];
    //~^ 45
}
