use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/a/{id}", auth = "api_key", methods = ['GET'])]
//~^ 49
async fn a(id: i64) {
    let _ = id;
}

fn main() {
    let _: Routes<Authenticator> = routes![a];
}
