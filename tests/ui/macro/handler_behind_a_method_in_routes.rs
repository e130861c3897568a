use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn orders() {}

fn main() {
    let _: Routes<()> = routes![get => orders];
    //~^ 33
}
