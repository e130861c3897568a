use auth_api_key::route;

#[route("/search?page&**kw", auth = "none")]
//~^ 9
async fn my_service(page: u32) {
    let _ = page;
}

fn main() {}
