use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn main() {
    let _: Routes<Authenticator> = routes!["/api", orders];
    //~^ 44
}
