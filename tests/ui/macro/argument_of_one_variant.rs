use auth_api_key::{Routes, route, routes};

#[route("/orders?page", auth = "none")]
async fn orders(Some(page): Option<u32>) -> String {
    //~^ 17
    let next: u32 = page + 1;
    next.to_string()
}

fn main() {
    let _: Routes<()> = routes![orders];
}
