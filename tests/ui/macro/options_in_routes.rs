use auth_api_key::{Routes, route, routes};

#[route("/health", auth = "none")]
async fn health() {}

fn main() {
    let _: Routes<()> = routes![health => "none"];
    //~^ 33
}
