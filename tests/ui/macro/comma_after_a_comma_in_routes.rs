use auth_api_key::{Routes, route, routes};

#[route("/other", auth = "none")]
async fn other() {}

#[route("/my_service", auth = "none")]
async fn my_service() {}

fn main() {
    let _: Routes<()> = routes![my_service,, other];
    //~^ 44
}
