use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/a?type", auth = "api_key")]
async fn a(type: String) {}
//~^ 12

fn main() {
    let _: Routes<Authenticator> = routes![a];
}
