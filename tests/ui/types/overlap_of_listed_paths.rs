use auth_api_key::{Routes, route, routes};

#[route(["/stock", "/warehouse"], auth = "none")]
async fn stock() {}

#[route(["/shelf", "/warehouse"], auth = "none")]
async fn shelf() {}

fn main() {
    let _: Routes<()> = routes![stock, shelf];
    //~^ 40
}
