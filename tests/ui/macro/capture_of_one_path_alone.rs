use auth_api_key::route;

#[route(["/shop", "/shop/page/{page}"], auth = "api_key")]
async fn shop(page: u32) -> String {
    //~^ 21
    format!("page {page}")
}

fn main() {}
