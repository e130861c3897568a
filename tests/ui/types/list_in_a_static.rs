use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/a", auth = "api_key")]
async fn a() {}

#[route("/b", auth = "api_key")]
async fn b() {}

static ALL: Routes<Authenticator> = routes![a, b];
//~^ 37

fn main() {
    let _ = &ALL;
}
