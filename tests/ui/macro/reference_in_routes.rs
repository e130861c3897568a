use auth_api_key::{Routes, route, routes};

#[route("/my_service", auth = "none")]
async fn my_service() {}

fn main() {
    let _: Routes<()> = routes![&my_service];
    //~^ 33
}
