use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/a/{id}", auth = "api_key")]
async fn a(id i64) {}
//~^ 15

fn main() {
    let _: Routes<Authenticator> = routes![a];
}
