use auth_api_key::{Routes, route, routes};

#[route("/shop?page", auth = "none")]
async fn shop(page: u32 = 1) -> String {
    //~^ 15
    //~^^ 25
    format!("page {page}")
}

fn main() {
    let _: Routes<()> = routes![shop];
}
