use auth_api_key::route;

#[route("/shop?page", auth = "none")]
async fn shop(page: u32 = 1) -> String {
    //~^ 10
    //~^^ 25
    format!("page {page}")
}

fn main() {
    let _ = shop;
}
