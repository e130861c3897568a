use auth_api_key::{Routes, route, routes};

#[route("/my_service", auth = "none")]
async fn my_service() : String {
//~^ 23
    String::new()
}

fn main() {
    let _: Routes<()> = routes![my_service];
}
