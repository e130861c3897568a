use auth_api_key::route;

#[route("/search?page", auth = "none")]
async fn my_service(page: Result<u32, String>) {
//~^ 27
    let _ = page;
}

fn main() {}
