use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn orders(page: Option<u32>) {
    //~^ 23
    let _ = page;
}

fn main() {
    let _: Routes<()> = routes![orders];
}
